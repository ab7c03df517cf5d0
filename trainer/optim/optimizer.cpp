#include "trainer/optim/optimizer.h"

#include <cmath>
#include <iterator>

#include "trainer/base/check.h"
#include "trainer/base/name_list.h"
#include "trainer/optim/arena_pass.h"

namespace fl {
namespace {

struct Optimizer {
  OptimizerInfo info;
  void (*update)(const ArenaArrays&, std::size_t begin, std::size_t end, const StepF&, SquareSum&);
};

// In OptimizerKind's order.
constexpr Optimizer kOptimizers[] = {
#define FL_OPTIMIZER(kind_, kernel, name, label, rates, decoupled, ...) \
  {{name,                                                               \
    label,                                                              \
    kernels::state_arrays(kernels::kernel<float>),                      \
    decoupled,                                                          \
    &SurfaceRates::rates,                                               \
    {.kind = OptimizerKind::kind_, __VA_ARGS__}},                       \
   update_arena<kernels::kernel<float>>},
    FL_OPTIMIZERS(FL_OPTIMIZER)
#undef FL_OPTIMIZER
};

const Optimizer& find(OptimizerKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  FL_CHECK(index < std::size(kOptimizers));
  return kOptimizers[index];
}

// Update number `t`, from 1. Everything that cancels (1 - beta^t, 1 - rate * decay) is formed in double.
StepF step_constants(const OptimizerSpec& spec, double rate, std::int64_t t) {
  const auto f = [](double value) { return static_cast<float>(value); };
  const auto correction = [t](double beta) { return 1.0 / (1.0 - std::pow(beta, static_cast<double>(t))); };
  return {.rate = f(rate),
          .beta1 = f(spec.beta1),
          .beta2 = f(spec.beta2),
          .share1 = f(1.0 - spec.beta1),
          .share2 = f(1.0 - spec.beta2),
          .correction1 = f(correction(spec.beta1)),
          .correction2 = f(correction(spec.beta2)),
          .nu1 = f(spec.nu1),
          .nu2 = f(spec.nu2),
          .rest1 = f(1.0 - spec.nu1),
          .rest2 = f(1.0 - spec.nu2),
          .epsilon = f(spec.epsilon),
          .l2 = 0,
          .kept = 1};
}

}  // namespace

const OptimizerInfo& optimizer_info(OptimizerKind kind) {
  return find(kind).info;
}

const char* optimizer_name(OptimizerKind kind) {
  return optimizer_info(kind).name;
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Optimizer& optimizer : kOptimizers) all.emplace_back(optimizer.info.name);
    return all;
  }();
  return names;
}

Result<OptimizerKind> optimizer_by_name(const std::string& name) {
  for (const Optimizer& optimizer : kOptimizers)
    if (name == optimizer.info.name) return optimizer.info.defaults.kind;
  return error("There is no optimizer called \"{}\"; the choices are {}.", name,
               name_list(optimizer_names()));
}

OptimizerSpec with_kind(const OptimizerSpec& spec, OptimizerKind kind) {
  const OptimizerSpec& old = optimizer_info(spec.kind).defaults;
  OptimizerSpec result = optimizer_info(kind).defaults;
  for (const OptimizerNumber& number : kOptimizerNumbers)
    if (spec.*number.value != old.*number.value) result.*number.value = spec.*number.value;
  return result;
}

bool optimizer_reads(OptimizerKind kind, double OptimizerSpec::*number) {
  // One weight's way by a few gradients, with numbers of which none cancels another.
  const auto end_with = [&](double value) {
    OptimizerSpec spec{.kind = kind,
                       .beta1 = 0.5,
                       .beta2 = 0.6,
                       .epsilon = 0.1,
                       .nu1 = 0.4,
                       .nu2 = 0.3,
                       .weight_decay = 0.2};
    spec.*number = value;
    OptimizerState state;
    state.reset(spec, 1, {{.begin = 0, .end = 1}});
    float weight = 1;
    for (const float gradient : {1.0f, -0.3f, 2.0f})
      optimizer_step(spec, 0.1, state, {&gradient, 1}, {&weight, 1});
    return weight;
  };
  return end_with(0.25) != end_with(0.75);
}

void OptimizerState::reset(const OptimizerSpec& spec, std::size_t floats, std::vector<ArenaRange> special) {
  std::size_t at = 0;
  for (const ArenaRange& range : special) {
    FL_CHECK(range.begin >= at && range.end >= range.begin && range.end <= floats);
    at = range.end;
  }
  ranges = std::move(special);
  arrays.resize(static_cast<std::size_t>(optimizer_info(spec.kind).state_arrays));
  for (std::vector<float>& array : arrays) array.assign(floats, 0.0f);
  steps = 0;
}

OptimizerConstants optimizer_constants(const OptimizerSpec& spec, double rate, std::int64_t t) {
  const StepF plain = step_constants(spec, rate, t);
  StepF decaying = plain;
  if (find(spec.kind).info.decoupled_decay)
    decaying.kept = static_cast<float>(1.0 - rate * spec.weight_decay);
  else
    decaying.l2 = static_cast<float>(spec.weight_decay);
  return {plain, decaying};
}

double optimizer_step(const OptimizerSpec& spec, double rate, OptimizerState& state,
                      std::span<const float> gradients, std::span<float> params) {
  const Optimizer& optimizer = find(spec.kind);
  FL_CHECK(gradients.size() == params.size());
  FL_CHECK(state.arrays.size() == static_cast<std::size_t>(optimizer.info.state_arrays));
  for (const std::vector<float>& array : state.arrays) FL_CHECK(array.size() == params.size());
  const ArenaArrays arrays{.params = params.data(),
                           .gradients = gradients.data(),
                           .first = state.arrays.empty() ? nullptr : state.arrays[0].data(),
                           .second = state.arrays.size() < 2 ? nullptr : state.arrays[1].data()};
  ++state.steps;
  const OptimizerConstants usual = optimizer_constants(spec, rate, state.steps);
  OptimizerConstants own = usual;
  double own_factor = 1;
  SquareSum sum;
  std::size_t at = 0;
  for (const ArenaRange& range : state.ranges) {
    if (range.rate_factor == 1 && (spec.weight_decay == 0 || !range.decays)) continue;
    if (range.rate_factor != own_factor)
      own = optimizer_constants(spec, rate * range.rate_factor, state.steps);
    own_factor = range.rate_factor;
    optimizer.update(arrays, at, range.begin, usual.plain, sum);
    optimizer.update(arrays, range.begin, range.end, own.of(range.decays), sum);
    at = range.end;
  }
  optimizer.update(arrays, at, params.size(), usual.plain, sum);
  return std::sqrt(sum.total());
}

double euclidean_norm(std::span<const float> v) {
  SquareSum sum;
  sum.add(v);
  return std::sqrt(sum.total());
}

}  // namespace fl

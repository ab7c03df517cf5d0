#include "trainer/subjects/curvature/curvature_work.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "trainer/optim/schedule.h"

namespace fl {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

LossAt loss_at(const CurvatureMoment& moment, const CurvatureProbe& probe) {
  return {moment.params, moment.statistics, probe.images, probe.labels};
}

}  // namespace

CurvatureProbe CurvatureProbe::of(Training& training, std::span<const std::int32_t> from, std::size_t count) {
  Program& program = training.program();
  const std::size_t floats = program.spec().input.floats();
  const int input[] = {NetSpec::kImage};
  CurvatureProbe probe;
  probe.labels.resize(std::min(count, from.size()));
  probe.images.resize(probe.labels.size() * floats);
  for (std::size_t i = 0; i < probe.labels.size(); ++i) {
    const std::int32_t image = from[i * from.size() / probe.labels.size()];
    probe.labels[i] = training.data().labels[static_cast<std::size_t>(image)];
    program.activations(image, input, std::span(probe.images).subspan(i * floats, floats));
  }
  return probe;
}

CurvatureProbe CurvatureProbe::every(std::size_t first, std::size_t step) const {
  CurvatureProbe some;
  const std::size_t floats = images.size() / labels.size();
  for (std::size_t i = first; i < labels.size(); i += step) {
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(i * floats);
    some.images.insert(some.images.end(), begin, begin + static_cast<std::ptrdiff_t>(floats));
    some.labels.push_back(labels[i]);
  }
  return some;
}

CurvatureMoment CurvatureMoment::of(const Training& training) {
  const Program& program = training.program();
  const RunSpec& run = training.spec();
  CurvatureMoment moment{
      .step = training.steps(),
      .rate = scheduled_rate(run.schedule, training.rate(),
                             {training.steps(), training.total_steps(), training.steps_per_epoch()}),
      .optimizer = run.optimizer,
      .params = std::vector<float>(program.layout().all_floats),
      .statistics = std::vector<float>(program.layout().statistic_floats)};
  program.read_params(moment.params);
  program.read_statistics(moment.statistics);
  const auto limit = stability_limit(moment.optimizer, 1);
  if (!limit || !limit->preconditioned) return moment;
  const ProgramState state = program.save_state();
  moment.root = preconditioner(run.optimizer, state.optimizer_arrays, state.optimizer_steps);
  for (double& value : moment.root) value = 1 / std::sqrt(value);
  return moment;
}

CurvatureRecord MeasuredCurvature::record() const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {.step = step,
          .largest = values.front(),
          .batch_sharpness = batch_sharpness,
          .sharpness = sharpness.value_or(kNone),
          .limit = limit ? limit->sharpness : kNone};
}

std::vector<std::uint8_t> trained_places(const ParamLayout& layout) {
  std::vector<std::uint8_t> mask(layout.floats);
  for (const ParamTensor& tensor : layout.tensors)
    if (!tensor.frozen)
      std::fill_n(mask.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count, std::uint8_t{1});
  return mask;
}

CurvatureWork::CurvatureWork(const NetSpec& network, const CurvatureProbe& probe, CurvatureMoment moment,
                             int batch_size, const CurvatureSpec& spec)
    : network_(network),
      probe_(probe),
      moment_(std::move(moment)),
      batch_size_(static_cast<std::size_t>(batch_size)),
      options_{.values = spec.values, .tolerance = spec.tolerance, .most = spec.products},
      hessian_(network, fast_multiply, loss_at(moment_, probe)),
      mask_(trained_places(ParamLayout::of(network))),
      lanczos_(mask_, options_),
      product_(hessian_.size()),
      scratch_(hessian_.size()) {
  found_.step = moment_.step;
  found_.images = probe.labels.size();
  found_.limit = stability_limit(moment_.optimizer, moment_.rate);
}

bool CurvatureWork::step() {
  switch (stage_) {
    case Stage::kGradient:
      take_gradient();
      return true;
    case Stage::kLargest:
      take_largest();
      return true;
    case Stage::kBatches:
      take_batch();
      return true;
    case Stage::kDivided:
      take_divided();
      return true;
    case Stage::kDone:
      break;
  }
  return false;
}

void CurvatureWork::fail() {
  failed_ = true;
  stage_ = Stage::kDone;
}

void CurvatureWork::take_gradient() {
  Vector gradient(hessian_.size());
  found_.loss = hessian_.multiply(Vector(hessian_.size()), product_, gradient);
  found_.gradient_norm = std::sqrt(dot(gradient, gradient));
  stage_ = Stage::kLargest;
  if (!std::isfinite(found_.loss) || !std::isfinite(found_.gradient_norm)) fail();
}

void CurvatureWork::take_largest() {
  hessian_.multiply(lanczos_.direction(), product_);
  lanczos_.take(product_);
  if (!lanczos_.done()) return;
  if (lanczos_.failed()) return fail();
  found_.values = lanczos_.largest().values;
  found_.error = lanczos_.largest().error;
  stage_ = Stage::kBatches;
}

std::size_t CurvatureWork::batches() const {
  return std::max<std::size_t>(1, probe_.labels.size() / batch_size_);
}

void CurvatureWork::take_batch() {
  const CurvatureProbe batch = probe_.every(batch_, batches());
  Hessian<float> hessian(network_, fast_multiply, loss_at(moment_, batch));
  Vector gradient(hessian.size());
  hessian.multiply(Vector(hessian.size()), product_, gradient);
  hessian.multiply(gradient, product_);
  batches_sum_ += dot(gradient, product_) / dot(gradient, gradient);
  if (++batch_ < batches()) return;
  found_.batch_sharpness = batches_sum_ / static_cast<double>(batches());
  const bool divided = found_.limit && found_.limit->preconditioned;
  if (!divided) found_.sharpness = found_.values.front();
  stage_ = divided && !moment_.root.empty() ? Stage::kDivided : Stage::kDone;
  if (stage_ == Stage::kDone) return;
  options_.values = 1;
  lanczos_ = Lanczos(mask_, options_);
}

// As sharp as P^-1 H, and symmetric: P^-1/2 H P^-1/2.
void CurvatureWork::take_divided() {
  std::ranges::transform(lanczos_.direction(), moment_.root, scratch_.begin(), std::multiplies<>());
  hessian_.multiply(scratch_, product_);
  std::ranges::transform(product_, moment_.root, product_.begin(), std::multiplies<>());
  lanczos_.take(product_);
  if (!lanczos_.done()) return;
  if (lanczos_.failed()) return fail();
  found_.sharpness = lanczos_.largest().values.front();
  stage_ = Stage::kDone;
}

}  // namespace fl

#include "trainer/compute/cpu/cpu_program.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/compute/cpu/gather.h"
#include "trainer/compute/kernels/arena_kernels.h"
#include "trainer/compute/kernels/softmax_kernels.h"
#include "trainer/optim/parameter_ranges.h"

namespace fl {
namespace {

// Images that a thread evaluates at a time, always as many, the rest of the last chunk being whatever it was:
// oneDNN rounds otherwise for another batch size, and an image is to be judged alike whoever is with it.
// Enough for the weights to be worth fetching, few enough for the activations of ct-small (half a megabyte an
// image) to stay near the core.
constexpr std::size_t kEvaluationChunk = 13;

// At most so many at once: each needs the memory of a chunk, and a live run asks for no more chunks at a
// time.
constexpr std::size_t kMostEvaluators = 16;

void check_images(std::span<const std::int32_t> images, std::size_t count) {
  FL_CHECK(!images.empty());
  for (const std::int32_t image : images) FL_CHECK(static_cast<std::size_t>(image) < count);
}

}  // namespace

CpuProgram::CpuProgram(std::shared_ptr<CpuNetwork> network, CpuTeam team, std::span<float> params)
    : network_(std::move(network)),
      spec_(network_->spec),
      layout_(network_->layout),
      threads_(team.threads),
      shares_(static_cast<std::size_t>(team.shares)),
      targets_(spec_),
      own_params_(params.empty() ? layout_.all_floats : 0),
      params_(params.empty() ? std::span(own_params_) : params),
      gradients_(layout_.floats),
      statistics_(layout_.statistic_floats),
      batch_statistics_(std::ranges::any_of(
          spec_.layers,
          [](const LayerSpec& layer) { return layer.kind == LayerKind::kBatchNorm && !layer.frozen; })),
      dense_slice_(DenseSlice::of(spec_, layout_, team.threads)),
      slice_params_(evaluators(), std::vector<float>(layout_.all_floats)) {
  FL_CHECK(params_.size() == layout_.all_floats);
  optimizer_state_.reset(optimizer_, layout_.floats, parameter_ranges(layout_));
  reset_statistics();
}

std::size_t CpuProgram::evaluators() const {
  return std::min(threads(), kMostEvaluators);
}

PlanShelf::Key CpuProgram::team(Plan::Mode mode, std::size_t batch, std::size_t members) const {
  return {mode, batch, members, mode == Plan::Mode::kTraining && is_little(batch) ? 1 : threads_};
}

PlanShelf::Key CpuProgram::training_team(std::size_t batch) const {
  const bool alone = batch_statistics_ || is_little(batch);
  return team(Plan::Mode::kTraining, batch, alone ? 1 : std::min(batch, shares_));
}

void CpuProgram::check_of_data_set(std::span<const std::int32_t> images) const {
  check_images(images, labels_.size());
  if (targets_.used()) FL_CHECK(targets_.floats() == labels_.size() * classes());
}

void CpuProgram::check_resident(std::span<const std::int32_t> images) const {
  check_images(images, labels_.size() + guests_.size() / spec_.input.floats());
}

std::int32_t CpuProgram::label_of(std::int32_t image) const {
  const auto at = static_cast<std::size_t>(image);
  return at < labels_.size() ? labels_[at] : 0;
}

void CpuProgram::gather(std::span<const std::int32_t> images, std::span<float> destination) const {
  gather_images({pixels(), guests_}, spec_.input, images,
                destination.first(images.size() * spec_.input.floats()));
}

void CpuProgram::gather_training(std::span<const std::int32_t> images, std::size_t first,
                                 std::span<float> destination) const {
  if (augmentation_.any())
    gather_augmented({augmentation_, seed_, updates_, first}, pixels(), spec_.input, images, destination);
  else
    gather(images, destination);
}

void CpuProgram::draw_masks(PlanTeam& step) const {
  for (std::size_t m = 0; m < step.plan(0).masks().size(); ++m) {
    const int layer = step.plan(0).masks()[m].layer;
    // One stream for each update and layer, whichever optimizer makes it: a resumed run draws what the
    // uninterrupted one would have.
    const auto index = static_cast<std::uint32_t>(updates_) * 64u + static_cast<std::uint32_t>(layer) % 64u;
    RandomStream random(seed_, StreamId::kDropout, index);
    const double rate = spec_.layers[static_cast<std::size_t>(layer)].rate;
    const auto kept = static_cast<float>(1 / (1 - rate));
    for (std::size_t member = 0; member < step.size(); ++member)
      for (float& value : step.plan(member).masks()[m].values) value = random.uniform() < rate ? 0.0f : kept;
  }
}

BatchResult CpuProgram::forward_backward(std::span<const std::int32_t> images) {
  check_of_data_set(images);
  CpuNetwork::Plans plans(*network_);
  return forward_backward(plans.team(training_team(images.size())), images);
}

BatchResult CpuProgram::forward_backward(PlanTeam& step, std::span<const std::int32_t> images) {
  draw_masks(step);
  outcomes_.resize(images.size());
  step.run([&](std::size_t member) {
    Plan& share = step.plan(member);
    const std::size_t first = step.begin(member);
    const auto own = images.subspan(first, static_cast<std::size_t>(share.batch()));
    gather_training(own, first, share.input());
    if (step.needs_weights(member)) share.load(params_, statistics_);
    share.forward();
    weigh_loss(share, own, first, images.size());
    step.backward(member, gradients_);
  });
  step.add_gradients(gradients_);

  BatchResult result{.images = static_cast<int>(images.size())};
  for (const Outcome& outcome : outcomes_) {
    result.loss += outcome.loss;
    result.correct += outcome.correct ? 1 : 0;
  }
  result.loss /= static_cast<double>(images.size());
  return result;
}

void CpuProgram::weigh_loss(Plan& share, std::span<const std::int32_t> images, std::size_t first,
                            std::size_t batch) {
  const float part = 1.0f / static_cast<float>(batch);
  const float* weights = class_weights_.empty() ? nullptr : class_weights_.data();
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::int32_t label = label_of(images[i]);
    const float* row = share.logits().data() + i * classes();
    float* gradient = share.logit_gradients().data() + i * classes();
    if (targets_.used()) {
      outcomes_[first + i] = {targets_.differentiate(images[i], row, part, gradient), false};
      continue;
    }
    const auto outcome =
        kernels::softmax_cross_entropy(row, label, spec_.classes, gradient, static_cast<float>(spec_.clip));
    const float weight = kernels::class_weight(weights, label);
    for (std::size_t c = 0; c < classes(); ++c)
      gradient[c] = kernels::cross_entropy_gradient(gradient[c], static_cast<int>(c) == label,
                                                    outcome.slope * weight * part);
    outcomes_[first + i] = {static_cast<double>(weight * outcome.loss), outcome.prediction == label};
  }
}

StepResult CpuProgram::train_step(std::span<const std::int32_t> images, double rate) {
  check_of_data_set(images);
  CpuNetwork::Plans plans(*network_);
  PlanTeam& step = plans.team(training_team(images.size()));
  StepResult result{.batch = forward_backward(step, images)};
  result.gradient_norm = euclidean_norm(gradients_);
  // A diverged network keeps its last finite weights, so that path and landscape can still be drawn.
  if (std::isfinite(result.batch.loss) && std::isfinite(result.gradient_norm)) {
    const auto trained = std::span(params_).first(layout_.floats);
    previous_params_.assign(trained.begin(), trained.end());
    result.update_norm = optimizer_step(optimizer_, rate, optimizer_state_, gradients_, trained);
    if (std::isfinite(result.update_norm)) {
      ++updates_;
      step.plan(0).update_statistics(statistics_);
      return result;
    }
    std::ranges::copy(previous_params_, trained.begin());
    result.update_norm = 0;
  }
  if (std::isfinite(result.batch.loss)) result.batch.loss = std::numeric_limits<double>::infinity();
  return result;
}

template <typename ParamsOf>
void CpuProgram::evaluate_points(std::size_t points, const ParamsOf& params_of,
                                 std::span<const std::int32_t> images, std::span<float> probabilities,
                                 NormStatistics statistics) {
  outcomes_.resize(points * images.size());
  const bool whole = batch_statistics_ && statistics == NormStatistics::kReestimated;
  const std::size_t chunk = whole ? images.size() : kEvaluationChunk;
  const std::size_t chunks = (images.size() + chunk - 1) / chunk;
  CpuNetwork::Plans plans(*network_);
  PlanTeam& passes = plans.team(whole ? team(Plan::Mode::kReestimated, chunk, 1)
                                      : team(Plan::Mode::kInference, chunk * evaluators(), evaluators()));
  // Chunks of one point stay together, so that a thread loads few: whole points where they go round. A thread
  // that has finished its share helps the others, which another program may be holding up. No loss depends on
  // which thread evaluates it.
  const std::size_t tasks = points * chunks;
  const auto begin_of = [&](std::size_t share) { return tasks * share / passes.size(); };
  const std::span next = passes.next();
  for (std::size_t share = 0; share < passes.size(); ++share) next[share] = begin_of(share);
  passes.run([&](std::size_t member) {
    std::size_t loaded = points;
    for (std::size_t i = 0; i < passes.size(); ++i) {
      const std::size_t share = (member + i) % passes.size(), end = begin_of(share + 1);
      for (std::size_t task = next[share]++; task < end; task = next[share]++) {
        if (rest_) rest_();
        const std::size_t point = task / chunks, first = task % chunks * chunk;
        if (point != loaded) passes.plan(member).load(params_of(point, member), statistics_);
        loaded = point;
        evaluate_chunk(passes.plan(member), images.subspan(first, std::min(chunk, images.size() - first)),
                       point * images.size() + first,
                       probabilities.empty() ? probabilities : probabilities.subspan(first * classes()));
      }
    }
  });
}

void CpuProgram::evaluate_chunk(Plan& pass, std::span<const std::int32_t> images, std::size_t outcome,
                                std::span<float> probabilities) {
  gather(images, pass.input());
  pass.forward();
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::int32_t label = label_of(images[i]);
    float* row = pass.logits().data() + i * classes();
    if (targets_.used()) {
      outcomes_[outcome + i] = {targets_.weigh(images[i], row, row), false};
    } else {
      const auto found =
          kernels::softmax_cross_entropy(row, label, spec_.classes, row, static_cast<float>(spec_.clip));
      outcomes_[outcome + i] = {static_cast<double>(found.loss), found.prediction == label};
    }
    if (!probabilities.empty()) std::copy_n(row, classes(), probabilities.data() + i * classes());
  }
}

EvalResult CpuProgram::evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                                NormStatistics statistics) {
  FL_CHECK(probabilities.empty() || probabilities.size() == images.size() * classes());
  targets_.used() ? check_of_data_set(images) : check_resident(images);
  evaluate_points(
      1, [this](std::size_t, std::size_t) { return std::span<const float>(params_); }, images, probabilities,
      statistics);
  EvalResult result;
  result.batch.images = static_cast<int>(images.size());
  double sum = 0, squares = 0;
  for (const Outcome& outcome : outcomes_) {
    sum += outcome.loss;
    squares += outcome.loss * outcome.loss;
    result.batch.correct += outcome.correct ? 1 : 0;
  }
  const auto n = static_cast<double>(images.size());
  result.batch.loss = sum / n;
  if (images.size() > 1)
    result.standard_error = std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)) / n);
  return result;
}

// One image at a time: what a backbone's layers hold of it stays near the core.
void CpuProgram::outputs(std::span<const std::int32_t> images, std::span<float> out) {
  FL_CHECK(out.size() == images.size() * classes());
  check_resident(images);
  CpuNetwork::Plans plans(*network_);
  PlanTeam& passes = plans.team(team(Plan::Mode::kInference, evaluators(), evaluators()));
  passes.run([&](std::size_t member) {
    Plan& pass = passes.plan(member);
    pass.load(params_, statistics_);
    const std::size_t end = images.size() * (member + 1) / passes.size();
    for (std::size_t i = images.size() * member / passes.size(); i < end; ++i) {
      gather(images.subspan(i, 1), pass.input());
      pass.forward();
      std::ranges::copy(pass.logits(), out.begin() + static_cast<std::ptrdiff_t>(i * classes()));
    }
  });
}

void CpuProgram::set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                           std::span<const float> d1, std::span<const float> d2) {
  FL_CHECK(origin.size() == layout_.floats && d1.size() == layout_.floats && d2.size() == layout_.floats);
  check_of_data_set(probe);
  if (dense_slice_) dense_slice_->set(pixels(), labels_, probe, origin, d1, d2);
  probe_.assign(probe.begin(), probe.end());
  slice_origin_.assign(origin.begin(), origin.end());
  slice_d1_.assign(d1.begin(), d1.end());
  slice_d2_.assign(d2.begin(), d2.end());
  const auto frozen = std::span(params_).subspan(layout_.floats);
  for (std::vector<float>& params : slice_params_)
    std::ranges::copy(frozen, params.end() - std::ssize(frozen));
}

void CpuProgram::evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) {
  FL_CHECK(points.size() == losses.size() && !probe_.empty());
  if (dense_slice_) return dense_slice_->evaluate(points, losses);
  const auto params_of = [&](std::size_t point, std::size_t member) {
    const auto a = static_cast<float>(points[point].a);
    const auto b = static_cast<float>(points[point].b);
    std::vector<float>& params = slice_params_[member];
    for (std::size_t i = 0; i < layout_.floats; ++i)
      params[i] = kernels::slice_point(slice_origin_[i], slice_d1_[i], slice_d2_[i], a, b);
    return std::span<const float>(params);
  };
  evaluate_points(points.size(), params_of, probe_, {}, NormStatistics::kReestimated);
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto own = std::span(outcomes_).subspan(p * probe_.size(), probe_.size());
    double sum = 0;
    for (const Outcome& outcome : own) sum += outcome.loss;
    losses[p] = sum / static_cast<double>(probe_.size());
  }
}

void CpuProgram::activations(std::int32_t image, std::span<const int> layers, std::span<float> out) {
  CpuNetwork::Plans plans(*network_);
  PlanTeam& alone = plans.team(team(Plan::Mode::kInference, 1, 1));
  alone.run([&](std::size_t member) { read_activations(alone.plan(member), image, layers, out); });
}

void CpuProgram::output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                                 std::span<float> out) {
  FL_CHECK(weights.size() == classes());
  check_resident({&image, 1});
  std::unique_ptr<Explained>& kept = explained_[layer];
  if (!kept)
    kept = std::make_unique<Explained>(network_->engine, WayBack::to(spec_, layout_, layer), threads_);
  kept->team.run([&](std::size_t member) {
    Plan& pass = kept->team.plan(member);
    for (Plan::Mask& mask : pass.masks()) std::ranges::fill(mask.values, 1.0f);
    gather({&image, 1}, pass.input());
    pass.load(params_, statistics_);
    pass.forward();
    std::ranges::copy(weights, pass.logit_gradients().begin());
    pass.backward({});
    pass.read_gradient(out);
  });
}

void CpuProgram::read_activations(Plan& pass, std::int32_t image, std::span<const int> layers,
                                  std::span<float> out) {
  gather({&image, 1}, pass.input());
  pass.load(params_, statistics_);
  pass.forward();
  const std::vector<TensorShape> shapes = layer_shapes(spec_).value();
  for (const int layer : layers) {
    if (layer < 0) {
      std::ranges::copy(pass.input(), out.begin());
      out = out.subspan(spec_.input.floats());
    } else if (layer == static_cast<int>(shapes.size())) {
      if (targets_.used())
        std::ranges::copy(pass.logits(), out.begin());
      else
        kernels::softmax_cross_entropy(pass.logits().data(), label_of(image), spec_.classes, out.data());
      out = out.subspan(classes());
    } else {
      const std::size_t floats = shapes[static_cast<std::size_t>(layer)].floats();
      pass.read_output(layer, out.first(floats));
      out = out.subspan(floats);
    }
  }
}

}  // namespace fl

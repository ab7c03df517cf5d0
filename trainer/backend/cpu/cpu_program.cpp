#include "trainer/backend/cpu/cpu_program.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <omp.h>

#include "trainer/backend/cpu/gather.h"
#include "trainer/backend/kernels/arena_kernels.h"
#include "trainer/backend/kernels/softmax_kernels.h"
#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/optim/weight_decay.h"

namespace fl {
namespace {

// Images evaluated at a time: enough for both threads, few enough for the activations of ct-small (half a
// megabyte an image) to stay near the cores.
constexpr std::size_t kEvaluationChunk = 16;

}  // namespace

CpuProgram::CpuProgram(NetSpec spec, int threads)
    : spec_(std::move(spec)),
      layout_(ParamLayout::of(spec_)),
      threads_(threads),
      engine_(dnnl::engine::kind::cpu, 0),
      params_(layout_.floats),
      gradients_(layout_.floats),
      statistics_(layout_.statistic_floats),
      has_norm_(spec_.has(LayerKind::kBatchNorm)),
      probability_row_(static_cast<std::size_t>(spec_.classes)),
      slice_params_(layout_.floats) {
  optimizer_state_.reset(optimizer_, layout_.floats, decayed_ranges(layout_));
  reset_statistics();
}

Plan& CpuProgram::plan(Plan::Mode mode, std::size_t batch) {
  // OpenMP's thread count belongs to the calling thread, and oneDNN fixes its split when it compiles.
  omp_set_num_threads(threads_);
  auto& found = plans_[{mode, batch}];
  if (!found) found = std::make_unique<Plan>(engine_, spec_, layout_, static_cast<int>(batch), mode);
  return *found;
}

void CpuProgram::set_data(std::span<const float> pixels, std::span<const std::int32_t> labels) {
  FL_CHECK(pixels.size() == labels.size() * spec_.input.floats());
  for (const std::int32_t label : labels) FL_CHECK(label >= 0 && label < spec_.classes);
  pixels_.assign(pixels.begin(), pixels.end());
  labels_.assign(labels.begin(), labels.end());
}

void CpuProgram::write_params(std::span<const float> params) {
  FL_CHECK(params.size() == params_.size());
  std::ranges::copy(params, params_.begin());
}

void CpuProgram::read_params(std::span<float> params) const {
  FL_CHECK(params.size() == params_.size());
  std::ranges::copy(params_, params.begin());
}

void CpuProgram::read_gradients(std::span<float> gradients) const {
  FL_CHECK(gradients.size() == gradients_.size());
  std::ranges::copy(gradients_, gradients.begin());
}

void CpuProgram::write_statistics(std::span<const float> statistics) {
  FL_CHECK(statistics.size() == statistics_.size());
  std::ranges::copy(statistics, statistics_.begin());
}

void CpuProgram::reset_statistics() {
  std::ranges::fill(statistics_, 0.0f);
  for (const ParamTensor& tensor : layout_.statistics)
    if (tensor.kind == ParamKind::kScale)  // variances
      std::fill_n(statistics_.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count, 1.0f);
}

void CpuProgram::read_statistics(std::span<float> statistics) const {
  FL_CHECK(statistics.size() == statistics_.size());
  std::ranges::copy(statistics_, statistics.begin());
}

void CpuProgram::set_seed(std::uint64_t seed) {
  seed_ = seed;
  updates_ = 0;
}

void CpuProgram::set_class_weights(std::span<const float> weights) {
  FL_CHECK(weights.empty() || weights.size() == classes());
  class_weights_.assign(weights.begin(), weights.end());
}

void CpuProgram::set_optimizer(const OptimizerSpec& spec) {
  optimizer_ = spec;
  optimizer_state_.reset(spec, layout_.floats, decayed_ranges(layout_));
}

ProgramState CpuProgram::save_state() const {
  return {.params = params_,
          .statistics = statistics_,
          .optimizer_arrays = optimizer_state_.arrays,
          .optimizer_steps = optimizer_state_.steps,
          .updates = updates_};
}

void CpuProgram::restore_state(const ProgramState& state) {
  FL_CHECK(state.optimizer_arrays.size() == optimizer_state_.arrays.size());
  for (const std::vector<float>& array : state.optimizer_arrays) FL_CHECK(array.size() == layout_.floats);
  FL_CHECK(state.optimizer_steps >= 0 && state.updates >= 0);
  write_params(state.params);
  write_statistics(state.statistics);
  optimizer_state_.arrays = state.optimizer_arrays;
  optimizer_state_.steps = state.optimizer_steps;
  updates_ = state.updates;
}

void CpuProgram::gather(std::span<const std::int32_t> images, std::span<float> destination) const {
  gather_images(pixels_, spec_.input, images, destination.first(images.size() * spec_.input.floats()));
}

void CpuProgram::gather_training(std::span<const std::int32_t> images, std::span<float> destination) const {
  if (augmentation_.any())
    gather_augmented({augmentation_, seed_, updates_}, pixels_, spec_.input, images, destination);
  else
    gather(images, destination);
}

void CpuProgram::draw_masks(Plan& step) const {
  for (Plan::Mask& mask : step.masks()) {
    // One stream for each update and layer, whichever optimizer makes it: a resumed run draws what the
    // uninterrupted one would have.
    const auto index =
        static_cast<std::uint32_t>(updates_) * 64u + static_cast<std::uint32_t>(mask.layer) % 64u;
    RandomStream random(seed_, StreamId::kDropout, index);
    const double rate = spec_.layers[static_cast<std::size_t>(mask.layer)].rate;
    const auto kept = static_cast<float>(1 / (1 - rate));
    for (float& value : mask.values) value = random.uniform() < rate ? 0.0f : kept;
  }
}

BatchResult CpuProgram::forward_backward(std::span<const std::int32_t> images) {
  FL_CHECK(!images.empty());
  return forward_backward(plan(Plan::Mode::kTraining, images.size()), images);
}

BatchResult CpuProgram::forward_backward(Plan& step, std::span<const std::int32_t> images) {
  gather_training(images, step.input());
  draw_masks(step);
  step.load(params_, statistics_);
  step.forward();

  BatchResult result{.images = static_cast<int>(images.size())};
  const float share = 1.0f / static_cast<float>(images.size());
  const float* weights = class_weights_.empty() ? nullptr : class_weights_.data();
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::int32_t label = labels_[static_cast<std::size_t>(images[i])];
    float* gradient = step.logit_gradients().data() + i * classes();
    const auto outcome =
        kernels::softmax_cross_entropy(step.logits().data() + i * classes(), label, spec_.classes, gradient);
    const float weight = kernels::class_weight(weights, label);
    for (std::size_t c = 0; c < classes(); ++c)
      gradient[c] = kernels::cross_entropy_gradient(gradient[c], static_cast<int>(c) == label, weight * share);
    result.loss += static_cast<double>(weight * outcome.loss);
    result.correct += outcome.prediction == label ? 1 : 0;
  }
  result.loss /= static_cast<double>(images.size());
  step.backward(gradients_);
  return result;
}

StepResult CpuProgram::train_step(std::span<const std::int32_t> images, double rate) {
  FL_CHECK(!images.empty());
  Plan& step = plan(Plan::Mode::kTraining, images.size());
  StepResult result{.batch = forward_backward(step, images)};
  result.gradient_norm = euclidean_norm(gradients_);
  // A diverged network keeps its last finite weights, so that path and landscape can still be drawn.
  if (std::isfinite(result.batch.loss) && std::isfinite(result.gradient_norm)) {
    previous_params_ = params_;
    result.update_norm = optimizer_step(optimizer_, rate, optimizer_state_, gradients_, params_);
    if (std::isfinite(result.update_norm)) {
      ++updates_;
      step.update_statistics(statistics_);
      return result;
    }
    params_.swap(previous_params_);
    result.update_norm = 0;
  }
  if (std::isfinite(result.batch.loss)) result.batch.loss = std::numeric_limits<double>::infinity();
  return result;
}

EvalResult CpuProgram::evaluate_with(std::span<const float> params, std::span<const std::int32_t> images,
                                     std::span<float> probabilities, NormStatistics statistics) {
  FL_CHECK(!images.empty());
  FL_CHECK(probabilities.empty() || probabilities.size() == images.size() * classes());
  EvalResult result;
  result.batch.images = static_cast<int>(images.size());
  double sum = 0, squares = 0;
  const Plan* loaded = nullptr;
  const bool reestimate = has_norm_ && statistics == NormStatistics::kReestimated;
  const std::size_t chunk_size = reestimate ? images.size() : kEvaluationChunk;
  const auto mode = reestimate ? Plan::Mode::kReestimated : Plan::Mode::kInference;
  for (std::size_t begin = 0; begin < images.size(); begin += chunk_size) {
    const auto chunk = images.subspan(begin, std::min(chunk_size, images.size() - begin));
    // oneDNN rounds otherwise for another batch size, so images that are to be judged alike whoever is with
    // them always run in full batches, the rest of the last one being whatever it was.
    const bool full = statistics == NormStatistics::kRunning;
    Plan& pass = plan(mode, full ? kEvaluationChunk : chunk.size());
    if (&pass != loaded) pass.load(params, statistics_);
    loaded = &pass;
    gather(chunk, pass.input());
    pass.forward();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const std::int32_t label = labels_[static_cast<std::size_t>(chunk[i])];
      float* row =
          probabilities.empty() ? probability_row_.data() : probabilities.data() + (begin + i) * classes();
      const auto outcome =
          kernels::softmax_cross_entropy(pass.logits().data() + i * classes(), label, spec_.classes, row);
      const auto loss = static_cast<double>(outcome.loss);
      sum += loss;
      squares += loss * loss;
      result.batch.correct += outcome.prediction == label ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(images.size());
  result.batch.loss = sum / n;
  if (images.size() > 1)
    result.standard_error = std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)) / n);
  return result;
}

EvalResult CpuProgram::evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                                NormStatistics statistics) {
  return evaluate_with(params_, images, probabilities, statistics);
}

void CpuProgram::set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                           std::span<const float> d1, std::span<const float> d2) {
  FL_CHECK(!probe.empty() && origin.size() == layout_.floats && d1.size() == layout_.floats &&
           d2.size() == layout_.floats);
  probe_.assign(probe.begin(), probe.end());
  slice_origin_.assign(origin.begin(), origin.end());
  slice_d1_.assign(d1.begin(), d1.end());
  slice_d2_.assign(d2.begin(), d2.end());
}

void CpuProgram::evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) {
  FL_CHECK(points.size() == losses.size() && !probe_.empty());
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto a = static_cast<float>(points[p].a);
    const auto b = static_cast<float>(points[p].b);
    for (std::size_t i = 0; i < slice_params_.size(); ++i)
      slice_params_[i] = kernels::slice_point(slice_origin_[i], slice_d1_[i], slice_d2_[i], a, b);
    losses[p] = evaluate_with(slice_params_, probe_, {}, NormStatistics::kReestimated).batch.loss;
  }
}

void CpuProgram::activations(std::int32_t image, std::span<const int> layers, std::span<float> out) {
  Plan& pass = plan(Plan::Mode::kInference, 1);
  gather({&image, 1}, pass.input());
  pass.load(params_, statistics_);
  pass.forward();
  const std::vector<TensorShape> shapes = layer_shapes(spec_).value();
  for (const int layer : layers) {
    if (layer < 0) {
      std::ranges::copy(pass.input(), out.begin());
      out = out.subspan(spec_.input.floats());
    } else if (layer == static_cast<int>(shapes.size())) {
      const std::int32_t label = labels_[static_cast<std::size_t>(image)];
      kernels::softmax_cross_entropy(pass.logits().data(), label, spec_.classes, out.data());
      out = out.subspan(classes());
    } else {
      const std::size_t floats = shapes[static_cast<std::size_t>(layer)].floats();
      pass.read_output(layer, out.first(floats));
      out = out.subspan(floats);
    }
  }
}

}  // namespace fl

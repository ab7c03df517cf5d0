#include "trainer/compute/cuda/cuda_program.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/output_parts.h"
#include "trainer/optim/parameter_ranges.h"

namespace fl::cuda {

CudaProgram::Arena::Arena(const ParamLayout& layout) {
  begins.push_back(places.add<float>("weights", layout.all_floats));
  for (const char* name : {"gradients", "previous weights", "first moments", "second moments"})
    begins.push_back(places.add<float>(name, layout.floats));
  begins.push_back(places.add<float>("statistics", layout.statistic_floats));
}

CudaProgram::CudaProgram(NetSpec spec, const CudaOptions& options)
    : spec_(std::move(spec)),
      layout_(ParamLayout::of(spec_)),
      options_(options),
      lane_(options.math, Priority::kNormal),
      parts_(layout_),
      arena_(parts_.places.bytes() / sizeof(float)),
      groups_(layout_.floats),
      class_weights_(classes()),
      lists_(classes()),
      state_(1),
      inputs_(kBurst),
      outcomes_(options.kept_steps + kBurst),
      cursor_(1),
      totals_(1),
      staged_state_(1),
      staged_inputs_(kBurst),
      fetched_outcomes_(kBurst),
      staged_cursor_(1) {
  parts_.places.watch(lane_.stream, arena_.data());
  group_parameters();
  if (const auto parts = output_parts(spec_); !parts.empty())
    output_parts_ = upload_array<kernels::OutputPart>(lane_.stream, parts);
  reset_statistics();
  set_class_weights({});
}

void CudaProgram::group_parameters() {
  std::vector<std::uint8_t> groups(layout_.floats, 0);
  for (const ArenaRange& range : parameter_ranges(layout_)) {
    const bool other = range.rate_factor != 1;
    FL_CHECK_MSG(!other || other_rate_factor_ == 1 || other_rate_factor_ == range.rate_factor,
                 "layers learn at more than two rates");
    if (other) other_rate_factor_ = range.rate_factor;
    std::fill(groups.begin() + static_cast<std::ptrdiff_t>(range.begin),
              groups.begin() + static_cast<std::ptrdiff_t>(range.end),
              static_cast<std::uint8_t>(kernels::parameter_group(range.decays, other)));
  }
  upload(lane_.stream, groups_.data(), groups.data(), groups_.bytes());
}

DevicePtr<float> CudaProgram::part(Part part) const {
  return arena_.data() + parts_.begins[static_cast<std::size_t>(part)];
}

void CudaProgram::write_part(Part to, std::span<const float> values) {
  bind();
  upload(lane_.stream, part(to), values.data(), values.size_bytes());
}

void CudaProgram::read_part(Part from, std::span<float> values) const {
  bind();
  download(lane_.stream, values.data(), part(from), values.size_bytes());
}

void CudaProgram::set_data(std::vector<float> pixels, std::span<const std::int32_t> labels) {
  FL_CHECK(pixels.size() == labels.size() * spec_.input.floats());
  for (const std::int32_t label : labels) FL_CHECK(label >= 0 && label < spec_.classes);
  bind();
  // Recorded work reads the arrays that go now.
  slice_.reset();
  recorded_.clear();
  pixels_ = {};
  pixels_ = upload_array(lane_.stream, std::span<const float>(pixels));
  labels_ = upload_array(lane_.stream, labels);
  images_ = labels.size();
  targets_ = {};
  set_guests({});
}

void CudaProgram::set_targets(std::vector<float> targets) {
  FL_CHECK(!spec_.outputs.empty() && targets.size() == images_ * classes());
  bind();
  slice_.reset();
  recorded_.clear();
  targets_ = {};
  targets_ = upload_array(lane_.stream, std::span<const float>(targets));
}

void CudaProgram::set_guests(std::span<const float> pixels) {
  FL_CHECK(pixels.size() % spec_.input.floats() == 0);
  bind();
  lane_.stream.synchronize();  // nobody reads those that go now
  if (guests_.size() != pixels.size()) guests_ = {};
  if (pixels.empty()) return;
  if (guests_.size() == 0) guests_ = DeviceArray<float>(pixels.size());
  upload(lane_.stream, guests_.data(), pixels.data(), pixels.size_bytes());
}

void CudaProgram::write_params(std::span<const float> params) {
  FL_CHECK(is_arena(params.size()));
  write_part(Part::kParams, params);
}

void CudaProgram::read_params(std::span<float> params) const {
  FL_CHECK(is_arena(params.size()));
  read_part(Part::kParams, params);
}

void CudaProgram::read_gradients(std::span<float> gradients) const {
  FL_CHECK(gradients.size() == layout_.floats);
  read_part(Part::kGradients, gradients);
}

void CudaProgram::write_statistics(std::span<const float> statistics) {
  FL_CHECK(statistics.size() == layout_.statistic_floats);
  write_part(Part::kStatistics, statistics);
}

void CudaProgram::read_statistics(std::span<float> statistics) const {
  FL_CHECK(statistics.size() == layout_.statistic_floats);
  read_part(Part::kStatistics, statistics);
}

void CudaProgram::reset_statistics() {
  std::vector<float> statistics(layout_.statistic_floats, 0.0f);
  for (const ParamTensor& tensor : layout_.statistics)
    if (tensor.kind == ParamKind::kScale)  // variances
      std::fill_n(statistics.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count, 1.0f);
  write_part(Part::kStatistics, statistics);
}

void CudaProgram::set_seed(std::uint64_t seed) {
  seed_ = seed;
  updates_ = 0;
}

void CudaProgram::set_class_weights(std::span<const float> weights) {
  FL_CHECK(weights.empty() || weights.size() == classes());
  bind();
  const std::vector<float> ones(classes(), 1.0f);
  const float* source = weights.empty() ? ones.data() : weights.data();
  upload(lane_.stream, class_weights_.data(), source, class_weights_.bytes());
}

void CudaProgram::set_optimizer(const OptimizerSpec& spec) {
  bind();
  optimizer_ = spec;
  optimizer_steps_ = 0;
  for (const Part moments : {Part::kFirst, Part::kSecond})
    fill_zero(lane_.stream, part(moments), layout_.floats * sizeof(float));
}

ProgramState CudaProgram::save_state() const {
  ProgramState state;
  state.params.resize(layout_.all_floats);
  state.statistics.resize(layout_.statistic_floats);
  read_params(state.params);
  read_statistics(state.statistics);
  for (const Part moments : moment_parts()) {
    state.optimizer_arrays.emplace_back(layout_.floats);
    read_part(moments, state.optimizer_arrays.back());
  }
  state.optimizer_steps = optimizer_steps_;
  state.updates = updates_;
  return state;
}

void CudaProgram::restore_state(const ProgramState& state) {
  const std::vector<Part> parts = moment_parts();
  FL_CHECK(state.params.size() == layout_.all_floats && state.optimizer_arrays.size() == parts.size());
  for (const std::vector<float>& array : state.optimizer_arrays) FL_CHECK(array.size() == layout_.floats);
  FL_CHECK(state.optimizer_steps >= 0 && state.updates >= 0);
  write_params(state.params);
  write_statistics(state.statistics);
  for (std::size_t i = 0; i < parts.size(); ++i) write_part(parts[i], state.optimizer_arrays[i]);
  optimizer_steps_ = state.optimizer_steps;
  updates_ = state.updates;
}

void CudaProgram::set_history(std::span<const StepResult> steps) {
  bind();
  steps_ = steps.size();
  const std::size_t begin = steps_ - std::min(steps_, outcomes_.size());
  std::vector<kernels::StepOutcome> kept;
  for (const StepResult& step : steps.subspan(begin))
    kept.push_back({.loss = step.batch.loss,
                    .gradient_norm = step.gradient_norm,
                    .update_norm = step.update_norm,
                    .correct = step.batch.correct});
  each_run_of_ring(begin, steps_, [&](std::size_t place, std::size_t from, std::size_t count) {
    upload(lane_.stream, outcomes_.data() + place, kept.data() + from, count * sizeof(kernels::StepOutcome));
  });
}

std::vector<CudaProgram::Part> CudaProgram::moment_parts() const {
  std::vector<Part> parts = {Part::kFirst, Part::kSecond};
  parts.resize(static_cast<std::size_t>(optimizer_info(optimizer_.kind).state_arrays));
  return parts;
}

CudaProgram::Recorded& CudaProgram::recorded(NetPlan::Mode mode, std::size_t batch) {
  const std::pair key{mode, batch};
  const auto found = recorded_.find(key);
  if (found != recorded_.end()) return found->second;
  return recorded_.emplace(key, Recorded{NetPlan(spec_, layout_, batch, mode, lane_), {}}).first->second;
}

void CudaProgram::reserve(std::size_t images) {
  if (lists_.reserve(images)) recorded_.clear();
}

NetPlan::Source CudaProgram::source() const {
  return {.params = part(Part::kParams),
          .statistics = part(Part::kStatistics),
          .key = DevicePtr<const kernels::DrawKey>(&state_.data().get()->input.key)};
}

void CudaProgram::send_list(std::span<const std::int32_t> images) {
  FL_CHECK(!images.empty());
  lane_.stream.synchronize();  // what was staged last has left
  reserve(images.size());
  lists_.stage(0, images, images_ + guests_.size() / spec_.input.floats());
  lists_.send(lane_.stream, images.size());
  staged_cursor_[0] = {.batch = {.begin = 0, .count = images.size()},
                       .guests = {.pixels = guests_.data().get(), .first = images_}};
  copy_to_device(lane_.stream, cursor_.data(), staged_cursor_.data(), cursor_.bytes());
}

// The same for lists of all lengths, so that an image's figures do not depend on its company: another batch
// size may mean another algorithm. What a batch has too many counts nowhere.
std::size_t CudaProgram::evaluation_batch() const {
  const std::size_t fitting =
      options_.pass_bytes / NetPlan::bytes_per_image(spec_, NetPlan::Mode::kInference);
  return std::bit_floor(std::clamp<std::size_t>(fitting, 1, 128));
}

void CudaProgram::enqueue_gather(NetPlan& plan) {
  const kernels::EvaluationCursor* cursor = cursor_.data().get();
  run(lane_.stream, plan.batch() * spec_.input.floats(),
      kernels::Gather{pixels_.data().get(), spec_.input.floats(), lists_.list().get(), &cursor->batch,
                      plan.input().get(), &cursor->guests});
}

void CudaProgram::enqueue_pass(NetPlan& plan) {
  const Stream& stream = lane_.stream;
  plan.begin();
  enqueue_gather(plan);
  plan.forward(source());
  run(stream, plan.batch(),
      kernels::ImageLoss{plan.logits().get(), spec_.classes, labels_.data().get(), images_, nullptr,
                         lists_.list().get(), &cursor_.data().get()->batch, lists_.losses().get(),
                         lists_.hits().get(), lists_.probabilities().get(), nullptr, 0,
                         static_cast<float>(spec_.clip), targets()});
  run(stream, 1, kernels::AdvanceBatch{&cursor_.data().get()->batch, plan.batch()});
}

EvalResult CudaProgram::evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                                 NormStatistics statistics) {
  FL_CHECK(probabilities.empty() || probabilities.size() == images.size() * classes());
  check_targets();
  if (!spec_.outputs.empty())
    for (const std::int32_t image : images) FL_CHECK(static_cast<std::size_t>(image) < images_);
  bind();
  send_list(images);
  const bool reestimate = statistics == NormStatistics::kReestimated && spec_.has(LayerKind::kBatchNorm);
  const std::size_t batch = reestimate ? images.size() : evaluation_batch();
  Recorded& pass = recorded(reestimate ? NetPlan::Mode::kReestimated : NetPlan::Mode::kInference, batch);
  for (std::size_t begin = 0; begin < images.size(); begin += batch)
    pass.replay.run(lane_.stream, options_.graphs, [&] { enqueue_pass(pass.plan); });
  run_sums(lane_.stream, 1, images.size(), lists_.scratch(),
           kernels::ListLoss{lists_.losses().get(), lists_.hits().get(), totals_.data().get()});
  evaluated_ = images.size();
  kernels::ListTotals totals;
  if (!probabilities.empty())
    download(lane_.stream, probabilities.data(), lists_.probabilities(), probabilities.size_bytes());
  download(lane_.stream, &totals, totals_.data(), sizeof(totals));
  const auto n = static_cast<double>(images.size());
  EvalResult result;
  result.batch = {.loss = totals.loss / n,
                  .correct = static_cast<int>(totals.hits),
                  .images = static_cast<int>(images.size())};
  if (images.size() > 1)
    result.standard_error =
        std::sqrt(std::max(0.0, (totals.squares - totals.loss * totals.loss / n) / (n - 1)) / n);
  return result;
}

void CudaProgram::outputs(std::span<const std::int32_t> images, std::span<float> out) {
  FL_CHECK(out.size() == images.size() * classes());
  bind();
  send_list(images);
  NetPlan& plan = recorded(NetPlan::Mode::kInference, evaluation_batch()).plan;
  for (std::size_t begin = 0; begin < images.size(); begin += plan.batch()) {
    plan.begin();
    enqueue_gather(plan);
    plan.forward(source());
    run(lane_.stream, 1, kernels::AdvanceBatch{&cursor_.data().get()->batch, plan.batch()});
    const std::size_t count = std::min(plan.batch(), images.size() - begin);
    download(lane_.stream, out.data() + begin * classes(), plan.logits(), count * classes() * sizeof(float));
  }
}

void CudaProgram::set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                            std::span<const float> d1, std::span<const float> d2) {
  FL_CHECK(!probe.empty() && origin.size() == layout_.floats && d1.size() == layout_.floats &&
           d2.size() == layout_.floats);
  check_targets();
  for (const std::int32_t image : probe) FL_CHECK(image >= 0 && static_cast<std::size_t>(image) < images_);
  bind();
  if (!slice_ || slice_->probe_images() != probe.size()) {
    slice_.reset();
    slice_ =
        std::make_unique<CudaSlice>(spec_, layout_, options_,
                                    ResidentData{pixels_.data(), labels_.data(), images_, part(Part::kParams),
                                                 part(Part::kStatistics), targets()},
                                    probe.size());
  }
  slice_->set(probe, origin, d1, d2);
}

void CudaProgram::evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) {
  FL_CHECK(points.size() == losses.size() && slice_);
  bind();
  slice_->evaluate(points, losses);
}

std::size_t CudaProgram::floats_of(int layer) const {
  if (layer == NetSpec::kImage) return spec_.input.floats();
  const std::vector<TensorShape> shapes = layer_shapes(spec_).value();
  const auto l = static_cast<std::size_t>(layer);
  return l == shapes.size() ? classes() : shapes[l].floats();
}

void CudaProgram::show_activations(std::int32_t image, std::span<const int> layers, DevicePtr<float> out) {
  bind();
  send_list({&image, 1});
  NetPlan& plan = recorded(NetPlan::Mode::kInference, 1).plan;

  const Stream& stream = lane_.stream;
  plan.begin();
  enqueue_gather(plan);
  plan.forward(source());
  // The probabilities come last, because they take the place of the logits.
  DevicePtr<float> probabilities;
  for (const int layer : layers) {
    if (layer == static_cast<int>(spec_.layers.size()))
      probabilities = out;
    else
      copy_on_device(stream, out, plan.output(layer), floats_of(layer) * sizeof(float));
    out = out + floats_of(layer);
  }
  if (spec_.outputs.empty())
    run(stream, 1,
        kernels::ImageLoss{plan.logits().get(), spec_.classes, labels_.data().get(), images_, nullptr,
                           lists_.list().get(), &cursor_.data().get()->batch, lists_.losses().get(),
                           lists_.hits().get(), nullptr, nullptr, 0, static_cast<float>(spec_.clip)});
  if (probabilities) copy_on_device(stream, probabilities, plan.logits(), classes() * sizeof(float));
}

void CudaProgram::activations(std::int32_t image, std::span<const int> layers, std::span<float> out) {
  bind();
  std::size_t floats = 0;
  for (const int layer : layers) floats += floats_of(layer);
  FL_CHECK(out.size() >= floats);
  if (wall_.size() < floats) wall_ = DeviceArray<float>(floats);
  show_activations(image, layers, wall_.data());
  download(lane_.stream, out.data(), wall_.data(), floats * sizeof(float));
}

void* CudaProgram::stream() {
  bind();
  return lane_.stream.handle();
}

DevicePtr<const double> CudaProgram::slice_losses() {
  return slice_->losses_on_device();
}

void CudaProgram::slice_losses_read() {
  slice_->read_by(lane_.stream);
}

}  // namespace fl::cuda

#include "trainer/run/frame_writer.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {

FrameWriter::FrameWriter(Training& training, LandscapeTracker& landscape)
    : training_(training), landscape_(landscape) {
  const NetSpec& spec = training.program().spec();
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  const auto add = [this](int layer, TensorShape shape, std::string name) {
    layers_.push_back(layer);
    shapes_.push_back(shape);
    layer_names_.push_back(std::move(name));
  };
  add(-1, spec.input, "input");
  for (std::size_t l = 0; l < spec.layers.size(); ++l)
    if (!spec.layers[l].output.empty() && layers_.size() + 1 < kFrameMaxLayers)
      add(static_cast<int>(l), shapes[l], spec.layers[l].output);
  add(static_cast<int>(spec.layers.size()), {spec.classes, 1, 1}, "probabilities");
  std::size_t floats = 0;
  for (const TensorShape& shape : shapes_) floats += shape.floats();
  activations_.resize(floats);
  if (!training.split().test.empty()) image_ = training.split().test.front();
}

FrameCapacity FrameWriter::capacity() const {
  return {.grid_side = static_cast<std::uint32_t>(training_.spec().landscape.grid),
          .path_points = static_cast<std::uint32_t>(training_.spec().landscape.snapshots) + 1,
          .feature_floats = static_cast<std::uint32_t>(activations_.size()),
          .epoch_points = static_cast<std::uint32_t>(training_.spec().epochs),
          .test_surface = landscape_.test_probe_images() > 0};
}

void FrameWriter::show_image(std::int32_t image) {
  FL_CHECK(image >= 0 && static_cast<std::size_t>(image) < training_.data().size());
  image_ = image;
}

void FrameWriter::refresh_activations() {
  if (activations_generation_ == training_.generation() && activations_step_ == training_.steps() &&
      activations_image_ == image_)
    return;
  training_.program().activations(image_, layers_, activations_);
  activations_generation_ = training_.generation();
  activations_step_ = training_.steps();
  activations_image_ = image_;
}

bool FrameWriter::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  refresh_activations();

  FrameHeader header;
  header.step = static_cast<std::uint32_t>(training_.steps());
  header.epoch = static_cast<std::uint32_t>(training_.history().epochs.size());
  header.steps_per_epoch = static_cast<std::uint32_t>(training_.steps_per_epoch());
  header.total_steps = static_cast<std::uint32_t>(training_.total_steps());
  header.state = static_cast<std::uint32_t>(state);
  header.rate = static_cast<float>(training_.rate());
  header.batch_loss = training_.history().steps.empty()
                          ? std::nanf("")
                          : static_cast<float>(training_.history().steps.back().loss);
  header.steps_per_second = static_cast<float>(steps_per_second);
  write_surface(*slot, header);
  write_path(*slot, header);
  write_curves(*slot, header);
  write_features(*slot, header);
  sink.publish(*slot, header);
  return true;
}

void FrameWriter::write_surface(const FrameSlot& slot, FrameHeader& header) const {
  const Surface* surface = landscape_.surface();
  const Plane* plane = landscape_.plane();
  if (surface == nullptr) return;
  FL_CHECK(surface->heights().size() <= slot.heights().size());
  std::ranges::copy(surface->heights(), slot.heights().begin());
  std::ranges::copy(surface->cells(), slot.cells().begin());
  if (const Surface* test = landscape_.test_surface(); test != nullptr) {
    std::ranges::copy(test->heights(), slot.test_heights().begin());
    std::ranges::copy(test->cells(), slot.test_cells().begin());
    header.test_evaluated = test->evaluated();
    header.test_loss_min = test->minimum();
    header.test_loss_max = test->maximum();
    header.test_probe_images = static_cast<std::uint32_t>(landscape_.test_probe_images());
  }
  header.grid_side = surface->side();
  header.grid_complete = surface->complete_side();
  header.grid_evaluated = surface->evaluated();
  header.frame_number = landscape_.frame_number();
  header.a_min = static_cast<float>(plane->a_min);
  header.a_max = static_cast<float>(plane->a_max);
  header.b_min = static_cast<float>(plane->b_min);
  header.b_max = static_cast<float>(plane->b_max);
  header.loss_min = surface->minimum();
  header.loss_max = surface->maximum();
  header.directions = static_cast<std::uint32_t>(plane->kind);
  header.explained1 = static_cast<float>(plane->explained1);
  header.explained2 = static_cast<float>(plane->explained2);
  header.null1 = static_cast<float>(plane->null1);
  header.null2 = static_cast<float>(plane->null2);
  header.probe_images = static_cast<std::uint32_t>(landscape_.probe_images());
  header.probe_standard_error = static_cast<float>(landscape_.probe_standard_error());
}

void FrameWriter::write_path(const FrameSlot& slot, FrameHeader& header) const {
  const auto& path = landscape_.path();
  const std::span<PathPoint> out = slot.path();
  const std::size_t count = std::min(path.size(), out.size());
  // Were there ever more than fit, the newest are the ones to show.
  std::copy(path.end() - static_cast<std::ptrdiff_t>(count), path.end(), out.begin());
  header.path_count = static_cast<std::uint32_t>(count);
  if (count > 0) header.ball = out[count - 1];
}

void FrameWriter::write_curves(const FrameSlot& slot, FrameHeader& header) const {
  const History& history = training_.history();
  const std::span<float> steps = slot.step_losses();
  // A long run shows every k-th step; the history itself stays whole.
  const std::size_t stride = (history.steps.size() + steps.size() - 1) / steps.size();
  header.step_stride = static_cast<std::uint32_t>(std::max<std::size_t>(stride, 1));
  float largest = 0;
  const auto note = [&largest](float value) {
    if (std::isfinite(value)) largest = std::max(largest, value);
  };
  for (std::size_t i = 0; i < history.steps.size(); i += header.step_stride) {
    steps[header.step_count] = static_cast<float>(history.steps[i].loss);
    note(steps[header.step_count++]);
  }
  const std::span<EpochPoint> epochs = slot.epochs();
  const std::size_t count = std::min(history.epochs.size(), epochs.size());
  for (std::size_t i = 0; i < count; ++i) {
    const EpochRecord& e = history.epochs[i];
    epochs[i] = {static_cast<float>(e.loss), static_cast<float>(e.accuracy), static_cast<float>(e.test_loss),
                 static_cast<float>(e.test_accuracy)};
    note(epochs[i].loss);
    note(epochs[i].test_loss);
  }
  header.epoch_count = static_cast<std::uint32_t>(count);
  if (count > 0) header.last_epoch = epochs[count - 1];
  header.curve_loss_max = largest;
}

void FrameWriter::write_features(const FrameSlot& slot, FrameHeader& header) const {
  std::ranges::copy(activations_, slot.features().begin());
  std::uint32_t offset = 0;
  for (std::size_t l = 0; l < shapes_.size(); ++l) {
    const std::span<const float> values = std::span(activations_).subspan(offset, shapes_[l].floats());
    const auto [low, high] = std::ranges::minmax_element(values);
    header.layers[l] = {offset,
                        static_cast<std::uint32_t>(shapes_[l].channels),
                        static_cast<std::uint32_t>(shapes_[l].height),
                        static_cast<std::uint32_t>(shapes_[l].width),
                        *low,
                        *high};
    offset += static_cast<std::uint32_t>(values.size());
  }
  header.layer_count = static_cast<std::uint32_t>(shapes_.size());
  header.class_count = static_cast<std::uint32_t>(training_.data().classes.size());
  const std::span<const float> probabilities = std::span(activations_).last(header.class_count);
  std::ranges::copy(probabilities, header.probabilities.begin());
  header.image_label = static_cast<std::uint32_t>(training_.data().labels[static_cast<std::size_t>(image_)]);
  header.image_prediction =
      static_cast<std::uint32_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

}  // namespace fl

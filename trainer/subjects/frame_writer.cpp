#include "trainer/subjects/frame_writer.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/log.h"
#include "trainer/subjects/landscape/surface_frame.h"

namespace fl {

FrameWriter::FrameWriter(Training& training, LandscapeTracker& landscape)
    : training_(training),
      landscape_(landscape),
      features_(training.program()),
      curves_(training),
      forks_(training, landscape),
      fate_(training),
      map_(training),
      heat_(training) {
  const NetSpec& spec = training.program().spec();
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  const auto add_shape = [this](TensorShape shape, std::string name) {
    shapes_.push_back(shape);
    layer_names_.push_back(std::move(name));
  };
  const Embedder* embedder = training_.embedder();
  if (embedder != nullptr) {
    add_shape(embedder->image(), "input");
    for (const Embedder::Maps& maps : embedder->maps()) add_shape(maps.shape, maps.name);
    for (const TensorShape& shape : shapes_) front_floats_ += shape.floats();
  }
  const auto add = [&](int layer, TensorShape shape, std::string name) {
    layers_.push_back(layer);
    add_shape(shape, std::move(name));
  };
  // The numbers that cross a cut through a backbone are maps that its own show.
  if (!spec.has(LayerKind::kPart)) add(-1, spec.input, embedder != nullptr ? "embedding" : "input");
  for (std::size_t l = 0; l < spec.layers.size(); ++l)
    if (!spec.layers[l].output.empty() && shapes_.size() + 1 < kFrameMaxLayers)
      add(static_cast<int>(l), shapes[l], spec.layers[l].output);
  add(static_cast<int>(spec.layers.size()), {spec.classes, 1, 1}, "probabilities");
  std::size_t floats = 0;
  for (const TensorShape& shape : shapes_) floats += shape.floats();
  activations_.resize(floats);
  if (!training.split().test.empty()) image_ = training.split().test.front();
}

FrameCapacity FrameWriter::capacity() const {
  FrameCapacity capacity{.grid_side = kGridSides.back(),  // another grid may be chosen
                         .path_points = static_cast<std::uint32_t>(training_.spec().landscape.snapshots) + 1,
                         .feature_floats = static_cast<std::uint32_t>(activations_.size()),
                         .test_surface = !training_.split().test.empty()};
  if (heat_.shape())
    capacity.heat_floats = static_cast<std::uint32_t>(heat_.shape()->height * heat_.shape()->width);
  curves_.add_to(capacity);
  forks_.add_to(capacity);
  fate_.add_to(capacity);
  map_.add_to(capacity);
  return capacity;
}

void FrameWriter::show_image(std::int32_t image) {
  FL_CHECK(image >= 0 && static_cast<std::size_t>(image) < training_.data().size());
  if (shows_guest()) training_.set_guest({});
  image_ = image;
}

void FrameWriter::show_heat(const command::ShowHeat& show) {
  show_heat_ = show;
  if (static_cast<std::size_t>(show.of) >= training_.data().classes.size()) show_heat_.of = -1;
}

void FrameWriter::show_pixels(std::span<const float> pixels) {
  ++guests_;
  image_ = training_.first_guest();
  training_.set_guest(training_.program_input(pixels));
  if (training_.embedder() != nullptr) look_at(pixels);
  activations_image_ = -1;  // that of the same index was another
}

void FrameWriter::look_at(std::span<const float> pixels) {
  const auto front = std::span(activations_).first(front_floats_);
  std::ranges::copy(pixels, front.begin());
  training_.embedder()->read_maps(pixels, front.subspan(pixels.size()));
  front_image_ = image_;
  ++front_version_;
}

void FrameWriter::bring_front() {
  if (front_floats_ == 0 || front_image_ == image_) return;
  std::vector<float> pixels(training_.image_shape().floats());
  if (auto read = training_.data().read_again(static_cast<std::size_t>(image_), pixels); !read) {
    log_warning("The image cannot be shown: {}", read.error().message);
    std::ranges::fill(pixels, -1.0f);  // black
  }
  look_at(pixels);
}

std::span<const float> FrameWriter::activations() {
  if (activations_generation_ == training_.generation() && activations_step_ == training_.steps() &&
      activations_image_ == image_)
    return activations_;
  features_.activations(image_, layers_, std::span(activations_).subspan(front_floats_));
  activations_generation_ = training_.generation();
  activations_step_ = training_.steps();
  activations_image_ = image_;
  return activations_;
}

bool FrameWriter::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  SlotWriter& writer = writer_for(*slot);

  Frame frame;
  frame.facts.step = static_cast<std::uint32_t>(training_.steps());
  frame.facts.epoch = static_cast<std::uint32_t>(training_.history().epochs.size());
  frame.header.steps_per_epoch = static_cast<std::uint32_t>(training_.steps_per_epoch());
  frame.facts.total_steps = static_cast<std::uint32_t>(training_.total_steps());
  frame.facts.state = state;
  frame.facts.rate = static_cast<float>(training_.rate());
  frame.facts.batch_loss = training_.history().steps.empty()
                               ? std::nanf("")
                               : static_cast<float>(training_.history().steps.back().loss);
  frame.facts.steps_per_second = static_cast<float>(steps_per_second);
  writer.begin_slot(*slot);
  write_surface(writer, *slot, frame);
  write_path(writer, *slot, frame);
  curves_.write(writer, *slot, frame);
  write_forks(writer, *slot, frame);
  write_features(writer, *slot, frame);
  write_heat(writer, *slot, frame);
  map_.write(writer, *slot, frame, image_, std::span(activations_).first(front_floats_), front_version_);
  writer.write_header(*slot, frame.header);
  sink.publish(*slot, frame);
  return true;
}

SlotWriter& FrameWriter::writer_for(const FrameSlot& slot) {
  if (slot.stream == nullptr) return host_;
  SlotWriter* device = training_.slot_writer();
  FL_CHECK_MSG(device != nullptr, "nobody said that slots lie on a device");
  return *device;
}

void FrameWriter::write_surface(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const {
  const FramedPlane* framed = landscape_.framed();
  if (framed == nullptr) return;
  write_framed_plane(writer, slot, *framed, frame);
  frame.facts.plane_number = landscape_.plane_number();
  // That of the path, which is measured anew where a plane has other images.
  frame.facts.probe_images = static_cast<std::uint32_t>(landscape_.probe_images());
  frame.facts.probe_standard_error = static_cast<float>(landscape_.probe_standard_error());
}

void FrameWriter::write_path(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const {
  const std::span<const PathPoint> path = landscape_.path();
  // Were there ever more than fit, the newest are the ones to show.
  const std::span<const PathPoint> shown = path.last(std::min(path.size(), slot.path().size()));
  writer.write_path(slot, shown);
  frame.header.path_count = static_cast<std::uint32_t>(shown.size());
  if (!shown.empty()) frame.header.ball = shown.back();
}

void FrameWriter::write_forks(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  std::vector<Fork*> chosen;
  if (const Fate::Pair* pair = fate_.chosen(); pair != nullptr && pair->forks[0])
    for (const auto& fork : pair->forks) chosen.push_back(fork.get());
  forks_.write(writer, slot, frame, chosen);
  fate_.write(writer, slot, frame);
}

void FrameWriter::write_features(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  std::uint32_t offset = 0;
  for (std::size_t l = 0; l < shapes_.size(); ++l) {
    FrameLayer& layer = frame.header.layers[l];
    layer.offset = offset;
    layer.channels = static_cast<std::uint32_t>(shapes_[l].channels);
    layer.height = static_cast<std::uint32_t>(shapes_[l].height);
    layer.width = static_cast<std::uint32_t>(shapes_[l].width);
    offset += static_cast<std::uint32_t>(shapes_[l].floats());
  }
  frame.facts.layer_count = static_cast<std::uint32_t>(shapes_.size());
  frame.facts.class_count = static_cast<std::uint32_t>(training_.data().classes.size());
  frame.facts.image = shows_guest() ? -1 : image_;
  frame.header.image_label =
      shows_guest() ? kNoLabel
                    : static_cast<std::uint32_t>(training_.data().labels[static_cast<std::size_t>(image_)]);
  bring_front();
  writer.write_features(slot,
                        {.image = image_,
                         .layers = layers_,
                         .shapes = shapes_,
                         .front = std::span(activations_).first(front_floats_),
                         .front_version = front_version_,
                         .values = [this] { return activations(); }},
                        frame.header);
}

void FrameWriter::write_heat(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  frame.facts.has_heat = heat_.shape().has_value();
  if (!show_heat_.on || !heat_.shape()) return;
  const auto pixels =
      std::span(activations_).first(training_.embedder() != nullptr ? training_.image_shape().floats() : 0);
  const HeatSource::Heat& heat = heat_.look(image_, shows_guest() ? guests_ : 0, pixels, show_heat_.of);
  writer.write_section(slot, slot.layout->heat, std::as_bytes(std::span(heat.values)));
  frame.header.heat_width = static_cast<std::uint32_t>(heat_.shape()->width);
  frame.header.heat_height = static_cast<std::uint32_t>(heat_.shape()->height);
  frame.facts.heat_class = heat.of;
}

}  // namespace fl

#pragma once
// Brings what a training and its landscape know into a frame slot: the small facts here, the sections by a
// SlotWriter that suits the slot's memory.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/publish/host_slot_writer.h"
#include "trainer/seam/frame.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/curves/curve_writer.h"
#include "trainer/subjects/fate/fate.h"
#include "trainer/subjects/forks/forks.h"
#include "trainer/subjects/heat/heat.h"
#include "trainer/subjects/landscape/landscape_tracker.h"
#include "trainer/subjects/map_writer.h"
#include "trainer/subjects/training.h"

namespace fl {

class FrameWriter {
 public:
  FrameWriter(Training& training, LandscapeTracker& landscape);

  // What a slot must hold for this training.
  [[nodiscard]] FrameCapacity capacity() const;
  // "input", then the network's named outputs, then "probabilities": the layers of FrameHeader. With a
  // backbone, its maps and the "embedding" come before the outputs; of one that is not all frozen, the maps
  // below.
  [[nodiscard]] const std::vector<std::string>& layer_names() const { return layer_names_; }
  // Of the same layers, in the same order.
  [[nodiscard]] const std::vector<TensorShape>& shapes() const { return shapes_; }
  // The image whose activations are shown: an index into the data set.
  void show_image(std::int32_t image);
  // The same for an image from outside: it becomes the program's guest, the only one. Precondition:
  // check_input, with Training::image_shape().
  void show_pixels(std::span<const float> pixels);
  [[nodiscard]] std::int32_t shown_image() const { return image_; }
  [[nodiscard]] CurveWriter& curves() { return curves_; }
  [[nodiscard]] Forks& forks() { return forks_; }
  [[nodiscard]] Fate& fate() { return fate_; }
  [[nodiscard]] const Fate& fate() const { return fate_; }
  [[nodiscard]] const Forks& forks() const { return forks_; }
  // Whether there is anything to show, the network says: without maps there is none.
  void show_heat(const command::ShowHeat& show);
  // As Subject says it.
  void look_at_map(bool looks) { map_.look_at(looks); }

  // Publishes a frame if a slot is free. `state` and `steps_per_second` are the session's to say.
  bool publish(FrameSink& sink, RunState state, double steps_per_second);

 private:
  // Who fills a slot: this writer if it lies in host memory, else the program on its device.
  [[nodiscard]] SlotWriter& writer_for(const FrameSlot& slot);
  // With a backbone: what the front of the activations is made of.
  void look_at(std::span<const float> pixels);
  // The image of the data set that is shown, where it is not there yet.
  void bring_front();
  // Of the shown image and the weights now, on the host; computed anew only when one of them changed.
  std::span<const float> activations();
  void write_surface(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const;
  void write_path(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const;
  // Of the run, and of those that are shown beside it.
  void write_forks(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void write_features(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  // Behind write_features(), which brings the front.
  void write_heat(SlotWriter& writer, const FrameSlot& slot, Frame& frame);

  [[nodiscard]] bool shows_guest() const { return image_ == training_.first_guest(); }

  Training& training_;
  LandscapeTracker& landscape_;
  FeatureSource& features_;
  HostSlotWriter host_;
  CurveWriter curves_;
  Forks forks_;
  Fate fate_;
  MapWriter map_;
  HeatSource heat_;
  command::ShowHeat show_heat_;
  std::uint64_t guests_ = 0;         // so far
  std::int32_t image_ = 0;           // of the data set, or the guest
  std::vector<int> layers_;          // as Program::activations numbers them
  std::vector<TensorShape> shapes_;  // of the front, then of layers_
  // What a head does not see of the image, the pixels and the backbone's maps: so much of activations_.
  std::size_t front_floats_ = 0;
  std::int32_t front_image_ = -1;  // whose it is
  std::uint64_t front_version_ = 0;
  std::vector<std::string> layer_names_;
  std::vector<float> activations_;
  std::int64_t activations_step_ = -1;  // what they belong to
  std::uint64_t activations_generation_ = 0;
  std::int32_t activations_image_ = -1;
};

}  // namespace fl

#pragma once
// Writes what a training and its landscape know into a frame slot.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/base/frame.h"
#include "trainer/run/landscape_tracker.h"
#include "trainer/run/training.h"

namespace fl {

class FrameWriter {
 public:
  FrameWriter(Training& training, LandscapeTracker& landscape);

  // What a slot must hold for this training.
  [[nodiscard]] FrameCapacity capacity() const;
  // "input", then the network's named outputs, then "probabilities": the layers of FrameHeader.
  [[nodiscard]] const std::vector<std::string>& layer_names() const { return layer_names_; }
  // Of the same layers, in the same order.
  [[nodiscard]] const std::vector<TensorShape>& shapes() const { return shapes_; }
  // The image whose activations are shown: an index into the data set.
  void show_image(std::int32_t image);
  [[nodiscard]] std::int32_t shown_image() const { return image_; }

  // Publishes a frame if a slot is free. `state` and `steps_per_second` are the run's to say.
  bool publish(FrameSink& sink, RunState state, double steps_per_second);

 private:
  void refresh_activations();
  void write_surface(const FrameSlot& slot, FrameHeader& header) const;
  void write_path(const FrameSlot& slot, FrameHeader& header) const;
  void write_curves(const FrameSlot& slot, FrameHeader& header) const;
  void write_features(const FrameSlot& slot, FrameHeader& header) const;

  Training& training_;
  LandscapeTracker& landscape_;
  std::int32_t image_ = 0;
  std::vector<int> layers_;  // as Program::activations numbers them
  std::vector<TensorShape> shapes_;
  std::vector<std::string> layer_names_;
  std::vector<float> activations_;
  std::int64_t activations_step_ = -1;  // what they belong to
  std::uint64_t activations_generation_ = 0;
  std::int32_t activations_image_ = -1;
};

}  // namespace fl

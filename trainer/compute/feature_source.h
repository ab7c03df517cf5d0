#pragma once
// What is shown of a network at work: the outputs of its layers for one image, how much each of them counts,
// and, where it computes on a device, the way from there into frame slots.

#include <cstdint>
#include <span>

#include "trainer/seam/slot_writer.h"

namespace fl {

class FeatureSource {
 public:
  virtual ~FeatureSource() = default;

  // Runs one image, of the data set or a guest, in evaluation mode and copies the outputs of the given layers
  // (planar) one after the other into `out`; layer -1 is the input, layer spec().layers.size() the class
  // probabilities, or the values of the outputs where a network has several.
  virtual void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) = 0;

  // How the network's outputs, those of Evaluator::outputs, hang on what layer `layer` gives for one image in
  // evaluation mode: the gradient of sum_k weights[k] * output[k] by its values, planar, into `out`.
  // `weights`: one for each of the outputs. Preconditions: those of WayBack::to.
  virtual void output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                               std::span<float> out) = 0;

  // Fills frame slots in this program's device memory, as long as the program lives; null where it computes
  // in host memory, whose slots the host fills.
  [[nodiscard]] virtual SlotWriter* slot_writer() { return nullptr; }
};

}  // namespace fl

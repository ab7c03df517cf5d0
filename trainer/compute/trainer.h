#pragma once
// Training: optimizer steps over the images of the data set. One call is one step or a burst of them, so that
// a CPU can chain primitives in its own layouts and a GPU can replay one captured graph. Nothing is allocated
// in a step after the first of its size.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/compute/augment_spec.h"
#include "trainer/compute/batch_result.h"
#include "trainer/optim/optimizer.h"

namespace fl {

struct StepResult {
  BatchResult batch;
  double gradient_norm = 0;  // |g|_2
  double update_norm = 0;    // |theta_(t+1) - theta_t|_2
};

// One step of a burst.
struct TrainBatch {
  std::span<const std::int32_t> images;
  double rate = 0;
};

// Everything that a training has changed on the device, as plain host arrays: what a checkpoint keeps.
struct ProgramState {
  std::vector<float> params;                         // layout().all_floats
  std::vector<float> statistics;                     // layout().statistic_floats
  std::vector<std::vector<float>> optimizer_arrays;  // as OptimizerState::arrays
  std::int64_t optimizer_steps = 0;                  // updates since set_optimizer
  std::int64_t updates = 0;                          // updates since set_seed
};

class Trainer {
 public:
  virtual ~Trainer() = default;

  // What dropout draws its masks from, together with the number of updates, which starts at 0 again.
  virtual void set_seed(std::uint64_t seed) = 0;
  // How the images of training batches are changed; off at first. Drawn from the seed and the number of
  // updates since set_seed. Evaluation, activations and slices see the images as they are.
  virtual void set_augmentation(const AugmentSpec& spec) = 0;
  // What the loss of an image counts for in training, by its class; empty, as at first: 1 for all. Evaluation
  // and slices never weigh. Precondition: one for each class, or none.
  virtual void set_class_weights(std::span<const float> weights) = 0;
  // Chooses the optimizer and clears its moments.
  virtual void set_optimizer(const OptimizerSpec& spec) = 0;

  [[nodiscard]] virtual ProgramState save_state() const = 0;
  // After set_seed and set_optimizer as they were when `state` was saved, training goes on with the same
  // bytes. Precondition: every array has the length that this network and this optimizer need.
  virtual void restore_state(const ProgramState& state) = 0;
  // What the steps of this training gave so far, none where it begins: where the program keeps the outcomes
  // of its steps to show them, those of the next ones come behind these.
  virtual void set_history(std::span<const StepResult> /*steps*/) {}

  // Forward in training mode, backward of the mean (weighted) loss, which is also what it reports; weights
  // and running statistics stay. Precondition, as for all steps: the images are of the data set.
  virtual BatchResult forward_backward(std::span<const std::int32_t> images) = 0;
  // What the last forward_backward or step left, layout().floats long.
  virtual void read_gradients(std::span<float> gradients) const = 0;
  // forward_backward, then one update of weights and running statistics. A loss that is not finite leaves the
  // weights alone.
  virtual StepResult train_step(std::span<const std::int32_t> images, double rate) = 0;
  // train_step for one batch after the other, in as few waits for the device as there can be. Ends behind a
  // step whose loss is not finite. Returns how many steps were made: the first so many of `results`, which is
  // as long as `batches`.
  virtual std::size_t train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results);
  // How many steps are worth asking for at once.
  [[nodiscard]] virtual std::size_t burst() const { return 1; }
};

}  // namespace fl

#pragma once
// The seam to a device. A Backend compiles a network into a Program, which owns everything that lives on
// the device: data set, parameter arena, gradients, optimizer moments. The seam is coarse on purpose: one
// call is one training step, or a batch of landscape points, so that a CPU can chain primitives in its own
// layouts and a GPU can replay one captured graph. Images are named by their index in the resident data.
//
// A Program is used by one thread at a time. Nothing is allocated in a step after the first of its size.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/compute/augment_spec.h"
#include "trainer/compute/device_error.h"
#include "trainer/seam/slot_writer.h"
#include "trainer/base/device_uuid.h"
#include "trainer/base/result.h"
#include "trainer/net/param_layout.h"
#include "trainer/optim/optimizer.h"

namespace fl {

struct BatchResult {
  double loss = 0;  // mean over the images; not finite when training diverged
  int correct = 0;  // images whose largest logit is their label
  int images = 0;
};

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

struct EvalResult {
  BatchResult batch;
  double standard_error = 0;  // s / sqrt(n) of the per-image losses; 0 for a single image
};

// Which batch-norm statistics an evaluation uses.
enum class NormStatistics {
  kRunning,      // those of the run, gathered while it trained
  kReestimated,  // those of the very images evaluated, in one batch: running ones belong to one weight vector
                 // and would make every other point of a landscape look worse than it is
};

struct SlicePoint {
  double a = 0, b = 0;
};

// Everything that a training has changed on the device, as plain host arrays: what a checkpoint keeps.
struct ProgramState {
  std::vector<float> params;                         // layout().floats
  std::vector<float> statistics;                     // layout().statistic_floats
  std::vector<std::vector<float>> optimizer_arrays;  // as OptimizerState::arrays
  std::int64_t optimizer_steps = 0;                  // updates since set_optimizer
  std::int64_t updates = 0;                          // updates since set_seed
};

class Program {
 public:
  virtual ~Program() = default;

  [[nodiscard]] virtual const NetSpec& spec() const = 0;
  [[nodiscard]] virtual const ParamLayout& layout() const = 0;

  // Makes a data set resident: pixels [image][channel][y][x], labels [image] in [0, classes).
  virtual void set_data(std::span<const float> pixels, std::span<const std::int32_t> labels) = 0;

  virtual void write_params(std::span<const float> params) = 0;
  virtual void read_params(std::span<float> params) const = 0;
  virtual void read_gradients(std::span<float> gradients) const = 0;
  // Running statistics of batch norms, layout().statistic_floats long; empty for networks without. They
  // start as mean 0, variance 1.
  virtual void write_statistics(std::span<const float> statistics) = 0;
  virtual void read_statistics(std::span<float> statistics) const = 0;
  virtual void reset_statistics() = 0;
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
  // After set_seed and set_optimizer as they were when `state` was saved, training goes on with the same bytes.
  // Precondition: every array has the length that this network and this optimizer need.
  virtual void restore_state(const ProgramState& state) = 0;
  // What the steps of this training gave so far, none where it begins: where the program keeps the outcomes of its
  // steps to show them, those of the next ones come behind these.
  virtual void set_history(std::span<const StepResult> /*steps*/) {}

  // Forward in training mode, backward of the mean (weighted) loss, which is also what it reports; weights and
  // running statistics stay.
  virtual BatchResult forward_backward(std::span<const std::int32_t> images) = 0;
  // forward_backward, then one update of weights and running statistics. A loss that is not finite leaves the
  // weights alone.
  virtual StepResult train_step(std::span<const std::int32_t> images, double rate) = 0;
  // train_step for one batch after the other, in as few waits for the device as there can be. Ends behind a
  // step whose loss is not finite. Returns how many steps were made: the first so many of `results`, which is
  // as long as `batches`.
  virtual std::size_t train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results);
  // How many steps are worth asking for at once.
  [[nodiscard]] virtual std::size_t burst() const { return 1; }
  // Evaluation mode. `probabilities` is empty or [images][classes]. With running statistics an image's share does
  // not depend on those it is evaluated with.
  virtual EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                              NormStatistics statistics = NormStatistics::kRunning) = 0;

  // The slice f(a, b) = L(o + a d1 + b d2) over the probe images (evaluation mode, statistics re-estimated);
  // the three arenas are copied. The run's own weights and statistics are never touched.
  virtual void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                         std::span<const float> d1, std::span<const float> d2) = 0;
  // losses[i] = f(points[i]); not finite where the loss is. Precondition: set_slice was called.
  virtual void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) = 0;

  // Runs one image in evaluation mode and copies the outputs of the given layers (planar) one after the
  // other into `out`; layer -1 is the input, layer spec().layers.size() the class probabilities.
  virtual void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) = 0;

  // Fills frame slots in this program's device memory, as long as the program lives; null where it computes
  // in host memory, whose slots the host fills.
  [[nodiscard]] virtual SlotWriter* slot_writer() { return nullptr; }
};

class Backend {
 public:
  virtual ~Backend() = default;
  // "CPU (oneDNN 2.6.3, 2 threads)"
  [[nodiscard]] virtual std::string device() const = 0;
  // The card whose memory its programs compute in; none where that is the host's.
  [[nodiscard]] virtual std::optional<DeviceUuid> gpu() const { return std::nullopt; }
  // `max_batch`: the largest training batch.
  virtual Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) = 0;
};

// The CPU backend on `threads` threads (0: one a core).
Result<std::unique_ptr<Backend>> make_cpu_backend(int threads);

}  // namespace fl

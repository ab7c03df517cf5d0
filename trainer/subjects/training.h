#pragma once
// One training, one call at a time: no thread, no clock in any decision. A Session gives it a thread;
// `fallline train` drives it directly, so that the same scene and seed give the same bytes.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/backbone/embedding.h"
#include "trainer/compute/backend.h"
#include "trainer/data/balance.h"
#include "trainer/data/prepare.h"
#include "trainer/data/same_images.h"
#include "trainer/seam/frame.h"
#include "trainer/subjects/forks/course.h"
#include "trainer/subjects/network/unfrozen.h"
#include "trainer/subjects/record/report.h"
#include "trainer/subjects/run_spec.h"
#include "trainer/subjects/training_state.h"

namespace fl {

class Training {
 public:
  // `embedder`: of the backbone, where the scene has one; `data` then holds its embeddings, also those of
  // mirrored images where the scene trains on them. Splits the data,
  // compiles the network and draws the starting weights. `start`: those, where they are not drawn, whatever
  // the seed; with a backbone they are the head's. `above`: what of the backbone is trained (CutBackbone),
  // with an embedder for what is below. Errors: data that cannot be split, networks that do not fit, unknown
  // names.
  static Result<std::unique_ptr<Training>> create(const RunSpec& spec, Dataset data,
                                                  std::shared_ptr<Backend> backend,
                                                  std::unique_ptr<Embedder> embedder = {},
                                                  std::vector<float> start = {},
                                                  std::optional<KnownNetwork> above = {});

  // One optimizer step; the last of an epoch also evaluates the test set. False when there is nothing to
  // do: the epochs are over or training diverged.
  bool step() { return advance(1) > 0; }
  // Up to `most` steps, none beyond the end of the epoch, in as few waits for the device as there can be; how
  // many were made. The bytes are those of as many calls of step().
  std::int64_t advance(std::int64_t most);
  // How many of them are worth asking for at once.
  [[nodiscard]] std::int64_t burst() const { return static_cast<std::int64_t>(program_->burst()); }
  // Back to the starting weights of `seed`; history is forgotten, rate and optimizer stay as set.
  Result<void> reset(std::uint64_t seed);
  // The base rate, from which the schedule makes that of each step.
  void set_rate(double rate) { rate_ = rate; }
  // With the scene's parameters where it sets them, else this optimizer's defaults; its state starts anew.
  void set_optimizer(OptimizerKind kind);

  // The slots to be filled lie in the memory of the program's device: from now on what they show is kept
  // there, too (SlotWriter). Before that, and where they never do, nothing is. Precondition: the program has
  // a slot writer.
  void use_device_slots();
  // Null before.
  [[nodiscard]] SlotWriter* slot_writer() const { return slot_writer_; }

  // From the next step on, whatever is left of the epoch included, the images come in the order of this seed.
  void change_order(std::uint64_t seed);
  // From the next step on the rate falls in a line towards nothing, over so many steps and on to the end of
  // an epoch; with that this training ends.
  void let_rate_fall(std::int64_t least_steps);
  // The run as it is now. Precondition of exchange(): no slots on a device (use_device_slots).
  [[nodiscard]] Course course() const;
  // Goes on with another course of this training, and leaves there the one it had. The generation stays.
  void exchange(Course& other);

  // Everything that training changed, between any two steps.
  [[nodiscard]] TrainingState save() const;
  // Goes on from there, with the bytes of a training that never stopped. Rate and optimizer are those that
  // were set last, unless the scene now says another than it did; moments stay as long as the optimizer does.
  // Preconditions: can_restore(state), and it has this network's arrays.
  void restore(const TrainingState& state);
  // Looks at all but the arrays. The error is a reason to put into a sentence: other data, another batch size
  // or seed, more steps than the epochs have.
  [[nodiscard]] Result<void> can_restore(const TrainingState& state) const {
    return check_state(state, origin(), spec_.epochs);
  }

  [[nodiscard]] bool over() const { return state_ == RunState::kFinished || state_ == RunState::kDiverged; }
  // kReady before the first step, then kTraining, kFinished or kDiverged: a loss was not finite, or that of
  // the weights after the last step would not be.
  [[nodiscard]] RunState state() const { return state_; }
  [[nodiscard]] std::int64_t steps() const { return static_cast<std::int64_t>(history_.steps.size()); }
  [[nodiscard]] std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  [[nodiscard]] std::int64_t total_steps() const { return steps_per_epoch_ * spec_.epochs; }
  // With which it ends, unless it diverges: total_steps(), or where a falling rate ends.
  [[nodiscard]] std::int64_t last_step() const {
    return turn_.fall_from >= 0 ? turn_.fall_end : total_steps();
  }
  // Whose accuracies are in the history.
  [[nodiscard]] std::size_t curve_classes() const {
    return split_.test.empty() ? 0 : std::min<std::size_t>(data_.classes.size(), kFrameMaxClasses);
  }
  // The run as it is by now, with the base rate and the optimizer that were set last.
  [[nodiscard]] RunSpec run_in_use() const {
    RunSpec run = spec_;
    run.rate = rate_;
    return run;
  }
  // The base rate; history has what the schedule made of it.
  [[nodiscard]] double rate() const { return rate_; }
  [[nodiscard]] const History& history() const { return history_; }
  // Into the history, in the place of its step.
  void note_curvature(const CurvatureRecord& record);
  void note_line(const LineRecord& record);
  [[nodiscard]] const RunSpec& spec() const { return spec_; }
  // Names, labels and classes; the pixels have gone to the program.
  [[nodiscard]] const Dataset& data() const { return data_; }
  // Of the current start and order; the split and the phantoms keep the scene's.
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // Rises with each reset: the same step of another generation has other weights.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  [[nodiscard]] const Split& split() const { return split_; }
  // That an epoch goes through: the training images, and where the scene says so, their mirrors.
  [[nodiscard]] std::size_t images_per_epoch() const { return trained_.size(); }
  // The program's index of the first image from outside: those of the data set, and their mirrors, come
  // before.
  [[nodiscard]] std::int32_t first_guest() const { return first_guest_; }
  [[nodiscard]] const std::shared_ptr<const SameImages>& same_images() const { return same_images_; }
  // What was done to the pixels last or, with a backbone, to the numbers that it makes of them; empty where
  // the scene wants them as they are, or layers of the network do it.
  [[nodiscard]] const Standardisation& standardisation() const { return standardisation_; }
  // Null: the network sees the images themselves.
  [[nodiscard]] Embedder* embedder() const { return embedder_.get(); }
  // Of the pixels that network or backbone sees.
  [[nodiscard]] ImageShape image_shape() const { return embedder_ ? embedder_->image() : data_.shape; }
  // Makes the pixels of any image file what those of the data set are or, with a backbone, were before they
  // were embedded: of image_shape(). From any thread, also while another trains. Errors: as prepare_input.
  [[nodiscard]] Result<std::vector<float>> prepare(std::span<const std::byte> file, std::string_view name,
                                                   ImageRemarks* remarks = nullptr) const;
  // What the program takes of such pixels: they themselves or, with a backbone, the numbers it makes of them.
  [[nodiscard]] std::vector<float> program_input(std::span<const float> pixels);
  // The image from outside that is looked at, as program_input() has it, in place of the one before; empty:
  // none. It is the program's first guest.
  void set_guest(std::vector<float> input);
  // What the network of the moment says of images from outside, [image][class]; `inputs`: as program_input()
  // has each. That of set_guest() stays what it is.
  void judge(std::span<const float> inputs, std::span<float> probabilities);
  [[nodiscard]] Program& program() { return *program_; }
  [[nodiscard]] const Program& program() const { return *program_; }
  [[nodiscard]] std::string device() const { return backend_->device(); }
  [[nodiscard]] std::optional<DeviceUuid> gpu() const { return backend_->gpu(); }

  // Evaluates the test set for the per-class figures, where that was not done for these very weights.
  [[nodiscard]] Report report();
  // Of the last evaluation of the test set; null before the first. Made when first asked for.
  [[nodiscard]] std::shared_ptr<const TestFigures> test_figures();

 private:
  Training(RunSpec spec, Dataset data, Split split, std::shared_ptr<Backend> backend,
           std::unique_ptr<Program> program, std::unique_ptr<Embedder> embedder,
           std::optional<Unfrozen> unfrozen);
  [[nodiscard]] Result<std::vector<float>> starting_weights(std::uint64_t seed) const;
  [[nodiscard]] TrainingState::Origin origin() const;
  void hand_over_data();
  void order_epoch(int epoch);
  void plan_burst(std::int64_t index, std::int64_t count);
  [[nodiscard]] double rate_of_step(std::int64_t step) const;
  void record_step(double rate, const StepResult& result);
  [[nodiscard]] std::int64_t images_of_step(std::int64_t step) const;
  [[nodiscard]] std::vector<StepResult> results_of_history() const;
  // Whether the weights as they are still give numbers: no step tells that of the update it ends with.
  // `test_loss`: of these weights, where there is a test set.
  [[nodiscard]] bool weights_give_numbers(double test_loss);
  [[nodiscard]] RunState state_at_end(double test_loss);
  void finish_epoch();
  EvalResult evaluate_test_set();
  [[nodiscard]] bool tested() const { return tested_step_ == steps(); }
  void forget_test();
  void begin_epochs_on_device();

  RunSpec spec_;
  Dataset data_;
  Split split_;
  std::shared_ptr<Backend> backend_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<Embedder> embedder_;
  std::optional<Unfrozen> unfrozen_;  // where the backbone is not all frozen
  std::vector<float> start_;          // empty: drawn
  std::vector<float> guest_;
  SlotWriter* slot_writer_ = nullptr;
  std::vector<std::int32_t> trained_;  // of an epoch, in the order of the split
  std::int32_t first_guest_ = 0;
  std::int64_t steps_per_epoch_ = 0;
  std::vector<TrainingState::ClassImages> class_images_;
  Standardisation standardisation_;
  std::shared_ptr<const SameImages> same_images_;
  OptimizerSpec scene_optimizer_;
  double rate_ = 0;
  std::uint64_t seed_ = 0, generation_ = 0;
  RunState state_ = RunState::kReady;
  Turn turn_;
  History history_;
  std::optional<BalancedSampler> sampler_;  // [train] balance = "sample"
  std::vector<std::int32_t> order_;         // of this epoch
  std::vector<TrainBatch> burst_;           // of the steps in hand; kept for its memory
  std::vector<StepResult> burst_results_;
  double epoch_loss_ = 0;  // sums over the images of this epoch
  int epoch_correct_ = 0, epoch_images_ = 0;
  // Of the last evaluation of the test set: [test image][class], and the step whose weights they are of; -1:
  // none.
  std::vector<float> test_probabilities_;
  double test_loss_ = 0;
  std::int64_t tested_step_ = -1;
  std::shared_ptr<const TestFigures> test_figures_;
  double training_seconds_ = 0, epoch_seconds_ = 0;  // measured, never used to decide
};

}  // namespace fl

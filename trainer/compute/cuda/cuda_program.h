#pragma once
// A network on a CUDA device. One arena holds weights, gradients, moments and statistics; the data set lives
// beside it. A training step, forward, backward, update and all, is one recorded graph for each batch size:
// whatever changes from step to step (which images, rate, optimizer, seed) it reads from a table on the
// device, so live edits need no new recording, and a burst of steps costs one wait. The rule that a diverged
// network keeps its last finite weights is kept by the device itself (kernels/step_kernels.h).

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/cuda_options.h"
#include "trainer/compute/cuda/cuda_slice.h"
#include "trainer/compute/cuda/frame_device.h"
#include "trainer/compute/cuda/image_lists.h"
#include "trainer/compute/cuda/places.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/program.h"
#include "trainer/net/way_back.h"

namespace fl::cuda {

class CudaProgram final : public Program, public FrameSources {
 public:
  CudaProgram(NetSpec spec, const CudaOptions& options);

  [[nodiscard]] const NetSpec& spec() const override { return spec_; }
  [[nodiscard]] const ParamLayout& layout() const override { return layout_; }
  void set_data(std::vector<float> pixels, std::span<const std::int32_t> labels) override;
  void set_targets(std::vector<float> targets) override;
  void set_guests(std::span<const float> pixels) override;
  void write_params(std::span<const float> params) override;
  void read_params(std::span<float> params) const override;
  void read_gradients(std::span<float> gradients) const override;
  void write_statistics(std::span<const float> statistics) override;
  void read_statistics(std::span<float> statistics) const override;
  void reset_statistics() override;
  void set_seed(std::uint64_t seed) override;
  void set_augmentation(const AugmentSpec& spec) override { augmentation_ = spec; }
  void set_class_weights(std::span<const float> weights) override;
  void set_optimizer(const OptimizerSpec& spec) override;
  [[nodiscard]] ProgramState save_state() const override;
  void restore_state(const ProgramState& state) override;
  void set_history(std::span<const StepResult> steps) override;
  BatchResult forward_backward(std::span<const std::int32_t> images) override;
  StepResult train_step(std::span<const std::int32_t> images, double rate) override;
  std::size_t train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results) override;
  [[nodiscard]] std::size_t burst() const override { return kBurst; }
  EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                      NormStatistics statistics) override;
  void outputs(std::span<const std::int32_t> images, std::span<float> out) override;
  void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                 std::span<const float> d1, std::span<const float> d2) override;
  void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) override;
  void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) override;
  void output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                       std::span<float> out) override;

  [[nodiscard]] SlotWriter* slot_writer() override { return &slot_writer_; }
  // FrameSources
  void* stream() override;
  DeviceSpan<const float> params() override { return {part(Part::kParams), layout_.floats}; }
  kernels::Evaluated evaluated() override { return {totals_.data().get(), static_cast<double>(evaluated_)}; }
  DevicePtr<const double> slice_losses() override;
  void slice_losses_read() override;
  void show_activations(std::int32_t image, std::span<const int> layers, DevicePtr<float> out) override;
  kernels::StepRing steps() override {
    return {outcomes_.data().get(), outcomes_.size(), options_.kept_steps};
  }

 private:
  static constexpr std::size_t kBurst = 64;  // steps between two looks of the host

  // Parts of the arena, in its order; the optimizer's state arrays are kFirst and kSecond.
  enum class Part { kParams, kGradients, kPrevious, kFirst, kSecond, kStatistics };
  struct Arena {
    Places places;
    std::vector<std::size_t> begins;  // by part, in floats

    explicit Arena(const ParamLayout& layout);
  };
  struct Recorded {
    NetPlan plan;
    Replay replay;
  };

  [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(spec_.classes); }
  [[nodiscard]] DevicePtr<float> part(Part part) const;
  // Those that the optimizer in use has a use for.
  [[nodiscard]] std::vector<Part> moment_parts() const;
  // Uploads how the optimizer treats each of them.
  void group_parameters();
  void write_part(Part to, std::span<const float> values);
  void read_part(Part from, std::span<float> values) const;
  // All parameters, or the trained ones.
  [[nodiscard]] bool is_arena(std::size_t floats) const {
    return floats == layout_.floats || floats == layout_.all_floats;
  }
  // Makes the device this thread's.
  void bind() const { use_device(options_.device); }

  Recorded& recorded(NetPlan::Mode mode, std::size_t batch);
  // Room for lists of so many images.
  void reserve(std::size_t images);
  // Tables of `batches`, on their way to the device.
  void send_steps(std::span<const TrainBatch> batches);
  // Those of the next `steps`, on their way to the host.
  void fetch_outcomes(std::size_t steps);
  std::size_t run_burst(std::span<const TrainBatch> batches, std::span<StepResult> results);
  void enqueue_gradients(NetPlan& plan);
  void enqueue_update(NetPlan& plan);
  void enqueue_pass(NetPlan& plan);
  void enqueue_gather(NetPlan& plan);
  void send_list(std::span<const std::int32_t> images);
  [[nodiscard]] std::size_t evaluation_batch() const;
  // Of one image's activations, layers as Program::activations numbers them.
  [[nodiscard]] std::size_t floats_of(int layer) const;
  // What a network with outputs of its own is trained towards must be there.
  void check_targets() const {
    FL_CHECK(targets_.size() == (spec_.outputs.empty() ? 0 : images_ * classes()));
  }
  [[nodiscard]] NetPlan::Source source() const;
  [[nodiscard]] kernels::TargetTable targets() const {
    return {output_parts_.data().get(), output_parts_.size(), targets_.data().get()};
  }
  // Copies the outcomes of steps [begin, end), begun at 0, between the ring and an array that begins with the
  // first's: copy(place in the ring, place in the array, count), once or twice.
  template <typename F>
  void each_run_of_ring(std::size_t begin, std::size_t end, F copy) const {
    for (std::size_t at = begin; at < end;) {
      const std::size_t place = at % outcomes_.size();
      const std::size_t count = std::min(end - at, outcomes_.size() - place);
      copy(place, at - begin, count);
      at += count;
    }
  }

  NetSpec spec_;
  ParamLayout layout_;
  CudaOptions options_;
  Lane lane_;
  Arena parts_;
  DeviceArray<float> arena_;
  DeviceArray<std::uint8_t> groups_;  // [trained float]: kernels::parameter_group()
  double other_rate_factor_ = 1;      // of the learning rate, for those who do not learn at that itself
  DeviceArray<float> class_weights_;  // ones where none are set

  std::size_t images_ = 0;  // of the data set
  DeviceArray<float> pixels_;
  DeviceArray<std::int32_t> labels_;
  DeviceArray<float> guests_;
  DeviceArray<kernels::OutputPart> output_parts_;  // of a network with outputs of its own
  DeviceArray<float> targets_;

  std::uint64_t seed_ = 0;
  std::int64_t updates_ = 0;  // since the seed was set
  AugmentSpec augmentation_;
  OptimizerSpec optimizer_;
  std::int64_t optimizer_steps_ = 0;  // since it was set
  std::size_t steps_ = 0;             // of this training: where the ring goes on

  ImageLists lists_;
  DeviceArray<kernels::StepState> state_;
  DeviceArray<kernels::StepInput> inputs_;
  DeviceArray<kernels::StepOutcome> outcomes_;  // a ring
  DeviceArray<kernels::EvaluationCursor> cursor_;
  DeviceArray<kernels::ListTotals> totals_;
  std::size_t evaluated_ = 1;  // images of the totals
  PinnedArray<kernels::StepState> staged_state_;
  PinnedArray<kernels::StepInput> staged_inputs_;
  PinnedArray<kernels::StepOutcome> fetched_outcomes_;
  PinnedArray<kernels::EvaluationCursor> staged_cursor_;
  std::map<std::pair<NetPlan::Mode, std::size_t>, Recorded> recorded_;

  // Of one image, back to a layer; made when first asked for.
  struct Explained {
    WayBack way;
    NetPlan plan;
    Explained(WayBack to, Lane& lane)
        : way(std::move(to)), plan(way.spec, way.layout, 1, NetPlan::Mode::kTraining, lane) {}
  };
  std::map<int, std::unique_ptr<Explained>> explained_;

  DeviceArray<float> wall_;  // activations on their way to the host
  std::unique_ptr<CudaSlice> slice_;
  FrameDevice frame_device_;
  DeviceSlotWriter<FrameDevice> slot_writer_{frame_device_, *this};
};

}  // namespace fl::cuda

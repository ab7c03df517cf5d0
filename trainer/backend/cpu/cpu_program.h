#pragma once
// A network on the CPU: host arenas, one oneDNN plan for each batch size that occurs, plain loops for what
// lies between (gathering a batch, the loss, the optimizer, forming a point of a slice).

#include <map>
#include <memory>
#include <vector>

#include "trainer/backend/backend.h"
#include "trainer/backend/cpu/plan.h"

namespace fl {

class CpuProgram final : public Program {
 public:
  CpuProgram(NetSpec spec, int threads);

  [[nodiscard]] const NetSpec& spec() const override { return spec_; }
  [[nodiscard]] const ParamLayout& layout() const override { return layout_; }
  void set_data(std::span<const float> pixels, std::span<const std::int32_t> labels) override;
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
  BatchResult forward_backward(std::span<const std::int32_t> images) override;
  StepResult train_step(std::span<const std::int32_t> images, double rate) override;
  EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                      NormStatistics statistics) override;
  void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                 std::span<const float> d1, std::span<const float> d2) override;
  void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) override;
  void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) override;

 private:
  [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(spec_.classes); }
  Plan& plan(Plan::Mode mode, std::size_t batch);
  // The images of an evaluation, as they are.
  void gather(std::span<const std::int32_t> images, std::span<float> destination) const;
  // Those of a training batch, augmented where that is on.
  void gather_training(std::span<const std::int32_t> images, std::span<float> destination) const;
  void draw_masks(Plan& step) const;
  // The training plan of this batch size, run forward and backward.
  BatchResult forward_backward(Plan& step, std::span<const std::int32_t> images);
  // Runs `images` in evaluation mode with `params`: chunk by chunk, or in one batch where the statistics are
  // to be the images' own.
  EvalResult evaluate_with(std::span<const float> params, std::span<const std::int32_t> images,
                           std::span<float> probabilities, NormStatistics statistics);

  NetSpec spec_;
  ParamLayout layout_;
  int threads_;
  dnnl::engine engine_;
  std::map<std::pair<Plan::Mode, std::size_t>, std::unique_ptr<Plan>> plans_;

  std::vector<float> pixels_;
  std::vector<std::int32_t> labels_;
  std::vector<float> params_, gradients_, statistics_;
  std::vector<float> previous_params_;  // before the last update, in case it was one too far
  std::uint64_t seed_ = 0;
  std::int64_t updates_ = 0;  // since the seed was set
  AugmentSpec augmentation_;
  std::vector<float> class_weights_;  // empty: all 1
  bool has_norm_;
  OptimizerSpec optimizer_;
  OptimizerState optimizer_state_;
  std::vector<float> probability_row_;

  std::vector<std::int32_t> probe_;
  std::vector<float> slice_origin_, slice_d1_, slice_d2_, slice_params_;
};

}  // namespace fl

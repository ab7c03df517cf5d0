#pragma once
// A network on the CPU: host arenas, oneDNN plans for each batch size that occurs, plain loops for what lies
// between (gathering a batch, the loss, the optimizer, forming a point of a slice).

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "trainer/compute/cpu/cpu_network.h"
#include "trainer/compute/cpu/slice/dense_slice.h"
#include "trainer/compute/cpu/target_loss.h"
#include "trainer/compute/program.h"
#include "trainer/net/way_back.h"

namespace fl {

// Who works at a program.
struct CpuTeam {
  int threads = 1;  // decides how long it takes
  int shares = 1;   // decides the bytes: in so many shares a training batch is computed and summed
};

class CpuProgram final : public Program {
 public:
  // `params`: where the parameters lie, layout.all_floats of them, in memory of somebody who outlives this;
  // empty: in its own.
  CpuProgram(std::shared_ptr<CpuNetwork> network, CpuTeam team, std::span<float> params = {});

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
  void set_seed(std::uint64_t seed) override {
    seed_ = seed;
    updates_ = 0;
  }
  void set_augmentation(const AugmentSpec& spec) override { augmentation_ = spec; }
  void set_class_weights(std::span<const float> weights) override;
  void set_optimizer(const OptimizerSpec& spec) override;
  [[nodiscard]] ProgramState save_state() const override;
  void restore_state(const ProgramState& state) override;
  BatchResult forward_backward(std::span<const std::int32_t> images) override;
  StepResult train_step(std::span<const std::int32_t> images, double rate) override;
  EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                      NormStatistics statistics) override;
  void outputs(std::span<const std::int32_t> images, std::span<float> out) override;
  void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                 std::span<const float> d1, std::span<const float> d2) override;
  [[nodiscard]] std::size_t points_at_once() const override {
    return dense_slice_ ? dense_slice_->points_at_once() : 1;
  }
  void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) override;
  void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) override;
  void output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                       std::span<float> out) override;
  void let_rest(std::function<void()> rest) override { rest_ = std::move(rest); }

 private:
  [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(spec_.classes); }
  [[nodiscard]] std::size_t threads() const { return static_cast<std::size_t>(threads_); }
  // How many threads evaluate side by side.
  [[nodiscard]] std::size_t evaluators() const;
  // Whether a training step of so many images is one thread's, which is done with it before two have found
  // each other: that of a head on embeddings is. On a busy machine this makes most of the difference.
  [[nodiscard]] bool is_little(std::size_t batch) const {
    constexpr std::size_t kLittle = 4'000'000;
    return dense_slice_ && layout_.floats * batch < kLittle;
  }
  // `batch` images split into `members` shares, as a key of the plans for them.
  [[nodiscard]] PlanShelf::Key team(Plan::Mode mode, std::size_t batch, std::size_t members) const;
  [[nodiscard]] PlanShelf::Key training_team(std::size_t batch) const;
  // Before threads set to work on them. Guests have no place in training or in a probe.
  void check_of_data_set(std::span<const std::int32_t> images) const;
  void check_resident(std::span<const std::int32_t> images) const;
  // All parameters, or the trained ones.
  [[nodiscard]] bool is_arena(std::size_t floats) const {
    return floats == layout_.floats || floats == layout_.all_floats;
  }
  // Evaluator says what guests count as.
  [[nodiscard]] std::int32_t label_of(std::int32_t image) const;
  // The images of an evaluation, as they are.
  void gather(std::span<const std::int32_t> images, std::span<float> destination) const;
  // Those of a training batch from image `first` on, augmented where that is on.
  void gather_training(std::span<const std::int32_t> images, std::size_t first,
                       std::span<float> destination) const;
  void draw_masks(PlanTeam& step) const;
  // The training team of this batch size, run forward and backward.
  BatchResult forward_backward(PlanTeam& step, std::span<const std::int32_t> images);
  // Between a share's forward and backward: its images' outcomes, and the gradients of its logits.
  void weigh_loss(Plan& share, std::span<const std::int32_t> images, std::size_t first, std::size_t batch);
  // Evaluates `images` at each of `points` networks; params_of(point, member) gives the arena of one, in
  // memory of that member's. Leaves outcomes_, [point][image].
  template <typename ParamsOf>
  void evaluate_points(std::size_t points, const ParamsOf& params_of, std::span<const std::int32_t> images,
                       std::span<float> probabilities, NormStatistics statistics);
  void evaluate_chunk(Plan& pass, std::span<const std::int32_t> images, std::size_t outcome,
                      std::span<float> probabilities);
  void read_activations(Plan& pass, std::int32_t image, std::span<const int> layers, std::span<float> out);

  [[nodiscard]] std::span<const float> pixels() const {
    return images_ ? std::span<const float>(*images_) : std::span<const float>();
  }

  std::shared_ptr<CpuNetwork> network_;
  std::function<void()> rest_;  // null: none
  const NetSpec& spec_;
  const ParamLayout& layout_;
  int threads_;
  std::size_t shares_;
  // Of one image, back to a layer; made when first asked for.
  struct Explained {
    WayBack way;
    PlanTeam team;
    Explained(const dnnl::engine& engine, WayBack to, int threads)
        : way(std::move(to)), team(engine, way.spec, way.layout, Plan::Mode::kTraining, 1, 1, threads) {}
  };
  std::map<int, std::unique_ptr<Explained>> explained_;

  std::shared_ptr<const std::vector<float>> images_;  // null: none yet
  std::vector<std::int32_t> labels_;
  std::vector<float> guests_;
  TargetLoss targets_;
  std::vector<float> own_params_;  // empty: they lie elsewhere
  std::span<float> params_;
  std::vector<float> gradients_, statistics_;
  std::vector<float> previous_params_;  // the trained ones before the last update, in case it was one too far
  std::uint64_t seed_ = 0;
  std::int64_t updates_ = 0;  // since the seed was set
  AugmentSpec augmentation_;
  std::vector<float> class_weights_;  // empty: all 1
  bool batch_statistics_;             // some norm takes them from its batch
  OptimizerSpec optimizer_;
  OptimizerState optimizer_state_;
  struct Outcome {
    double loss = 0;  // weighted, in training
    bool correct = false;
  };
  std::vector<Outcome> outcomes_;  // of the last batch or evaluation, by image: summed in this order, whoever
                                   // was ready first

  std::optional<DenseSlice> dense_slice_;  // where the network is of its kind, in place of what follows
  std::vector<std::int32_t> probe_;
  std::vector<float> slice_origin_, slice_d1_, slice_d2_;
  std::vector<std::vector<float>> slice_params_;  // each evaluator's point
};

}  // namespace fl

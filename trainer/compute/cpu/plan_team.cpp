#include "trainer/compute/cpu/plan_team.h"

#include "trainer/base/check.h"

namespace fl {
namespace {

void add(std::span<float> sum, std::span<const float> share) {
  for (std::size_t i = 0; i < share.size(); ++i) sum[i] += share[i];
}

}  // namespace

PlanTeam::PlanTeam(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout,
                   Plan::Mode mode, int batch, int members, int threads)
    : threads_(threads) {
  FL_CHECK(1 <= members && members <= batch);
  FL_CHECK(members == 1 || threads == 1 || threads >= members);
  omp_set_num_threads(members == 1 ? threads : 1);
  // Masks are drawn for all members before the first begins.
  const bool shared = members > 1 && threads == 1 && !spec.has(LayerKind::kDropout);
  std::size_t begin = 0;
  for (int member = 0; member < members; ++member) {
    const int images = batch / members + (member < batch % members ? 1 : 0);
    if (!shared || member == 0 || plans_.back()->batch() != images)
      plans_.push_back(std::make_unique<Plan>(engine, spec, layout, images, mode));
    which_.push_back(plans_.size() - 1);
    begins_.push_back(begin);
    begin += static_cast<std::size_t>(images);
  }
  next_ = std::make_unique<std::atomic<std::size_t>[]>(begins_.size());
  if (mode != Plan::Mode::kTraining || members == 1) return;
  gradients_.resize(in_turn() ? 1 : size() - 1);
  for (std::vector<float>& share : gradients_) share.resize(layout.floats);
}

void PlanTeam::backward(std::size_t member, std::span<float> gradients) {
  if (member == 0) return plan(member).backward(gradients);
  plan(member).backward(in_turn() ? gradients_.front() : gradients_[member - 1]);
  if (in_turn()) add(gradients, gradients_.front());
}

void PlanTeam::add_gradients(std::span<float> gradients) const {
  if (in_turn()) return;
  for (const std::vector<float>& share : gradients_) add(gradients, share);
}

}  // namespace fl

#include "trainer/compute/cpu/plan_team.h"

#include "trainer/base/check.h"

namespace fl {

PlanTeam::PlanTeam(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout,
                   Plan::Mode mode, int batch, int members, int threads)
    : threads_(threads) {
  FL_CHECK(1 <= members && members <= batch);
  omp_set_num_threads(members == 1 ? threads : 1);
  std::size_t begin = 0;
  for (int member = 0; member < members; ++member) {
    const int images = batch / members + (member < batch % members ? 1 : 0);
    plans_.push_back(std::make_unique<Plan>(engine, spec, layout, images, mode));
    begins_.push_back(begin);
    begin += static_cast<std::size_t>(images);
    if (mode == Plan::Mode::kTraining && member > 0) gradients_.emplace_back(layout.floats);
  }
}

void PlanTeam::backward(std::size_t member, std::span<float> gradients) {
  plan(member).backward(member == 0 ? gradients : gradients_[member - 1]);
}

void PlanTeam::add_gradients(std::span<float> gradients) const {
  for (const std::vector<float>& share : gradients_)
    for (std::size_t i = 0; i < share.size(); ++i) gradients[i] += share[i];
}

}  // namespace fl

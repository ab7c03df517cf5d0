#pragma once
// A batch split among threads: each takes its share of the images through the whole network, on a plan that
// knows of one thread only. A pass then forks and joins once instead of once a layer, and what a layer leaves
// is still near the core that reads it next. A team of one is a plan on all threads, for whoever must see the
// whole batch at once, as a batch norm does that takes its statistics from it.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <omp.h>

#include "trainer/compute/cpu/plan.h"

namespace fl {

class PlanTeam {
 public:
  // Splits `batch` images into `members` shares of consecutive ones, the first of them an image larger where
  // they do not come out even. Precondition: 1 <= members <= batch.
  PlanTeam(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout, Plan::Mode mode,
           int batch, int members, int threads);

  [[nodiscard]] std::size_t size() const { return plans_.size(); }
  [[nodiscard]] Plan& plan(std::size_t member) { return *plans_[member]; }
  // The first image of a member's share.
  [[nodiscard]] std::size_t begin(std::size_t member) const { return begins_[member]; }

  // work(member) for each, all at once; a member's plan runs nowhere else.
  template <typename Work>
  void run(const Work& work);
  // A member's backward, within run(); add_gradients(), after it, makes `gradients` that of the batch: the
  // members' in their order, whichever was ready first.
  void backward(std::size_t member, std::span<float> gradients);
  void add_gradients(std::span<float> gradients) const;

 private:
  int threads_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<std::size_t> begins_;
  std::vector<std::vector<float>> gradients_;  // of all members but the first
};

// OpenMP's thread count belongs to the calling thread; oneDNN reads it when it compiles and when it runs.
template <typename Work>
void PlanTeam::run(const Work& work) {
  if (size() == 1) {
    omp_set_num_threads(threads_);
    work(std::size_t{0});
    return;
  }
  const int members = static_cast<int>(size());
#pragma omp parallel for num_threads(members) schedule(static, 1)
  for (int member = 0; member < members; ++member) {
    omp_set_num_threads(1);
    work(static_cast<std::size_t>(member));
  }
}

}  // namespace fl

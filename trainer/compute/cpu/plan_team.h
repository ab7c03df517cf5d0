#pragma once
// A batch split among threads: each takes its share of the images through the whole network, on a plan that
// knows of one thread only. A pass then forks and joins once instead of once a layer, and what a layer leaves
// is still near the core that reads it next. A team of one is a plan on all threads, for whoever must see the
// whole batch at once, as a batch norm does that takes its statistics from it.
//
// Shares without threads of their own are taken in turn by the one there is: the same bytes, which depend on
// the shares alone. Those of one size then have one plan.

#include <atomic>
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
  // they do not come out even. `threads`: 1, or where there are several members, as many.
  // Precondition: 1 <= members <= batch.
  PlanTeam(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout, Plan::Mode mode,
           int batch, int members, int threads);

  [[nodiscard]] std::size_t size() const { return begins_.size(); }
  [[nodiscard]] Plan& plan(std::size_t member) { return *plans_[which_[member]]; }
  // The first image of a member's share.
  [[nodiscard]] std::size_t begin(std::size_t member) const { return begins_[member]; }

  // A counter for each member, for whoever deals out tasks among them within run().
  [[nodiscard]] std::span<std::atomic<std::size_t>> next() const { return {next_.get(), size()}; }
  // work(member) for each, all at once or in turn; a member's plan runs nowhere else.
  template <typename Work>
  void run(const Work& work);
  // Within run(): whether the member's plan has to be told the weights. Where it is that of the member
  // before, it knows them.
  [[nodiscard]] bool needs_weights(std::size_t member) const {
    return member == 0 || which_[member] != which_[member - 1];
  }
  // A member's backward, within run(); add_gradients(), after it, makes `gradients` that of the batch: the
  // members' in their order, whichever was ready first.
  void backward(std::size_t member, std::span<float> gradients);
  void add_gradients(std::span<float> gradients) const;

 private:
  [[nodiscard]] bool in_turn() const { return size() > 1 && threads_ == 1; }

  int threads_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<std::size_t> which_, begins_;    // of each member: its plan, and its first image
  std::unique_ptr<std::atomic<std::size_t>[]> next_;
  std::vector<std::vector<float>> gradients_;  // of all members but the first; in turn: of one at a time
};

// OpenMP's thread count belongs to the calling thread; oneDNN reads it when it compiles and when it runs.
template <typename Work>
void PlanTeam::run(const Work& work) {
  if (size() == 1 || threads_ == 1) {
    omp_set_num_threads(threads_);
    for (std::size_t member = 0; member < size(); ++member) work(member);
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

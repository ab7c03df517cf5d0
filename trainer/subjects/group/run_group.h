#pragma once
// Many small runs of one lesson at once, which differ in numbers only: rate, scale of the starting weights,
// seed, order of the images. Each is a whole training, with its own test set, history and report; together
// they keep all threads busy. Maps, seeds and races are made of such groups.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "trainer/compute/group_backend.h"
#include "trainer/subjects/training.h"

namespace fl {

struct GroupRun {
  RunSpec spec;
  std::optional<std::uint64_t> start;  // the seed of starting weights and image order; none: spec.seed
};

class RunGroup {
 public:
  // `data`: what all of them learn from. `threads`: that work at once, 0: one a core; `shares`: see
  // GroupOptions. Errors: no runs; runs of another network, or of other images than the first, by their
  // number from 1; what Training::create says.
  static Result<std::unique_ptr<RunGroup>> create(std::span<const GroupRun> runs, const Dataset& data,
                                                  int threads = 0, int shares = 1);

  [[nodiscard]] std::size_t size() const { return runs_.size(); }
  [[nodiscard]] Training& run(std::size_t index) { return *runs_[index]; }
  [[nodiscard]] const Training& run(std::size_t index) const { return *runs_[index]; }
  // The weights of a run where all of them lie, one run after the other, weights_stride() floats apart.
  [[nodiscard]] std::span<const float> weights(std::size_t index) const;
  [[nodiscard]] std::size_t weights_stride() const { return backend_->arena_stride(); }

  // `steps` optimizer steps of each run, fewer where its epochs are over or it has diverged, which no other
  // one notices. How many runs are not over.
  std::size_t advance(std::int64_t steps = 1);

 private:
  explicit RunGroup(std::shared_ptr<GroupBackend> backend) : backend_(std::move(backend)) {}

  std::shared_ptr<GroupBackend> backend_;
  std::vector<std::unique_ptr<Training>> runs_;
};

}  // namespace fl

#pragma once
// What programs of one network have in common where one backend compiles several: the network, images, and
// plans. A plan belongs to nobody: whoever computes borrows a shelf of them and gives it back, so that there
// are as many as threads compute at once, however many programs there are, and what a plan touches is still
// near the core when the next program comes to it.

#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "trainer/compute/cpu/plan_team.h"

namespace fl {

class CpuNetwork;

// Plans for one user at a time, by what they are used for.
class PlanShelf {
 public:
  struct Key {
    Plan::Mode mode;
    std::size_t batch, members;  // `batch` images split into `members` shares
    int threads;
    auto operator<=>(const Key&) const = default;
  };
  // Compiled when first asked for. Valid until the next call.
  PlanTeam& team(const CpuNetwork& network, const Key& key);

 private:
  std::map<Key, PlanTeam> teams_;
};

class CpuNetwork {
 public:
  // Precondition: layer_shapes(spec) has no error.
  explicit CpuNetwork(NetSpec spec);

  const NetSpec spec;
  const ParamLayout layout;
  const dnnl::engine engine;

  // A shelf that is nobody else's as long as this lives; where it can be, the one that this thread had last.
  class Plans {
   public:
    explicit Plans(CpuNetwork& network);
    ~Plans();
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;
    PlanTeam& team(const PlanShelf::Key& key) { return shelf_->team(network_, key); }

   private:
    CpuNetwork& network_;
    std::unique_ptr<PlanShelf> shelf_;
  };

  // These images, in the memory of another program that has the same ones already.
  std::shared_ptr<const std::vector<float>> keep(std::vector<float> pixels);

 private:
  struct Free {
    std::unique_ptr<PlanShelf> shelf;
    std::thread::id last;  // who had it
  };
  std::mutex mutex_;
  std::vector<Free> free_;
  std::weak_ptr<const std::vector<float>> images_;  // those that were kept last
};

}  // namespace fl

#include "trainer/compute/cpu/cpu_network.h"

#include <algorithm>
#include <utility>

namespace fl {
namespace {

// More than one run ever uses; many only where runs differ in their batch sizes.
constexpr std::size_t kMostTeams = 24;

}  // namespace

PlanTeam& PlanShelf::team(const CpuNetwork& network, const Key& key) {
  auto found = teams_.find(key);
  if (found != teams_.end()) return found->second;
  if (teams_.size() == kMostTeams) teams_.clear();
  return teams_
      .try_emplace(key, network.engine, network.spec, network.layout, key.mode, static_cast<int>(key.batch),
                   static_cast<int>(key.members), key.threads)
      .first->second;
}

CpuNetwork::CpuNetwork(NetSpec network)
    : spec(std::move(network)), layout(ParamLayout::of(spec)), engine(dnnl::engine::kind::cpu, 0) {}

CpuNetwork::Plans::Plans(CpuNetwork& network) : network_(network) {
  const std::scoped_lock lock(network.mutex_);
  std::vector<Free>& free = network.free_;
  auto own = std::ranges::find(free, std::this_thread::get_id(), &Free::last);
  if (own == free.end() && !free.empty()) own = free.begin();
  if (own == free.end()) {
    shelf_ = std::make_unique<PlanShelf>();
    return;
  }
  shelf_ = std::move(own->shelf);
  free.erase(own);
}

CpuNetwork::Plans::~Plans() {
  const std::scoped_lock lock(network_.mutex_);
  network_.free_.push_back({std::move(shelf_), std::this_thread::get_id()});
}

std::shared_ptr<const std::vector<float>> CpuNetwork::keep(std::vector<float> pixels) {
  const std::scoped_lock lock(mutex_);
  auto known = images_.lock();
  if (known && *known == pixels) return known;
  known = std::make_shared<const std::vector<float>>(std::move(pixels));
  images_ = known;
  return known;
}

}  // namespace fl

#pragma once
// The CPU backend for many runs at once.

#include <mutex>
#include <vector>

#include "trainer/compute/cpu/cpu_network.h"
#include "trainer/compute/group_backend.h"

namespace fl {

class CpuGroup final : public GroupBackend {
 public:
  explicit CpuGroup(const GroupOptions& options);
  [[nodiscard]] std::string device() const override;
  Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) override;
  void each(std::size_t count, const std::function<void(std::size_t)>& work) override;
  [[nodiscard]] std::span<const float> arena() const override;
  [[nodiscard]] std::size_t arena_stride() const override;

 private:
  // What programs of one network share.
  struct Shared {
    explicit Shared(const NetSpec& spec) : network(spec) {}
    CpuNetwork network;
    std::vector<float> arena;
    std::size_t stride = 0, compiled = 0;
  };
  std::shared_ptr<Shared> shared(const NetSpec& spec);

  GroupOptions options_;
  int threads_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Shared>> kept_;  // the last few, the newest first
};

}  // namespace fl

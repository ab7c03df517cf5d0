#pragma once
// The results that others write into a sweep's folder, read again whenever there are more of them: by a
// thread of its own, because the folder may be another machine's.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "trainer/subjects/sweep_map/cell_source.h"

namespace fl {

class FolderCells final : public CellSource {
 public:
  // `known`: what was read already.
  FolderCells(SweepFolder folder, std::size_t known);

  bool listen(SweepResults& results) override;

 private:
  void watch(const std::stop_token& stop, std::size_t known);

  const SweepFolder folder_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<SweepResults> news_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl

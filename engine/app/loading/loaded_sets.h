#pragma once
// Data sets that several trainings of one process begin from, each read once.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "trainer/data/dataset.h"

namespace fl {

// What a set depends on.
struct SetKey {
  DataSpec data;
  std::filesystem::path base;
  std::uint64_t seed = 0;
  std::string backbone;  // whose embeddings it holds; empty: pixels
  int unfreeze = 0;
  bool mirrored = false;

  bool operator==(const SetKey&) const = default;
};

class LoadedSets {
 public:
  // A copy of the set of `key`, which `load` loads where none of the last few is that one. From any thread;
  // who asks while another loads the same waits for it. Errors: those of `load`.
  Result<Dataset> get(const SetKey& key, const std::function<Result<Dataset>()>& load);

 private:
  struct Entry {
    SetKey key;
    std::mutex loading;
    std::shared_ptr<const Dataset> set;  // null: not loaded yet
  };
  std::mutex mutex_;
  std::list<std::shared_ptr<Entry>> entries_;  // the one that was asked for last first
};

}  // namespace fl

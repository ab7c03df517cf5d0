#include "engine/app/loading/loaded_sets.h"

#include <algorithm>

namespace fl {
namespace {

constexpr std::size_t kKept = 4;

}  // namespace

Result<Dataset> LoadedSets::get(const SetKey& key, const std::function<Result<Dataset>()>& load) {
  std::shared_ptr<Entry> entry;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find_if(entries_, [&](const auto& each) { return each->key == key; });
    if (found != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, found);
    } else {
      entries_.push_front(std::make_shared<Entry>());
      entries_.front()->key = key;
      if (entries_.size() > kKept) entries_.pop_back();
    }
    entry = entries_.front();
  }
  const std::scoped_lock lock(entry->loading);
  if (!entry->set) {
    FL_TRY_LET(loaded, load());
    entry->set = std::make_shared<const Dataset>(*std::move(loaded));
  }
  return *entry->set;
}

}  // namespace fl

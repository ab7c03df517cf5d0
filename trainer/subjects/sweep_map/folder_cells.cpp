#include "trainer/subjects/sweep_map/folder_cells.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = 300ms;
constexpr int kRest = 20;  // times as long as a look took: a large folder is not read all the time

}  // namespace

FolderCells::FolderCells(SweepFolder folder, std::size_t known)
    : folder_(std::move(folder)),
      thread_([this, known](const std::stop_token& stop) { watch(stop, known); }) {}

void FolderCells::watch(const std::stop_token& stop, std::size_t known) {
  while (!stop.stop_requested()) {
    const auto begun = Clock::now();
    // A result is on the disk before its cell counts as finished. What cannot be read now may be soon.
    if (const std::size_t finished = folder_.finished(); finished != known) {
      auto results = folder_.results();
      // Asked after that: results of another sweep would look like those of this one.
      const auto now = SweepFolder::join(folder_.path());
      if (now && now->plan() != folder_.plan()) {
        log_warning("{} holds another sweep by now; open it again to see that one.",
                    printable(folder_.path().string()));
        return;
      }
      if (now && results) {
        known = finished;
        const std::scoped_lock lock(mutex_);
        news_ = *std::move(results);
      }
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, std::max<Clock::duration>(kLook, kRest * (Clock::now() - begun)),
                   [] { return false; });
  }
}

bool FolderCells::listen(SweepResults& results) {
  const std::scoped_lock lock(mutex_);
  if (!news_) return false;
  const SweepResults news = *std::exchange(news_, std::nullopt);
  bool more = false;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (!results[i] && news[i]) {
      results[i] = news[i];
      more = true;
    }
  return more;
}

}  // namespace fl

#include "trainer/base/threads.h"

#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace fl {

Result<void> check_threads(int wanted, std::string_view advice) {
  std::atomic<bool> enough{false};
  std::vector<std::jthread> threads;
  try {
    for (int t = 1; t < wanted; ++t) threads.emplace_back([&] { enough.wait(false); });
  } catch (const std::system_error&) {
  }
  const auto started = static_cast<int>(threads.size()) + 1;
  enough = true;
  enough.notify_all();
  if (started >= wanted) return {};
  return error(
      "Only {} of {} threads can be started here; {}{}close other programs, or raise the limit on processes "
      "(ulimit -u).",
      started, wanted, advice, advice.empty() ? "" : ", ");
}

void let_others_first(int less) {
  // On Linux the priority is a thread's own. Where it cannot be changed everything works all the same. What is
  // lower already stays so.
  const auto self = static_cast<id_t>(::gettid());
  if (::getpriority(PRIO_PROCESS, self) < less) static_cast<void>(::setpriority(PRIO_PROCESS, self, less));
}

}  // namespace fl

// What lets others first is not put before them by saying so.
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "trainer/base/threads.h"

namespace fl {
namespace {

int priority_after(int before) {
  int after = 0;
  std::thread([&] {
    const auto self = static_cast<id_t>(::gettid());
    ::setpriority(PRIO_PROCESS, self, before);
    let_others_first();
    after = ::getpriority(PRIO_PROCESS, self);
  }).join();
  return after;
}

TEST(LetOthersFirst, LowersAPriorityAndNeverRaisesOne) {
  const int own = ::getpriority(PRIO_PROCESS, 0);
  if (own > 15) GTEST_SKIP() << "this process is as low as it can be told apart";
  EXPECT_GE(priority_after(own), 5);
  EXPECT_EQ(priority_after(17), 17);
}

}  // namespace
}  // namespace fl

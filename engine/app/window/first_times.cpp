#include "engine/app/window/first_times.h"

#include <utility>

#include "engine/app/window/start_time.h"
#include "trainer/base/log.h"

namespace fl {

void FirstTimes::picture(bool lesson) {
  if (!std::exchange(stands_, true))
    log_info("the window stands {:.2f} s after the start", seconds_since_start());
  if (lesson && !std::exchange(shown_, true))
    log_info("first picture {:.2f} s after the start", seconds_since_start());
}

void FirstTimes::steps(long long steps) {
  if (steps > 0 && !std::exchange(stepped_, true))
    log_info("first step {:.2f} s after the start", seconds_since_start());
}

}  // namespace fl

#pragma once
// A Vulkan that fails: this program's vkQueueSubmit2 and what waits for it, put before the loader's. Linked
// into a test, or preloaded into the program (tests/app), so that the product needs no hook for it.
//
// From its environment a preloaded one takes FALLLINE_TEST_LOSE_AT=N: the N-th submission loses the device, and
// FALLLINE_TEST_TIME_OUT_AT=N: the N-th wait is given up at once, as if the device took too long.

#include <vector>

#include <vulkan/vulkan.h>

namespace fl::testing {

// The next submissions return `result` and submit nothing, `times` of them.
void fail_submissions(VkResult result, int times);
// The command buffers of the last submission, from the call on.
void watch_submissions();
std::vector<VkCommandBuffer> last_submission();
// Waits sleep through every signal until they time out, as some drivers do where another API signals.
void sleep_through_signals(bool sleep);

}  // namespace fl::testing

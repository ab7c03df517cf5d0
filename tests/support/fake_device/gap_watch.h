#pragma once
// The gaps between places in blocks of device memory, for devices made of host memory. They are filled with
// words that are no numbers as floats and doubles and negative as integers, no two alike, so that reading one
// spoils the result and copying one over another shows. They are looked at behind each piece of work; a test
// during which one changed fails, with a sentence that says which places it lies between and what wrote
// there.

#include <cstddef>
#include <functional>
#include <string>
#include <typeinfo>
#include <vector>

#include "trainer/compute/cuda/device.h"

namespace fl::cuda::fake {

// Said at the beginning of a piece of work: what it is. `what` is kept as it is.
void doing(const char* what);
void doing(const std::type_info& kernel);
// Behind each piece of work, where the device's memory can be read.
void check_gaps();
// Memory is freed.
void forget_gaps(const void* begin, std::size_t bytes) noexcept;
// What check_gaps() found and no test has taken, in order.
std::vector<std::string> take_gap_reports();

// Of the device: behind all that `stream` was given before, and counted nowhere.
void enqueue_watch(const Stream& stream, std::function<void()> work);

}  // namespace fl::cuda::fake

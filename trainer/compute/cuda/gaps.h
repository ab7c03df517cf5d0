#pragma once
// Gaps between places in one block of device memory (places.h). A device has none. The devices of the tests
// have these functions of their own: they leave gaps, fill them and find out who writes there.

#include <cstddef>
#include <span>

#include "trainer/compute/cuda/device.h"

namespace fl::cuda {

struct Place;

// Bytes before, between and behind places: 0 on a device.
std::size_t gap_bytes();
// From here on in `stream`, the block at `block` has these places and no others; without any, it is not
// watched.
void watch_gaps(const Stream& stream, DevicePtr<const void> block, std::span<const Place> places);

}  // namespace fl::cuda

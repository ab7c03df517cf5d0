#pragma once
// A graphics card's identity: CUDA and Vulkan know the same card by the same sixteen bytes.

#include <array>
#include <cstdint>

namespace fl {

using DeviceUuid = std::array<std::uint8_t, 16>;

}  // namespace fl

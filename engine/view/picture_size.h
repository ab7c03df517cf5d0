#pragma once
// How large a picture is, as people write it.

#include <cstdint>
#include <string>
#include <utility>

#include "trainer/base/result.h"

namespace fl {

// "1280x720": width and height, pixels. Errors say what a size looks like and its bounds.
Result<std::pair<std::uint32_t, std::uint32_t>> parse_size(const std::string& text);

}  // namespace fl

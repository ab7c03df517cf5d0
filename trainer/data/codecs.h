#pragma once
// The decoders behind decode_image. Both C libraries report errors by longjmp, so each lives in a file of
// its own, where no object with a destructor stands between the jump and its target.

#include <cstddef>
#include <span>
#include <string_view>

#include "trainer/base/result.h"
#include "trainer/data/image.h"

namespace fl {

Result<Bitmap> decode_jpeg(std::span<const std::byte> bytes, std::string_view name);
Result<Bitmap> decode_png(std::span<const std::byte> bytes, std::string_view name);

// Refuses a size that decoding must not take memory for.
Result<void> check_image_size(std::uint64_t width, std::uint64_t height, std::string_view name);

}  // namespace fl

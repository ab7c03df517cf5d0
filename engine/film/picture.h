#pragma once
// A finished picture in host memory, and its PNG file.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

// 8-bit RGBA, sRGB, rows from the top without padding.
struct Picture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
};

enum class PngAlpha { kOpaque, kStraight };
// 8-bit sRGB; written beside and renamed. The error names the path and why.
Result<void> save_png(const std::filesystem::path& path, const Picture& picture,
                      PngAlpha alpha = PngAlpha::kOpaque);
// Any PNG of at most 16384 pixels a side, brought to RGBA.
Result<Picture> load_png(const std::filesystem::path& path);

}  // namespace fl

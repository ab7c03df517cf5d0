#pragma once
// Image files of every kind that is read, made at run time.

#include <cstdint>
#include <vector>

#include "tests/unit/data/data_support.h"

namespace fl::test {

// The Exif data of a camera that was held so: the orientation alone, in either byte order.
Bytes exif_of(int orientation, bool little_endian = true);

// A JPEG of four printing colours, as [y][x][ink], just as they are to be stored.
Bytes cmyk_jpeg(int side, const std::vector<std::uint8_t>& inks, J_COLOR_SPACE stored, bool adobe_marker);
// `block` behind the first marker of a JPEG, as an APP1 segment.
Bytes with_app1(Bytes jpeg, std::span<const std::byte> block);
// A chunk of a PNG between its header and what follows.
Bytes with_png_chunk(Bytes png, std::string_view type, std::span<const std::byte> data);

Bytes webp_of(const Bitmap& image, bool lossless = true);
// Pictures of one size, one frame each; index 0 of the four colours is transparent.
Bytes gif_of(int side, const std::vector<std::vector<std::uint8_t>>& frames, bool interlaced = false);
Bytes bmp_of(const Bitmap& image, int bits, bool top_down = false);
Bytes tiff_of(const Bitmap& image, int orientation = 1);

}  // namespace fl::test

#pragma once
// Pictures to make films of, and films read back by libav.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/film/movie_format.h"
#include "engine/film/picture.h"

namespace fl::test {

// Something that moves: no two numbers have the same picture. Opacity from nothing on the left to all on the
// right.
Picture moving_picture(std::uint32_t width, std::uint32_t height, int number);

struct ReadFilm {
  std::string codec, pixel_format, primaries, transfer, matrix, range;
  double fps = 0, begin = -1;       // of the first picture
  std::vector<Picture> pictures{};  // as RGBA
  std::vector<std::string> chapters{};
  std::uint64_t hash = 0;  // of the decoded samples, before they became RGBA
};
// What can be read of it; nothing where it is no film. `decoder`: empty for libav's own choice.
ReadFilm read_film(const std::filesystem::path& path, const std::string& decoder = {});

}  // namespace fl::test

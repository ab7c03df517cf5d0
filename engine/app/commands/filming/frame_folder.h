#pragma once
// A folder with the pictures of a film, and in .film.json what they are of, for whoever goes on with them.

#include <cstdint>
#include <filesystem>
#include <string>

#include "trainer/base/json.h"
#include "trainer/base/result.h"

namespace fl {

struct FrameShape {
  std::uint32_t width = 0, height = 0;
  std::int64_t count = 0;  // of the whole film
};

// How many pictures of `film` are there without a gap; none in a folder that has none. Errors, which name the
// file and say what to do: they are of another film, or nobody knows of which; one of them is damaged, was
// not drawn by this program, has another size, or a number that the film does not have.
Result<std::int64_t> frames_of_film(const std::filesystem::path& folder, const Json& film,
                                    const FrameShape& shape);

// All pictures but the first `kept` go, and .film.json says `film`.
Result<void> begin_frames(const std::filesystem::path& folder, std::int64_t kept, const std::string& film);

}  // namespace fl

#pragma once
// Which films there are: files by their ending, and how pictures are packed in them. One row each; libav is
// not needed to know it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct FilmSpec;

struct MovieCodec {
  std::string_view name;     // as scenes call it: "h264"
  std::string_view words;    // for people: "H.264"
  std::string_view encoder;  // libav's
  // As scenes call them; the first is the usual one.
  std::vector<std::string_view> pixel_formats;
  std::string_view with_alpha;      // the pixel format of a transparent film; empty: it has none
  int most_crf = 0, usual_crf = 0;  // 0: it has no constant rate factor
};

struct MovieFormat {
  std::string_view ending;               // ".mp4"
  std::string_view container;            // libav's
  std::vector<std::string_view> codecs;  // by name; the first is the usual one
};

[[nodiscard]] std::span<const MovieFormat> movie_formats();
[[nodiscard]] std::span<const MovieCodec> movie_codecs();
// Of a file's name, in small or large letters; null where it is no film's.
[[nodiscard]] const MovieFormat* movie_format(const std::filesystem::path& path);
// Of the films that FilmSpec::codec says, ".mp4".
[[nodiscard]] std::string movie_ending(std::string_view codec);
// ".mp4, .mkv, .webm or .mov".
[[nodiscard]] std::string movie_endings();

struct MovieSize {
  std::uint32_t width = 0, height = 0;
};

struct Chapter {
  double begin = 0, end = 0;  // seconds
  std::string title{};
};

// All that a film's file is opened with.
struct MovieOptions {
  std::filesystem::path path{};
  const MovieFormat* format = nullptr;
  const MovieCodec* codec = nullptr;
  std::string pixel_format{};  // of codec->pixel_formats, or codec->with_alpha
  int crf = 0;
  int preset = 0;  // of film_presets()
  MovieSize size{};
  double fps = 12;
  bool alpha = false;  // the pictures' own; straight
  std::string title{};
  std::vector<Chapter> chapters{};  // in their order
};

struct MovieWish {
  MovieSize size{};
  double fps = 12;
  bool alpha = false;
};
// Precondition: movie_format(path). Errors: what the scene asks for does not go together, or not into such a
// file or size.
Result<MovieOptions> movie_options(const std::filesystem::path& path, const FilmSpec& spec,
                                   const MovieWish& wish);

}  // namespace fl

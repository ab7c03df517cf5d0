#pragma once
// How a film is made of its pictures: the scene's [film] table.

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct FilmSpec {
  std::string codec = "auto";         // of movie_codecs(); auto: what the file's name wants
  int crf = -1;                       // constant rate factor; negative: the codec's usual one
  std::string preset = "medium";      // of film_presets()
  std::string pixel_format = "auto";  // auto: the codec's usual one
  int supersampling = 1;              // every pixel is drawn as so many times so many
  std::string size = "1280x720", still_size = "3840x2160";  // as parse_size() reads them
  bool cues = false;                  // a lesson's film says its cues one after the other
  double seconds = 0;                 // 0: what the timeline asks for, else the command line
  double fps = 0;                     // 0: the command line's
  int exposures = 1;                  // pictures that are averaged into each one
  double shutter = 0.5;               // for how much of a picture's time they see it; 0: for one moment
  double aperture = 0;                // radius of the lens through which they see it, world units
  double dissolve = 0.5;              // seconds in which a part of several goes over into the next
  bool rehearse = false;  // trains before its first picture, and shows the landscape of the whole path

  bool operator==(const FilmSpec&) const = default;
};

// From fast and large to slow and small, as x264 calls them.
const std::vector<std::string>& film_presets();

// One row a key.
const KeyTable<FilmSpec>& film_keys();

inline constexpr int kMostExposures = 64;

// Errors name line, key, and what would be right.
Result<FilmSpec> parse_film_spec(const toml::table& scene);

}  // namespace fl

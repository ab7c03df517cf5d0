#pragma once
// What a film says over its pictures: captions, and cards with a title.

#include <array>
#include <cstddef>
#include <string>

namespace fl {

enum class CaptionPlace { kBottom, kTop };
inline constexpr std::array kCaptionPlaces = {"bottom", "top"};  // as scenes call them, of the landscape

struct Caption {
  std::string words;
  CaptionPlace place = CaptionPlace::kBottom;
  bool operator==(const Caption&) const = default;
};

// It covers the whole picture.
struct TitleCard {
  std::string title, subtitle;
  bool operator==(const TitleCard&) const = default;
};

// Which one of a list is seen, from 1; 0: none. `share`: 0 is not there yet, 1 all of it.
struct ShownWords {
  std::size_t number = 0;
  float share = 0;
  bool operator==(const ShownWords&) const = default;
};

// More does not fit on the picture.
inline constexpr std::size_t kLongestCaption = 160, kLongestTitle = 80;

}  // namespace fl

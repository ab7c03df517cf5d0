#pragma once
// What has to be known of a text before a font is asked: its characters, which of them belong together, their
// script, and in which direction they run (Unicode's bidirectional algorithm, by FriBidi).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fl {

// Scripts that are written with one font, by the four letters of ISO 15924 ("Arab"); "Hani" stands for all of
// Chinese and Japanese, which mix. Signs and emoji, which belong to no script, are kSigns.
using ScriptTag = std::uint32_t;
inline constexpr ScriptTag kSigns = 0;
[[nodiscard]] constexpr ScriptTag script_tag(const char (&letters)[5]) {
  return static_cast<ScriptTag>(letters[0]) << 24U | static_cast<ScriptTag>(letters[1]) << 16U |
         static_cast<ScriptTag>(letters[2]) << 8U | static_cast<ScriptTag>(letters[3]);
}

// One thing to a reader: a letter with its marks, an emoji of several characters. Never written in two fonts
// where one has all of it, never cut in two.
struct TextCluster {
  std::uint32_t begin = 0, end = 0;  // in TextItems::codes
  ScriptTag script = 0;              // what to shape it as, never kSigns
  ScriptTag family = kSigns;         // whose font to write it in
  std::uint8_t level = 0;            // of embedding; odd runs from right to left
};

struct TextItems {
  std::u32string codes;              // control characters as blanks
  std::vector<std::uint32_t> bytes;  // where each begins in the text, and where the text ends
  std::vector<TextCluster> clusters;
};

// The first letter decides in which direction the line runs, as everywhere on a desktop.
[[nodiscard]] TextItems itemise(std::string_view text);

// Joiners, variation selectors, direction marks: they steer others and have no picture of their own.
[[nodiscard]] bool is_invisible(char32_t code);
[[nodiscard]] bool is_blank(char32_t code);
// Whether Unicode says what it is: no private use, nothing reserved.
[[nodiscard]] bool is_assigned(char32_t code);

// A name inside a sentence: whichever way it runs, it does not reorder the words around it.
[[nodiscard]] std::string isolated(std::string_view name);

}  // namespace fl

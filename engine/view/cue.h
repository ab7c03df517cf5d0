#pragma once
// A cue of a lecture: what to watch, to ask, or to change, one after the other at a clicker's key; and what
// only the lecturer reads.

#include <array>
#include <string>
#include <vector>

#include "trainer/scene/key_type.h"

namespace fl {

struct Cue {
  enum class Kind { kWatch, kAsk, kChange };
  Kind kind = Kind::kWatch;
  std::string words{};
  std::string notes{};
  bool operator==(const Cue&) const = default;
};

inline constexpr std::array kCueKinds = {"watch", "ask", "change"};  // as scenes call them, in that order
// For people: "Watch".
[[nodiscard]] std::string cue_word(Cue::Kind kind);

inline constexpr std::size_t kMostCues = 100;
// More does not fit on the picture.
inline constexpr std::size_t kLongestCue = 160, kLongestNotes = 2000;

// [view] cues: a list of tables, each with one of the kinds as its key, and perhaps `notes`. Errors, with the
// line: none or several kinds, unknown keys, words that are empty or too long.
KeyType<std::vector<Cue>> cue_list();

}  // namespace fl

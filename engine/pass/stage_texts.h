#pragma once
// What the stage says in words: the names that a scene or a project file gives, which no frame slot carries.

#include <optional>
#include <string>
#include <vector>

#include "engine/pass/loading_note.h"
#include "engine/view/cue.h"
#include "engine/view/shown_words.h"

namespace fl {

// What varies along a side of a sweep's map.
struct AxisWords {
  std::string title;
  std::vector<std::string> values;  // a cell each, in their order
  std::vector<double> numbers;      // the same where all of them are numbers, else empty
  bool log = false;                 // they keep a ratio, not a distance
  bool operator==(const AxisWords&) const = default;
};

struct StageTexts {
  std::string title;
  std::string network{};                  // what learns: "from scratch"; empty: it is not said
  std::vector<std::string> class_names;   // by class index; a missing one is shown as "class 3"
  std::vector<std::string> layer_names;   // by index of FrameHeader::layers; a missing one as "layer 3"
  std::vector<std::string> path_names{};  // by index of FrameHeader::paths; a missing one as "path 3"
  std::string path_heading = "optimizer";  // what these names are of
  std::string message{};  // said at the lower edge of the landscape, in three lines at most; none where empty
  bool message_is_error = false;
  std::vector<std::string> readout{};  // of the chosen place of a map, a line each
  std::vector<AxisWords> axes{};       // of a sweep's map: to the right, and upward
  std::vector<Cue> cues{};  // of the lecture; which one is said: ViewState::cue
  // Of the timeline; which one is seen: ViewState::caption, ViewState::card.
  std::vector<Caption> captions{};
  std::vector<TitleCard> cards{};
  // In the middle of an empty stage, else at the lower edge of the landscape.
  std::optional<LoadingNote> loading{};
  bool operator==(const StageTexts&) const = default;
};

// All of it, for Font::cover.
[[nodiscard]] std::vector<std::string> all_words(const StageTexts& texts);
[[nodiscard]] std::string class_name(const StageTexts& texts, std::size_t index);
[[nodiscard]] std::string layer_name(const StageTexts& texts, std::size_t index);
[[nodiscard]] std::string path_name(const StageTexts& texts, std::size_t index);

}  // namespace fl

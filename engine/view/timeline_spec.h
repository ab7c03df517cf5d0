#pragma once
// The scene's [[timeline]]: what a film, or the window, does and says when, one entry a moment.

#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "engine/view/camera_path.h"
#include "engine/view/cue.h"
#include "engine/view/shown_words.h"
#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct TimelineEntry {
  // One of them says when: seconds of the film, or steps or epochs that are made.
  std::optional<double> time{};
  std::optional<int> step{};
  std::optional<double> epoch{};

  std::optional<CameraKey> camera{};
  std::optional<double> pace{};          // steps a second from now on; where steps are told in phases, phases
  std::vector<std::string> does{};       // commands, in words: "rate 0.1"
  std::optional<toml::table> show{};     // of the view, by the names of session files
  std::optional<int> cue{};              // from 1; 0: none any more
  std::optional<std::string> caption{};  // empty: the one before ends
  std::optional<CaptionPlace> place{};
  std::optional<std::string> card{}, subtitle{};
  std::optional<double> seconds{}, fade{};  // of caption or card

  std::string where{};  // "line 7: [[timeline]] 3", for sentences

  bool operator==(const TimelineEntry&) const = default;
};

inline constexpr std::size_t kMostTimelineEntries = 1000;
inline constexpr double kMostFilmSeconds = 3600;
// Of a caption or a card, where nobody says.
inline constexpr double kFadeSeconds = 0.5, kCardSeconds = 4;

// One row a key, of an entry and of the camera in it.
const KeyTable<TimelineEntry>& timeline_keys();
const KeyTable<CameraKey>& camera_key_keys();

// In the order of the scene. Errors name line, entry and key, and what would be right: no moment or several,
// nothing that happens then, words without what they belong to, more cues than `cues`.
Result<std::vector<TimelineEntry>> parse_timeline(const toml::table& scene, std::size_t cues);

}  // namespace fl

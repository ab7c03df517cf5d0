#pragma once
// What stands where on the lecturer's page: the cue that the hall sees with its notes, the one that comes
// next, the time, and buttons for what a lecture needs. Knows no device.

#include <string>
#include <string_view>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/theme.h"
#include "engine/text/font.h"
#include "engine/view/cue.h"

namespace fl {

struct NotesWords {
  struct Control {
    std::string_view action;  // by name
    std::string words;
    bool on = true;  // it means something now
    bool operator==(const Control&) const = default;
  };
  std::string title;  // of the lesson
  std::string state;  // "paused at step 120"
  std::vector<Cue> cues{};
  std::size_t cue = 0;  // which one is said, from 1; 0: none yet
  std::string clock;    // "17:05"
  std::string passed;   // since the lecture began, "12:30"
  std::vector<Control> controls{};
  bool operator==(const NotesWords&) const = default;
};

struct NotesLayout {
  struct Button {
    std::string_view action;
    Rect rect;
  };
  std::vector<Panel> panels;
  std::vector<ScreenLabel> labels;
  std::vector<Button> buttons;  // of the controls that mean something now
};

// In the largest words with which all of it fits a page of this size, in pixels; in a page that is too small
// for any, what does not fit is cut. `scale`: the display's.
[[nodiscard]] NotesLayout lay_out_notes(const Font& font, const Theme& theme, VkExtent2D extent, float scale,
                                        const NotesWords& words);

}  // namespace fl

#pragma once
// Words of maps and histograms: one size, two colours, on whole pixels.

#include <string>
#include <utility>

#include <glm/common.hpp>

#include "engine/pass/label.h"
#include "engine/pass/theme.h"

namespace fl {

// `size`: height of the em in pixels.
[[nodiscard]] inline ScreenLabel chart_words(const Theme& theme, float size, std::string text, glm::vec2 at,
                                             bool muted, AlignX x, AlignY y, bool upward) {
  return {.text = std::move(text),
          .pixel = glm::round(at),
          .size = size,
          .color = muted ? theme.text_muted : theme.text,
          .align_x = x,
          .align_y = y,
          .upward = upward};
}

}  // namespace fl

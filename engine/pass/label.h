#pragma once
// Text as the passes hand it on: a Label hangs in the world, a ScreenLabel lies on the picture. The stage
// turns the first into the second; the text pass draws a span of the second.

#include <string>

#include <glm/mat2x2.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

namespace fl {

// Which point of the text's box lies on the anchor.
enum class AlignX { kLeft, kCentre, kRight };
enum class AlignY { kTop, kMiddle, kBaseline, kBottom };
enum class Weight { kRegular, kMedium, kBold };

struct Label {
  std::string text;           // UTF-8
  std::string short_text{};   // said instead where the other would be wide for the view; may be empty
  glm::vec3 world{0};         // anchor in the landscape's world box
  glm::vec2 pixel_offset{0};  // added on the picture, x right, y down, times the text scale
  float size = 14;            // height of the em in pixels at scale 1
  glm::vec4 color{1};         // sRGB, straight alpha
  AlignX align_x = AlignX::kCentre;
  AlignY align_y = AlignY::kMiddle;
  Weight weight = Weight::kRegular;
  // Where it would lie on another, it moves this way on the picture (a direction in the world) until it is
  // free; with no direction it is left out.
  glm::vec3 away{0};
};

struct ScreenLabel {
  std::string text;
  glm::vec2 pixel{0};  // anchor on the picture, origin top left, y down
  float size = 14;     // height of the em in pixels, scale already applied
  glm::vec4 color{1};
  AlignX align_x = AlignX::kLeft;
  AlignY align_y = AlignY::kBaseline;
  Weight weight = Weight::kRegular;
  bool upward = false;  // written from bottom to top, as the title of a vertical axis
  glm::mat2 axes{1};    // of the writing, on the picture: along the line, and down; see plane.h
  float outline = 0;    // pixels of outline_color around the ink, so that it reads over a picture
  glm::vec4 outline_color{0};
};

}  // namespace fl

#pragma once
// The colours of the stage. All are sRGB as they appear on screen: shaders write sRGB-encoded colour into
// UNORM images, so what stands here is what a projector shows. The structure is also the shaders'
// (shaders/common.glsl mirrors it in std140: vec4 only).

#include <array>

#include <glm/vec4.hpp>

#include "trainer/seam/frame.h"

namespace fl {

struct Theme {
  glm::vec4 background_top;
  glm::vec4 background_bottom;
  glm::vec4 text;        // titles, values
  glm::vec4 text_muted;  // units, tick values
  glm::vec4 grid;        // thin lines of base plane and plots
  glm::vec4 axis;        // box edges, plot frames
  glm::vec4 panel;       // ground of a tile or a plot
  glm::vec4 train;       // curves: training set
  glm::vec4 test;        // curves: test set
  glm::vec4 path;        // the descent where it is slow
  glm::vec4 path_hot;    // and where it was fast
  glm::vec4 ball;
  glm::vec4 start;    // where the descent began
  glm::vec4 accent;   // what is chosen, right answers
  glm::vec4 warning;  // divergence, wrong answers
  glm::vec4 contour;  // alpha is the strength of a bold line
  glm::vec4 floor;    // under the landscape, where the light falls on it; alpha is what a full shadow takes of it
  // Several descents side by side: told apart by every kind of colour blindness, the first nine at least.
  std::array<glm::vec4, kFrameMaxPaths> paths;
};

const Theme& dark_theme();   // a calm dark stage: the default
const Theme& light_theme();  // for bright rooms
// The theme over a surface in reds and oranges, in which the descent's own would be lost: it is a pale blue there.
Theme over_warm_colors(const Theme& theme);

}  // namespace fl

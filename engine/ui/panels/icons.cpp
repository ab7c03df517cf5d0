#include "engine/ui/panels/icons.h"

#include <algorithm>
#include <initializer_list>

namespace fl {
namespace {

// Places in the square, 0 to 1, x to the right and y down.
struct Pen {
  ImDrawList& list;
  ImVec2 corner;
  float side, width;
  ImU32 colour;

  [[nodiscard]] ImVec2 at(ImVec2 place) const {
    return {corner.x + side * place.x, corner.y + side * place.y};
  }
  void line(std::initializer_list<ImVec2> places, bool closed = false) const {
    for (const ImVec2 place : places) list.PathLineTo(at(place));
    list.PathStroke(colour, closed ? ImDrawFlags_Closed : ImDrawFlags_None, width);
  }
  void box(ImVec2 low, ImVec2 high, bool full = false) const {
    if (full)
      list.AddRectFilled(at(low), at(high), colour, width);
    else
      list.AddRect(at(low), at(high), colour, width, 0, width);
  }
  void dot(ImVec2 place, float radius) const { list.AddCircleFilled(at(place), side * radius, colour); }
  void arc(ImVec2 place, float radius, float from, float to) const {
    list.PathArcTo(at(place), side * radius, from, to, 24);
    list.PathStroke(colour, ImDrawFlags_None, width);
  }
};

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, ImVec2 middle, float side, ImU32 colour) {
  const Pen pen{list, {middle.x - side / 2, middle.y - side / 2}, side, std::max(1.0f, side / 14), colour};
  switch (icon) {
    case Icon::kStart:  // a house
      pen.line({{0.08f, 0.50f}, {0.50f, 0.12f}, {0.92f, 0.50f}});
      pen.line({{0.20f, 0.42f}, {0.20f, 0.88f}, {0.80f, 0.88f}, {0.80f, 0.42f}});
      pen.line({{0.42f, 0.88f}, {0.42f, 0.60f}, {0.58f, 0.60f}, {0.58f, 0.88f}});
      return;
    case Icon::kData:  // pictures
      for (const float y : {0.10f, 0.56f})
        for (const float x : {0.10f, 0.56f}) pen.box({x, y}, {x + 0.34f, y + 0.34f});
      return;
    case Icon::kTrain:  // sliders
      for (const ImVec2 row : {ImVec2{0.20f, 0.66f}, {0.50f, 0.30f}, {0.80f, 0.56f}}) {
        pen.line({{0.08f, row.x}, {0.92f, row.x}});
        pen.dot({row.y, row.x}, 0.09f);
      }
      return;
    case Icon::kMatrix:  // right on the diagonal
      for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 2; ++x) {
          const ImVec2 low{0.10f + 0.42f * static_cast<float>(x), 0.10f + 0.42f * static_cast<float>(y)};
          pen.box(low, {low.x + 0.38f, low.y + 0.38f}, x == y);
        }
      return;
    case Icon::kEye:
      pen.arc({0.50f, 0.86f}, 0.56f, -2.42f, -0.72f);
      pen.arc({0.50f, 0.14f}, 0.56f, 0.72f, 2.42f);
      pen.dot({0.50f, 0.50f}, 0.14f);
      return;
    case Icon::kMountain:
      pen.line({{0.06f, 0.84f}, {0.38f, 0.22f}, {0.58f, 0.58f}, {0.70f, 0.42f}, {0.94f, 0.84f}}, true);
      return;
    case Icon::kCurves:
      pen.line({{0.12f, 0.10f}, {0.12f, 0.88f}, {0.92f, 0.88f}});
      pen.line({{0.22f, 0.22f}, {0.34f, 0.50f}, {0.54f, 0.66f}, {0.88f, 0.74f}});
      return;
    case Icon::kNotes:  // a sheet with lines
      pen.box({0.18f, 0.08f}, {0.82f, 0.92f});
      for (const float y : {0.32f, 0.50f, 0.68f}) pen.line({{0.32f, y}, {0.68f, y}});
      return;
    case Icon::kFork:  // one way becomes two
      pen.line({{0.50f, 0.90f}, {0.50f, 0.58f}, {0.22f, 0.30f}, {0.22f, 0.12f}});
      pen.line({{0.50f, 0.58f}, {0.78f, 0.30f}, {0.78f, 0.12f}});
      pen.dot({0.50f, 0.58f}, 0.09f);
      return;
    case Icon::kSteps:  // down into a hollow
      pen.arc({0.50f, 0.24f}, 0.44f, 0.25f, 2.9f);
      pen.dot({0.13f, 0.34f}, 0.08f);
      pen.dot({0.33f, 0.58f}, 0.08f);
      pen.dot({0.50f, 0.66f}, 0.08f);
      return;
  }
}

}  // namespace fl

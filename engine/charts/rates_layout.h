#pragma once
// Where the parts of a trainability map go, and its words; knows no device.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"
#include "engine/text/font.h"

namespace fl {

// A piece of a legend's bar, and its colour.
struct RateSwatch {
  Rect rect;
  glm::vec4 color{1};
};

struct RatesLayout {
  Rect plot;  // a square; empty where there is no room for one, or no map
  std::vector<Rect> marks;
  std::vector<RateSwatch> swatches;
  std::vector<ScreenLabel> labels;
  Rect readout;  // for what is told of a pixel
};

// The square alone, in `area`: for the pointer. `scale`: of the words.
[[nodiscard]] Rect rates_plot(const Rect& area, float scale);
// In `area`: the square with its axes, beside or below it what the colours mean.
[[nodiscard]] RatesLayout lay_out_rates(const PassContext& context, const Rect& area, const Font& font);
// What is told of the pixel under the pointer, a line each; appended.
void append_rates_readout(const PassContext& context, const Rect& area, const Font& font,
                          const std::vector<std::string>& lines, std::vector<ScreenLabel>& out);
// Of a shade (RateMap::write_shades), sRGB.
[[nodiscard]] glm::vec4 rate_color(float shade);
// "42 % of 65536 trainings": how far the map is, in clauses.
[[nodiscard]] std::vector<std::string> rates_clauses(const RatesFacts& facts);

}  // namespace fl

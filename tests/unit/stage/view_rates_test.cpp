// The trainability map: where its square and its words go, and that its two sides are told apart by
// everybody.
#include <algorithm>
#include <iterator>
#include <vector>

#include <glm/common.hpp>
#include <glm/exponential.hpp>
#include <glm/geometric.hpp>
#include <glm/vector_relational.hpp>
#include <gtest/gtest.h>

#include "engine/charts/rates_layout.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"
#include "tests/support/eyes.h"
#include "tests/unit/stage/stage_font.h"

namespace fl {
namespace {

Frame frame_of(double span) {
  Frame frame;
  frame.facts.rate_map = {.side = 64,
                          .known = 64 * 64,
                          .trained = 2000,
                          .steps = 500,
                          .finest = span < 1e-10,
                          .first = 0.6328613281,
                          .second = 1.766015625,
                          .span = span,
                          .whole_span = 9};
  return frame;
}

RatesLayout layout_of(const Frame& frame, const Rect& area, float scale) {
  PassContext context{.frame = frame, .theme = dark_theme()};
  context.scale = scale;
  return lay_out_rates(context, area, font());
}

TEST(RatesLayout, StaysInsideItsAreaAtAnyZoom) {
  for (const double span : {9.0, 2.0, 0.6, 6e-4, 1e-9, 1e-12})
    for (const Rect& area : {Rect{20, 90, 1240, 600}, Rect{20, 60, 920, 480}, Rect{10, 60, 500, 600}}) {
      const Frame frame = frame_of(span);
      const RatesLayout layout = layout_of(frame, area, 1);
      ASSERT_FALSE(layout.plot.empty());
      EXPECT_EQ(layout.plot.width, layout.plot.height);
      EXPECT_EQ(layout.plot.x, rates_plot(area, 1).x) << "the pointer meets what is drawn";
      for (const ScreenLabel& label : layout.labels) {
        const glm::vec2 at = label_origin(font(), label);
        const float length = text_width(font(), font_weight(label.weight), label.text, label.size);
        const float right = label.upward ? at.x : at.x + length, top = label.upward ? at.y - length : at.y;
        EXPECT_GE(at.x, area.x - 1) << label.text << " at span " << span;
        EXPECT_LE(right, area.right() + 12) << label.text << " at span " << span;
        EXPECT_GE(top, area.y - 12) << label.text;
        EXPECT_LE(at.y, area.bottom() + 1) << label.text;
      }
    }
}

TEST(RatesLayout, SaysWhatTheColoursMeanAndWhereItEnds) {
  const auto says = [](double span, const std::string& text) {
    const Frame frame = frame_of(span);
    return std::ranges::any_of(
        layout_of(frame, {20, 90, 1240, 600}, 1).labels,
        [&](const ScreenLabel& label) { return label.text.find(text) != std::string::npos; });
  };
  for (const char* word : {"trains", "does not train", "fast", "slow", "lost at once", "10⁵", "0.01"})
    EXPECT_TRUE(says(9, word)) << word;
  EXPECT_FALSE(says(9, "This is the end"));
  EXPECT_TRUE(says(1e-12, "This is the end"));
  const Frame frame = frame_of(6e-4);
  EXPECT_EQ(rates_clauses(frame.facts.rate_map).back(), "   enlarged 15000 times");
}

TEST(RatesLayout, HasNothingWithoutAMapOrRoom) {
  EXPECT_TRUE(layout_of(Frame{}, {0, 0, 1240, 600}, 1).plot.empty());
  const Frame frame = frame_of(9);
  EXPECT_TRUE(layout_of(frame, {0, 0, 120, 90}, 1).plot.empty());
}

TEST(RatesColours, TellTheSidesApartForEveryEye) {
  std::vector<glm::dmat3> eyes{glm::dmat3(1)};
  eyes.insert(eyes.end(), std::begin(testing::kColourBlind), std::end(testing::kColourBlind));
  for (const glm::dmat3& eye : eyes) {
    const auto seen = [&](float shade) {
      const glm::dvec3 srgb(rate_color(shade));
      const glm::dvec3 linear = glm::mix(srgb / 12.92, glm::pow((srgb + 0.055) / 1.055, glm::dvec3(2.4)),
                                         glm::greaterThan(srgb, glm::dvec3(0.04045)));
      return testing::oklab(testing::seen(eye, linear));
    };
    double least = 1;
    for (int t = 0; t < 50; ++t)
      for (int l = 1; l <= 50; ++l)
        least = std::min(least, glm::distance(seen(-1 + 0.02f * static_cast<float>(t)),
                                              seen(0.02f * static_cast<float>(l))));
    EXPECT_GT(least, 0.08);
    // Where they meet, one is light and the other dark.
    EXPECT_GT(seen(-0.02f).x - seen(1).x, 0.4);
  }
}

}  // namespace
}  // namespace fl

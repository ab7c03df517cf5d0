#include "engine/landscape/surface_legend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <glm/common.hpp>
#include <glm/exponential.hpp>

#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kSize = 16, kRow = 23;
constexpr float kMarkWidth = 40, kMarkHeight = 9, kGap = 9, kWords = 44, kBeside = 27;
constexpr int kMeshes = 4;  // of the test set's mark
constexpr int kSteps = 10;  // of the map on its mark

// IEC 61966-2-1.
glm::vec4 to_srgb(glm::vec3 linear) {
  const glm::vec3 c = glm::clamp(linear, 0.0f, 1.0f);
  const glm::vec3 bent = 1.055f * glm::pow(c, glm::vec3(1 / 2.4f)) - 0.055f;
  return {glm::mix(c * 12.92f, bent, glm::greaterThan(c, glm::vec3(0.0031308f))), 1};
}

// Of the surface in colour, and of the one of glass.
std::array<std::string, 2> surface_names(const PassContext& context, const StageTexts& texts) {
  const std::uint32_t second = context.frame.facts.race.second_surface;
  if (second == 0) return {"train", "test"};
  return {path_name(texts, 0), path_name(texts, second)};
}

float words_width(const PassContext& context, const Font& font, const StageTexts& texts) {
  float widest = kWords * context.scale;
  for (const std::string& name : surface_names(context, texts))
    widest = std::max(widest, std::ceil(text_width(font, FontWeight::kRegular, name, kSize * context.scale)));
  return widest;
}

}  // namespace

float surface_legend_width(const PassContext& context, const Font& font, const StageTexts& texts) {
  if (context.frame.facts.test_evaluated == 0) return 0;
  return words_width(context, font, texts) + (kGap + kMarkWidth + kBeside) * context.scale;
}

void draw_surface_legend(const PassContext& context, const Font& font, const PanelPass& panels,
                         const ColorMap& colors, const StageTexts& texts, glm::vec2 top_right,
                         std::vector<ScreenLabel>& labels_out) {
  if (context.frame.facts.test_evaluated == 0) return;
  const float scale = context.scale;
  const auto [first_name, second_name] = surface_names(context, texts);
  const float words_x = std::round(top_right.x - words_width(context, font, texts));
  const float mark_x = std::round(words_x - (kGap + kMarkWidth) * scale);
  const float step = std::ceil(kMarkWidth * scale / kSteps);
  const auto row = [&](int number, const std::string& word) {
    const float middle = std::round(top_right.y + (static_cast<float>(number) + 0.5f) * kRow * scale);
    labels_out.push_back({.text = word,
                          .pixel = {words_x, middle},
                          .size = kSize * scale,
                          .color = context.theme.text,
                          .align_y = AlignY::kMiddle});
    return Rect{mark_x, std::round(middle - kMarkHeight * scale / 2), kSteps * step,
                std::round(kMarkHeight * scale)};
  };
  const Rect train = row(0, first_name);
  for (int i = 0; i < kSteps; ++i)
    panels.draw(context, Panel{.rect = {train.x + static_cast<float>(i) * step, train.y, step, train.height},
                               .fill = to_srgb(colors.at((static_cast<float>(i) + 0.5f) / kSteps))});
  // As landscape_test.frag draws it: pale glass, light lines, a dark casing.
  const glm::vec3 tint(context.theme.test);
  const float line = std::max(1.0f, std::round(1.5f * scale));
  const Rect test = row(1, second_name);
  panels.draw(context, Panel{.rect = inset(test, -line), .fill = {0.35f * tint, 1}});
  panels.draw(context, Panel{.rect = test,
                             .fill = {glm::mix(tint, glm::vec3(1), 0.15f), 1},
                             .border_color = glm::vec4(glm::mix(tint, glm::vec3(1), 0.85f), 1),
                             .border = line});
  for (int i = 1; i < kMeshes; ++i)
    panels.draw(context, Panel{.rect = {std::round(test.x + test.width * static_cast<float>(i) / kMeshes),
                                        test.y, std::max(1.0f, std::round(scale)), test.height},
                               .fill = glm::vec4(glm::mix(tint, glm::vec3(1), 0.6f), 1)});
}

}  // namespace fl

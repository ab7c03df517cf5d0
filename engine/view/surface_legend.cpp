#include "engine/view/surface_legend.h"

#include <cmath>

#include <glm/common.hpp>
#include <glm/exponential.hpp>

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kSize = 16, kRow = 23;
constexpr float kMarkWidth = 40, kMarkHeight = 9, kGap = 9, kWords = 44;
constexpr int kSteps = 10;  // of the map on its mark

// IEC 61966-2-1.
glm::vec4 to_srgb(glm::vec3 linear) {
  const glm::vec3 c = glm::clamp(linear, 0.0f, 1.0f);
  const glm::vec3 bent = 1.055f * glm::pow(c, glm::vec3(1 / 2.4f)) - 0.055f;
  return {glm::mix(c * 12.92f, bent, glm::greaterThan(c, glm::vec3(0.0031308f))), 1};
}

}  // namespace

void draw_surface_legend(const PassContext& context, const PanelPass& panels, const ColorMap& colors,
                         glm::vec2 top_right, std::vector<ScreenLabel>& labels_out) {
  if (context.header.test_evaluated == 0) return;
  const float scale = context.scale;
  const float words_x = std::round(top_right.x - kWords * scale);
  const float mark_x = std::round(words_x - (kGap + kMarkWidth) * scale);
  const float step = std::ceil(kMarkWidth * scale / kSteps);
  const auto row = [&](int number, const char* word) {
    const float middle = std::round(top_right.y + (static_cast<float>(number) + 0.5f) * kRow * scale);
    labels_out.push_back({.text = word,
                          .pixel = {words_x, middle},
                          .size = kSize * scale,
                          .color = context.theme.text,
                          .align_y = AlignY::kMiddle});
    return Rect{mark_x, std::round(middle - kMarkHeight * scale / 2), kSteps * step,
                std::round(kMarkHeight * scale)};
  };
  const Rect train = row(0, "train");
  for (int i = 0; i < kSteps; ++i)
    panels.draw(context, Panel{.rect = {train.x + static_cast<float>(i) * step, train.y, step, train.height},
                               .fill = to_srgb(colors.at((static_cast<float>(i) + 0.5f) / kSteps))});
  panels.draw(context, Panel{.rect = row(1, "test"),
                             .fill = faded(context.theme.test, 0.45f),
                             .border_color = context.theme.test,
                             .border = std::max(1.0f, std::round(1.5f * scale))});
}

}  // namespace fl

#include "engine/figures/inks.h"

#include <algorithm>
#include <cmath>

#include "engine/view/color_map.h"

namespace fl {
namespace {

float to_srgb(float linear) {
  const float c = std::clamp(linear, 0.0f, 1.0f);
  return c <= 0.0031308f ? 12.92f * c : 1.055f * std::pow(c, 1 / 2.4f) - 0.055f;
}

}  // namespace

Ink map_ink(double share) {
  const glm::vec3 linear = color_map("").at(static_cast<float>(share));
  return {.srgb = {to_srgb(linear.r), to_srgb(linear.g), to_srgb(linear.b)}};
}

Ink ink_on(const Ink& ground) {
  const glm::vec3& c = ground.srgb;
  return 0.3f * c.r + 0.59f * c.g + 0.11f * c.b < 0.45f ? kPaperInk : kInk;
}

}  // namespace fl

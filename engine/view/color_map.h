#pragma once
// Loss to colour: sequential maps, made here from a few points in Oklab (Ottosson 2020, "A perceptual color
// space for image processing"). Along each, lightness only rises and equal steps of height are equal steps in
// Oklab, so a map is ordered in grey and for every kind of colour blindness; hue only adds to it. A test
// measures all three.
//
// A shader gets a map as polynomials of t in [0, 1], one for each of Oklab's cone responses before they are
// cubed: no texture and no transcendental function in a fragment.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

namespace fl {

struct ColorMap {
  static constexpr std::size_t kTerms = 7;
  std::string_view name;
  bool warm = false;  // reds and oranges in its middle
  // Cube roots of long, medium and short cone response: sum of roots[i].xyz * t^i.
  std::array<glm::vec4, kTerms> roots;

  // Linear sRGB, not clipped; t is clamped to [0, 1]. shaders/common.glsl, height_color, is the same.
  [[nodiscard]] glm::vec3 at(float t) const;
};

// The first is the default.
[[nodiscard]] const std::vector<std::string>& color_map_names();
// The one of that name; the default for any other.
[[nodiscard]] const ColorMap& color_map(std::string_view name);

}  // namespace fl

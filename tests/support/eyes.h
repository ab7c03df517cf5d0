#pragma once
// How far apart colours look, to every kind of eye. All colours are linear sRGB.

#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/mat3x3.hpp>
#include <glm/vec3.hpp>

namespace fl::testing {

// Ottosson 2020, https://bottosson.github.io/posts/oklab: x is lightness, distances are as they look.
inline glm::dvec3 oklab(glm::dvec3 c) {
  const auto root = [](double v) { return std::cbrt(std::max(v, 0.0)); };
  const double l = root(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
  const double m = root(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
  const double s = root(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

// Protanopia, deuteranopia and tritanopia: Machado, Oliveira and Fernandes 2009, "A physiologically-based
// model for simulation of color vision deficiency", severity 1.0. Written as rows.
inline const glm::dmat3 kColourBlind[] = {
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}};

// What such an eye sees.
inline glm::dvec3 seen(const glm::dmat3& rows, glm::dvec3 color) {
  return glm::clamp(color * rows, 0.0, 1.0);  // a row vector times the transpose: rows times the column
}

}  // namespace fl::testing

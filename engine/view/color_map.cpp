#include "engine/view/color_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>

namespace fl {
namespace {

// Oklab to the cube roots of cone responses, and those cubed to linear sRGB; columns as glm has them.
const glm::dmat3 kRootsOfLab{1, 1, 1, 0.3963377774, -0.1055613458, -0.0894841775, 0.2158037573,
                             -0.0638541728, -1.2914855480};
const glm::dmat3 kRgbOfLms{4.0767416621,  -1.2684380046, -0.0041960863, -3.3077115913, 2.6097574011,
                           -0.7034186147, 0.2309699292,  -0.3413193965, 1.7076147010};

// A point that the map passes, in Oklab's polar form; hue in degrees.
struct Key {
  double lightness, chroma, hue;
};
constexpr std::size_t kKeys = 5;
struct Recipe {
  std::string_view name;
  std::array<Key, kKeys> keys;
};

// Every map, one row each. Hues go on past 360 rather than jump; every point is inside sRGB.
constexpr std::array kRecipes{
    // Dark blue, teal, warm yellow.
    Recipe{"tide",
           {{{0.33, 0.130, 264}, {0.48, 0.105, 240}, {0.62, 0.095, 195}, {0.77, 0.120, 142}, {0.91, 0.155, 98}}}},
    // Aubergine, red, cream.
    Recipe{"ember",
           {{{0.26, 0.085, 310}, {0.42, 0.150, 350}, {0.58, 0.180, 380}, {0.75, 0.145, 418}, {0.93, 0.075, 455}}}},
    // Indigo to white.
    Recipe{"glacier",
           {{{0.28, 0.075, 278}, {0.44, 0.095, 262}, {0.61, 0.090, 240}, {0.78, 0.060, 220}, {0.95, 0.020, 200}}}},
    // Grey, for paths in many colours.
    Recipe{"slate",
           {{{0.28, 0.014, 262}, {0.44, 0.014, 262}, {0.61, 0.012, 262}, {0.78, 0.008, 262}, {0.95, 0.004, 262}}}},
};

glm::dvec3 lab(const Key& key) {
  const double hue = key.hue * std::numbers::pi / 180;
  return {key.lightness, key.chroma * std::cos(hue), key.chroma * std::sin(hue)};
}

// Through the keys by Catmull and Rom's spline of the polar numbers, u in [0, 1].
glm::dvec3 curve(const Recipe& recipe, double u) {
  const double at = std::clamp(u, 0.0, 1.0) * (kKeys - 1);
  const auto span = std::min(static_cast<int>(at), static_cast<int>(kKeys) - 2);
  const double t = at - span;
  const auto key = [&](int i) {
    const auto last = static_cast<int>(kKeys) - 1;
    const auto polar = [&](int n) {
      const Key& k = recipe.keys[static_cast<std::size_t>(n)];
      return glm::dvec3{k.lightness, k.chroma, k.hue};
    };
    // Beyond its ends the curve goes on straight.
    if (i < 0) return 2.0 * polar(0) - polar(1);
    if (i > last) return 2.0 * polar(last) - polar(last - 1);
    return polar(i);
  };
  const glm::dvec3 a = key(span - 1), b = key(span), c = key(span + 1), d = key(span + 2);
  const glm::dvec3 p =
      0.5 * (2.0 * b + t * (c - a) + t * t * (2.0 * a - 5.0 * b + 4.0 * c - d) + t * t * t * (3.0 * (b - c) + d - a));
  return lab({p.x, p.y, p.z});
}

// The curve at equal steps of its length in Oklab.
std::vector<glm::dvec3> even_steps(const Recipe& recipe, std::size_t count) {
  constexpr std::size_t kFine = 2048;
  std::vector<glm::dvec3> points(kFine + 1);
  std::vector<double> length(kFine + 1, 0);
  for (std::size_t i = 0; i <= kFine; ++i) points[i] = curve(recipe, static_cast<double>(i) / kFine);
  for (std::size_t i = 1; i <= kFine; ++i) length[i] = length[i - 1] + glm::distance(points[i], points[i - 1]);
  std::vector<glm::dvec3> even(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = length.back() * static_cast<double>(i) / static_cast<double>(count - 1);
    const auto after = std::clamp<std::ptrdiff_t>(std::ranges::lower_bound(length, wanted) - length.begin(), 1, kFine);
    const auto j = static_cast<std::size_t>(after);
    const double share = (wanted - length[j - 1]) / (length[j] - length[j - 1]);
    even[i] = points[j - 1] + share * (points[j] - points[j - 1]);
  }
  return even;
}

// Least squares by the normal equations: seven terms on [0, 1] are well within double precision.
ColorMap fitted(const Recipe& recipe) {
  constexpr std::size_t kSamples = 257;
  constexpr std::size_t n = ColorMap::kTerms;
  std::array<std::array<double, n>, n> matrix{};
  std::array<glm::dvec3, n> right{};
  const std::vector<glm::dvec3> samples = even_steps(recipe, kSamples);
  for (std::size_t s = 0; s < kSamples; ++s) {
    const glm::dvec3 roots = kRootsOfLab * samples[s];
    std::array<double, n> powers{1};
    for (std::size_t i = 1; i < n; ++i) powers[i] = powers[i - 1] * static_cast<double>(s) / (kSamples - 1);
    for (std::size_t i = 0; i < n; ++i) {
      right[i] += powers[i] * roots;
      for (std::size_t j = 0; j < n; ++j) matrix[i][j] += powers[i] * powers[j];
    }
  }
  // Symmetric and positive: elimination needs no pivot.
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t row = i + 1; row < n; ++row) {
      const double factor = matrix[row][i] / matrix[i][i];
      for (std::size_t j = i; j < n; ++j) matrix[row][j] -= factor * matrix[i][j];
      right[row] -= factor * right[i];
    }
  ColorMap map{.name = recipe.name, .roots = {}};
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) right[i] -= matrix[i][j] * right[j];
    right[i] /= matrix[i][i];
    map.roots[i] = glm::vec4(glm::vec3(right[i]), 0);
  }
  const glm::vec3 middle = map.at(0.5f);
  map.warm = middle.r > 1.5f * middle.b;
  return map;
}

const std::vector<ColorMap>& maps() {
  static const std::vector<ColorMap> made = [] {
    std::vector<ColorMap> list;
    for (const Recipe& recipe : kRecipes) list.push_back(fitted(recipe));
    return list;
  }();
  return made;
}

}  // namespace

glm::vec3 ColorMap::at(float t) const {
  const float x = std::clamp(t, 0.0f, 1.0f);
  glm::vec3 root(roots[kTerms - 1]);
  for (std::size_t i = kTerms - 1; i-- > 0;) root = root * x + glm::vec3(roots[i]);
  return glm::mat3(kRgbOfLms) * (root * root * root);
}

const std::vector<std::string>& color_map_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Recipe& recipe : kRecipes) list.emplace_back(recipe.name);
    return list;
  }();
  return names;
}

const ColorMap& color_map(std::string_view name) {
  const auto found = std::ranges::find(maps(), name, &ColorMap::name);
  return found != maps().end() ? *found : maps().front();
}

}  // namespace fl

#include "engine/text/font_sdf.h"

#include <algorithm>
#include <cmath>

#include <glm/geometric.hpp>

namespace fl {
namespace {

// Lowers `squared` to the squared distance to the edge, in the texels that lie within `spread` of it.
void scatter_distance(const OutlineEdge& edge, int width, int height, float spread,
                      std::vector<float>& squared) {
  const glm::vec2 along = edge.to - edge.from;
  const float length_squared = glm::dot(along, along);
  const float inverse = length_squared > 0 ? 1 / length_squared : 0;
  const int x0 = std::max(0, static_cast<int>(std::floor(std::min(edge.from.x, edge.to.x) - spread)));
  const int x1 = std::min(width, static_cast<int>(std::ceil(std::max(edge.from.x, edge.to.x) + spread)));
  const int y0 = std::max(0, static_cast<int>(std::floor(std::min(edge.from.y, edge.to.y) - spread)));
  const int y1 = std::min(height, static_cast<int>(std::ceil(std::max(edge.from.y, edge.to.y) + spread)));
  for (int y = y0; y < y1; ++y) {
    const float py = static_cast<float>(y) + 0.5F - edge.from.y;
    float* row = squared.data() + static_cast<std::ptrdiff_t>(y) * width;
    for (int x = x0; x < x1; ++x) {
      const float px = static_cast<float>(x) + 0.5F - edge.from.x;
      const float t = std::min(1.0F, std::max(0.0F, (px * along.x + py * along.y) * inverse));
      const float dx = px - t * along.x;
      const float dy = py - t * along.y;
      row[x] = std::min(row[x], dx * dx + dy * dy);
    }
  }
}

// Adds each edge's turn to the texels right of it: after a running sum over a row, the winding number.
std::vector<int> winding_changes(std::span<const OutlineEdge> edges, int width, int height) {
  std::vector<int> changes(static_cast<std::size_t>(width + 1) * static_cast<std::size_t>(height));
  for (const OutlineEdge& edge : edges) {
    const bool down = edge.to.y > edge.from.y;
    const glm::vec2 top = down ? edge.from : edge.to;
    const glm::vec2 bottom = down ? edge.to : edge.from;
    // Half-open in y, so that a vertex shared by two edges counts once.
    const int y0 = std::max(0, static_cast<int>(std::ceil(top.y - 0.5F)));
    const int y1 = std::min(height, static_cast<int>(std::ceil(bottom.y - 0.5F)));
    for (int y = y0; y < y1; ++y) {
      const float t = (static_cast<float>(y) + 0.5F - top.y) / (bottom.y - top.y);
      const float crossing = top.x + t * (bottom.x - top.x);
      const int x = std::clamp(static_cast<int>(std::ceil(crossing - 0.5F)), 0, width);
      changes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width + 1) +
              static_cast<std::size_t>(x)] += down ? 1 : -1;
    }
  }
  return changes;
}

}  // namespace

void flatten_cubic(glm::vec2 p0, glm::vec2 p1, glm::vec2 p2, glm::vec2 p3, std::vector<OutlineEdge>& edges) {
  constexpr float kTolerance = 0.02F;
  // A cubic leaves its chord polyline by at most 3/4 max|second difference| / n^2.
  const float bend = std::max(glm::length(p0 - 2.0F * p1 + p2), glm::length(p1 - 2.0F * p2 + p3));
  const int pieces = std::clamp(static_cast<int>(std::ceil(std::sqrt(0.75F * bend / kTolerance))), 1, 32);
  glm::vec2 previous = p0;
  for (int i = 1; i <= pieces; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(pieces);
    const float s = 1 - t;
    const glm::vec2 point =
        i == pieces ? p3 : s * s * s * p0 + 3.0F * s * s * t * p1 + 3.0F * s * t * t * p2 + t * t * t * p3;
    edges.push_back({previous, point});
    previous = point;
  }
}

void write_distance_field(std::span<const OutlineEdge> edges, int width, int height, float spread,
                          std::uint8_t* out, int stride) {
  std::vector<float> squared(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                             spread * spread);
  for (const OutlineEdge& edge : edges) scatter_distance(edge, width, height, spread, squared);
  const std::vector<int> changes = winding_changes(edges, width, height);
  for (int y = 0; y < height; ++y) {
    int winding = 0;
    for (int x = 0; x < width; ++x) {
      winding += changes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width + 1) +
                         static_cast<std::size_t>(x)];
      const float distance = std::sqrt(squared[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                               static_cast<std::size_t>(x)]);
      const float inside = (winding != 0 ? distance : -distance) / spread;
      out[static_cast<std::ptrdiff_t>(y) * stride + x] =
          static_cast<std::uint8_t>(std::lround(std::clamp(127.5F + 127.5F * inside, 0.0F, 255.0F)));
    }
  }
}

}  // namespace fl

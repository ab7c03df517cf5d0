#pragma once
// Exact signed distance fields of glyph outlines. FreeType has a renderer for these, but it takes over a
// second for the glyphs this program needs; scattering each edge into the few texels near it gives the
// exact distance in some milliseconds, so the atlas can be made at every start and needs no cache file.

#include <cstdint>
#include <span>
#include <vector>

#include <glm/vec2.hpp>

namespace fl {

// One straight edge of a flattened outline, in texels, y down. Outlines are closed.
struct OutlineEdge {
  glm::vec2 from, to;
};

// Appends a cubic Bezier curve as edges that stay within a fiftieth of a texel of it. A conic curve is a
// cubic whose inner control points lie two thirds of the way to its own.
void flatten_cubic(glm::vec2 p0, glm::vec2 p1, glm::vec2 p2, glm::vec2 p3, std::vector<OutlineEdge>& edges);

// Writes width x height bytes, rows `stride` apart: 127.5 on the outline, more inside (non-zero winding),
// 255 and 0 at `spread` texels inside and outside.
void write_distance_field(std::span<const OutlineEdge> edges, int width, int height, float spread,
                          std::uint8_t* out, int stride);

}  // namespace fl

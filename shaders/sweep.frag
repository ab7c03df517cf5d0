#version 460
#extension GL_GOOGLE_include_directive : require
// The map of a sweep: a colour for each cell that has a value, a cross where a training diverged, a dash where
// none could be made, plain ground where nobody knows yet (trainer/seam/sweep_facts.h).
#include "common.glsl"
#include "frame.glsl"
#include "sweep.glsl"

layout(location = 0) in vec2 in_share;
layout(location = 0) out vec4 out_color;

const float kMissing = 2.0, kDiverged = 3.0;

// How much of a pixel a line covers whose middle is so far away.
float line_cover(float away, float width) { return clamp(0.5 * width - away + 0.5, 0.0, 1.0); }

void main() {
  const vec2 count = vec2(push.columns, push.rows);
  const vec2 at = in_share * count;
  const vec2 cell = clamp(floor(at), vec2(0.0), count - 1.0);
  const vec2 size = push.plot.zw / count;  // pixels
  const vec2 away = (at - cell - 0.5) * size;  // from the cell's middle
  const float shade =
      sweep_cells[(push.figure * push.rows + uint(cell.y)) * push.columns + uint(cell.x)];
  vec3 color = push.ground.rgb;
  if (shade < 1.5) {
    color = to_srgb(height_color(push.reversed == 1u ? 1.0 - shade : shade, view.colors));
  } else if (shade > kMissing + 0.5) {
    // Both diagonals of a square, or a dash.
    const float arm = 0.3 * min(size.x, size.y);
    const vec2 turned = vec2(away.x + away.y, away.x - away.y) * 0.70710678;
    const float cross = max(line_cover(abs(turned.x), push.line) * step(abs(turned.y), arm * 1.4142),
                            line_cover(abs(turned.y), push.line) * step(abs(turned.x), arm * 1.4142));
    const float dash = line_cover(abs(away.y), push.line) * step(abs(away.x), arm);
    color = mix(color, push.cross_color.rgb, shade < kDiverged + 0.5 ? cross : dash);
  }
  const vec2 edge = 0.5 * size - abs(away);
  if (push.gap > 0.0) color = mix(push.ground.rgb, color, clamp(min(edge.x, edge.y) - 0.5 * push.gap + 0.5, 0.0, 1.0));
  out_color = vec4(color, 1.0);
}

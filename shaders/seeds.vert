#version 460
#extension GL_GOOGLE_include_directive : require
// A histogram of seeds: a bar for each instance.
#include "common.glsl"
#include "frame.glsl"
#include "seeds.glsl"

layout(location = 0) out vec2 out_inside;       // pixels from the bar's left and lower edge
layout(location = 1) out flat vec2 out_size;    // of the bar
layout(location = 2) out flat vec4 out_color;

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
  const uint bar = uint(gl_InstanceIndex);
  const float pitch = push.plot.z / float(push.bars);
  out_size = vec2(pitch - push.gap, push.plot.w * clamp(seed_bars[push.first + bar] / push.most, 0.0, 1.0));
  out_inside = corner * out_size;
  out_color = int(bar) == push.chosen ? push.chosen_color : push.color;
  const vec2 lower_left = vec2(push.plot.x + float(bar) * pitch + 0.5 * push.gap, push.plot.y + push.plot.w);
  gl_Position = on_plane(mat3(1.0), lower_left + vec2(out_inside.x, -out_inside.y));
}

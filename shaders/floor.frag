#version 460
#extension GL_GOOGLE_include_directive : require
// A pool of light under the landscape that runs out into the backdrop: its shadow says how high what lies.
#include "common.glsl"

layout(location = 0) in vec2 place;
layout(location = 1) in float light;
layout(location = 0) out vec4 color;

void main() {
  float r2 = dot(place, place) * (1.0 / 3.4);
  float pool = smoothstep(0.0, 1.0, 1.0 - r2);
  // From the side a floor is a line, from below it is not there.
  pool *= clamp(view.eye.y * 2.5, 0.0, 1.0);
  vec3 behind = backdrop(gl_FragCoord.xy);
  vec3 lit = mix(behind, view.theme.floor_.rgb, 0.75 * pool);
  color = vec4(lit * (1.0 - view.theme.floor_.a * pool * (1.0 - light)), 1.0);
}

#version 460
#extension GL_GOOGLE_include_directive : require
// Where no surface is: a pool of light under the landscape that runs out into the backdrop. The surface's shadow
// on it says how high what lies.
#include "common.glsl"
#include "relief.glsl"

layout(location = 0) in vec3 ray;
layout(location = 1) flat in vec4 top;
layout(location = 2) flat in vec4 bottom;
layout(location = 3) flat in vec4 floor_color;
layout(location = 4) flat in vec3 eye;
layout(location = 0) out vec4 color;

// Between the four cells about a place.
float light_at(vec2 place) {
  vec2 at = clamp((place / kFloorReach * 0.5 + 0.5) * float(kFloorSide - 1u), 0.0, float(kFloorSide - 1u) - 1e-3);
  vec2 low = floor(at), f = at - low;
  vec4 light = textureGather(floor_light, (low + 1.0) / float(kFloorSide));
  return mix(mix(light.w, light.z, f.x), mix(light.x, light.y, f.x), f.y);
}

void main() {
  float along = eye.z / max(-ray.y, 1e-4);
  vec2 place = eye.xy + along * ray.xz;
  float pool = smoothstep(0.0, 1.0, 1.0 - dot(place, place) * (1.0 / 3.4)) * bottom.a;
  vec3 behind = backdrop(gl_FragCoord.xy, gl_FragCoord.y * top.a, top.rgb, bottom.rgb);
  vec3 lit = mix(behind, floor_color.rgb, 0.75 * pool);
  color = vec4(lit * (1.0 - floor_color.a * pool * (1.0 - light_at(place))), 1.0);
}

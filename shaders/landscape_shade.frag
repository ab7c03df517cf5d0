#version 460
#extension GL_GOOGLE_include_directive : require
// The loss surface from its depth alone, one pixel at a time: the triangle that a pixel shows is found again in
// the relief, and all that landscape.vert would have interpolated over it is worked out here. A software
// rasteriser runs a fragment shader on whole blocks of pixels a triangle: drawn with small triangles, each pixel
// would be shaded many times.
#include "common.glsl"
#include "contour.glsl"
#include "relief.glsl"
#include "surface_light.glsl"

layout(set = 3, binding = 0) uniform sampler2D surface_depth;

layout(location = 0) in vec3 ray;
layout(location = 1) flat in vec4 ray_right;
layout(location = 2) flat in vec4 ray_down;
layout(location = 3) flat in uvec3 grid;
layout(location = 4) flat in SurfaceLook look;
layout(location = 0) out vec4 color;

// A value over the triangle: at the cell's low corner, at the corner between, and at the opposite one.
float over(vec3 corners, vec2 share) {
  return corners.x + share.x * (corners.y - corners.x) + share.y * (corners.z - corners.y);
}
// Its change along the cell's columns and rows.
vec2 slope_of(vec3 corners, bool columns_first) {
  vec2 change = corners.yz - corners.xy;
  return columns_first ? change : change.yx;
}

void main() {
  vec3 eye = look.eye.xyz;
  vec3 seen = eye + ray * (ray_right.w / (texelFetch(surface_depth, ivec2(gl_FragCoord.xy), 0).r + ray_down.w));

  // The cell: all are stride cells of the slot's grid wide, but for the last.
  uint last_cell = grid.x - 1u;
  float last = float(last_cell);
  vec2 at = (vec2(seen.x, -seen.z) * 0.5 + 0.5) * last;
  ivec2 cell = clamp(ivec2(at / float(grid.z)), ivec2(0), ivec2(grid.y - 2u));
  uvec2 first = uvec2(cell) * grid.z;
  vec2 from = vec2(first), width = vec2(min(first + grid.z, last_cell)) - from;
  vec2 share = (at - from) / width;
  // landscape.cpp cuts a cell from its low corner to the opposite one.
  bool columns_first = share.x >= share.y;
  Relief low = relief_at(cell);
  Relief between = relief_at(cell + (columns_first ? ivec2(1, 0) : ivec2(0, 1)));
  Relief high = relief_at(cell + 1);
  vec3 y = vec3(drawn_y(low.y), drawn_y(between.y), drawn_y(high.y));
  vec3 rim = vec3(low.rim, between.rim, high.rim);
  share = columns_first ? share : share.yx;

  // The triangle's plane, y = ... + gradient * (x, z), and how the place on it moves from pixel to pixel.
  vec2 world_width = width * vec2(2.0, -2.0) / last;
  vec2 gradient = slope_of(y, columns_first) / world_width;
  vec3 plane = vec3(-gradient.x, 1.0, -gradient.y);
  vec3 corner = vec3(from.x / last * 2.0 - 1.0, y.x, 1.0 - from.y / last * 2.0);
  float away = dot(plane, ray);
  away = abs(away) < 1e-6 ? 1e-6 : away;
  float eye_height = dot(plane, eye - corner);
  float along = -eye_height / away;
  vec3 right = along * (ray_right.xyz - ray * (dot(plane, ray_right.xyz) / away));
  vec3 down = along * (ray_down.xyz - ray * (dot(plane, ray_down.xyz) / away));
  vec2 rim_gradient = slope_of(rim, columns_first) / world_width;
  float rim_per_pixel = abs(dot(rim_gradient, right.xz)) + abs(dot(rim_gradient, down.xz));

  SurfacePoint p;
  p.world = vec3(seen.x, over(y, share), seen.z);
  vec2 normal = low.normal + share.x * (between.normal - low.normal) + share.y * (high.normal - between.normal);
  p.normal = upward(normal);
  p.key = over(vec3(low.key, between.key, high.key), share);
  p.sky = over(vec3(low.sky, between.sky, high.sky), share);
  p.evaluated = over(vec3(low.evaluated, between.evaluated, high.evaluated), share);
  p.y_per_pixel = abs(right.y) + abs(down.y);
  p.from_rim = over(rim, share) / max(rim_per_pixel, 1e-6);
  p.from_above = eye_height > 0.0;
  color = vec4(surface_color(p, look), 1.0);
}

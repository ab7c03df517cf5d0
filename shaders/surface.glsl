// The slot's height grid as a surface in the world box: x along a, z against b, y the loss.
// Needs frame.glsl and common.glsl.

vec2 plane_to_world(float a, float b) {
  vec2 t = vec2((a - header.a_min) / (header.a_max - header.a_min), (b - header.b_min) / (header.b_max - header.b_min));
  return vec2(t.x * 2.0 - 1.0, 1.0 - t.y * 2.0);
}

// By bits: isnan may be optimised away where a compiler assumes finite numbers.
bool finite(float v) { return (floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u; }

// SurfaceScale::kFloor and kHeadroom.
const float kFloorY = -0.04;
const float kHeadroom = 0.03;
// Of the plane's half width: what lies farther out is nowhere near the picture, and its pixels would overflow.
const float kFarthest = 100.0;

// Losses beyond the box are drawn at its ceiling or floor (SurfaceScale::stage_y).
vec3 path_point_world(PathPoint p) {
  vec2 xz = plane_to_world(p.a, p.b);
  return vec3(xz.x, clamp(loss_to_y(p.real_loss), kFloorY, view.surface.w + kHeadroom), xz.y);
}

// Whether the point has a place: after a divergence it may be no number at all.
bool drawable(PathPoint p) {
  vec2 xz = plane_to_world(p.a, p.b);
  return finite(p.real_loss) && finite(xz.x) && finite(xz.y) && max(abs(xz.x), abs(xz.y)) < kFarthest;
}

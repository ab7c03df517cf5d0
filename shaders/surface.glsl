// The slot's height grid as a surface in the world box: x along a, z against b, y the loss.
// Needs frame.glsl and common.glsl.

vec2 plane_to_world(float a, float b) {
  vec2 t = vec2((a - header.a_min) / (header.a_max - header.a_min), (b - header.b_min) / (header.b_max - header.b_min));
  return vec2(t.x * 2.0 - 1.0, 1.0 - t.y * 2.0);
}

vec3 path_point_world(PathPoint p) {
  vec2 xz = plane_to_world(p.a, p.b);
  return vec3(xz.x, loss_to_y(p.real_loss), xz.y);
}

bool finite(float v) { return !isnan(v) && !isinf(v); }

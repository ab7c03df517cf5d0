#version 460
#extension GL_GOOGLE_include_directive : require
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "ball.glsl"

layout(location = 0) out vec3 on_square;
layout(location = 1) flat out vec4 sphere;  // centre, radius
layout(location = 2) flat out vec3 base_color;
layout(location = 3) out vec2 across;  // of its radius, from its centre
layout(location = 4) flat out uint is_cross;

void main() {
  bool is_ball = gl_InstanceIndex == 0;
  PathPoint p = header.ball;
  if (push.several != 0u) p = header.paths[push.number].ball;
  if (!is_ball) p = path[push.several == 2u ? header.paths[push.number].first : 0u];
  vec3 centre = path_point_world(p);
  float radius = is_ball ? push.ball_radius : push.start_radius;
  centre.y += radius;  // it lies on its loss
  base_color = is_ball ? view.theme.ball.rgb : view.theme.start.rgb;
  if (is_ball && push.several != 0u) base_color = view.theme.paths[header.paths[push.number].color].rgb;
  // A run's path that has ended ends with a cross.
  is_cross = is_ball && push.several == 2u ? header.paths[push.number].diverged : 0u;
  across = vec2(0.0);
  sphere = vec4(centre, radius);
  if (!drawable(p)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);  // outside: nothing is drawn
    on_square = vec3(0.0);
    return;
  }
  vec3 toward = normalize(view.eye.xyz - centre);
  vec3 right = normalize(cross(vec3(0, 1, 0), toward));
  vec3 up = cross(toward, right);
  vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2.0 - 1.0;  // a strip of four
  // Near the eye a sphere's outline is wider than its equator; 1.2 leaves room for that and for its edge.
  across = corner * 1.2;
  on_square = centre + (right * corner.x + up * corner.y) * radius * 1.2;
  gl_Position = view.view_projection * vec4(on_square, 1.0);
}

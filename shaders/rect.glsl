// Constants of a rounded rectangle; engine/pass/panel.cpp mirrors them.
layout(push_constant, std430) uniform Push {
  vec4 rect;  // x, y, width, height in pixels
  vec4 fill;
  vec4 border_color;
  float radius;
  float border;    // width inside the edge, pixels
  float softness;  // pixels over which the edge fades; 1 and less: a sharp one
  mat3 plane;
} push;

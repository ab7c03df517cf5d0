#version 460
// Smooths the steps of edges where a device has no time for several samples a pixel: the idea of Lottes 2009,
// "FXAA": find an edge by its contrast, follow it to both ends, and take the colour from across the edge as
// far as the end's distance says the true edge runs through this pixel.

layout(set = 2, binding = 0) uniform sampler2D picture;  // the 3-D view, at its place in the target

layout(location = 0) flat in ivec4 pixels;  // of the view: its first pixel and its last
layout(location = 0) out vec4 color;

const float kContrast = 0.06;          // below this there is no edge
const float kRelativeContrast = 0.12;  // of the brightest neighbour
const int kReach = 12;                 // pixels along an edge

vec3 at(ivec2 pixel) { return texelFetch(picture, clamp(pixel, pixels.xy, pixels.zw), 0).rgb; }
float luma(vec3 c) { return dot(c, vec3(0.299, 0.587, 0.114)); }

// Steps along `along` until the edge between this side and `across` ends, `reach` pixels at most; its contrast
// there at the end.
float follow(ivec2 from, ivec2 along, ivec2 across, float edge, float half_contrast, int reach, out float reached) {
  float ends = 0.0;
  reached = float(kReach);
  for (int i = 1; i <= reach; ++i) {
    ivec2 here = from + along * i;
    ends = 0.5 * (luma(at(here)) + luma(at(here + across))) - edge;
    if (abs(ends) >= half_contrast) {
      reached = float(i);
      break;
    }
  }
  return ends;
}

void main() {
  ivec2 here = ivec2(gl_FragCoord.xy);
  vec3 own = at(here);
  float m = luma(own);
  // Of the four neighbours two are shaded together with this one, and fetched already: quads begin at even pixels of
  // the target, and so does the view.
  ivec2 outward = (here & 1) * 2 - 1;
  vec3 outer_x = at(here + ivec2(outward.x, 0)), outer_y = at(here + ivec2(0, outward.y));
  vec3 inner_x = own - dFdxFine(own) * float(outward.x), inner_y = own - dFdyFine(own) * float(outward.y);
  bool left = outward.x < 0, top = outward.y < 0;
  float w = luma(left ? outer_x : inner_x), e = luma(left ? inner_x : outer_x);
  float n = luma(top ? outer_y : inner_y), s = luma(top ? inner_y : outer_y);
  float most = max(m, max(max(n, s), max(w, e)));
  float contrast = most - min(m, min(min(n, s), min(w, e)));
  bool is_edge = contrast > max(kContrast, kRelativeContrast * most);

  bool lies = abs(n + s - 2.0 * m) >= abs(w + e - 2.0 * m);  // a horizontal edge
  float before = lies ? n : w, after = lies ? s : e;
  bool backward = abs(before - m) > abs(after - m);
  ivec2 across = (lies ? ivec2(0, 1) : ivec2(1, 0)) * (backward ? -1 : 1);
  ivec2 along = lies ? ivec2(1, 0) : ivec2(0, 1);
  float other = backward ? before : after;
  float edge = 0.5 * (m + other);
  float half_contrast = 0.25 * abs(other - m);
  // No branch: a software rasteriser walks both sides of one, but leaves a loop that no pixel needs.
  int reach = is_edge ? kReach : 0;
  float forth, back;
  float end_forth = follow(here, along, across, edge, half_contrast, reach, forth);
  float end_back = follow(here, -along, across, edge, half_contrast, reach, back);
  float end = forth < back ? end_forth : end_back;
  // Only one side of a step is mixed: the one that the true edge cuts into.
  float share = (end < 0.0) != (m - edge < 0.0) ? 0.5 - min(forth, back) / (forth + back) : 0.0;
  // A lone pixel has no edge to follow: it is calmed a little.
  float around = 0.25 * (n + s + w + e);
  share = max(share, 0.5 * clamp(abs(around - m) / max(contrast, 1e-3) - 0.25, 0.0, 0.5));
  vec3 beyond = lies ? (backward == top ? outer_y : inner_y) : (backward == left ? outer_x : inner_x);
  color = vec4(mix(own, beyond, is_edge ? share : 0.0), 1.0);
}

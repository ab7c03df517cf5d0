// The view of set 1 (engine/pass/pass.h, ViewUniforms) and the few functions that several passes share.
//
// Fragment shaders that cover many pixels with few triangles get what they need of it as flat inputs from their
// vertex shader: a software rasteriser reads a uniform or a push constant lane by lane, some 27 instructions a
// number.

#include "shaders/shared/view.h"

layout(std140, set = 1, binding = 0) uniform ViewBuffer { ViewUniforms view; };

// From the eye through a pixel's place in the 3-D view; as long as one unit is deep.
vec3 pixel_ray(vec2 pixel) { return view.ray.xyz + pixel.x * view.ray_right.xyz + pixel.y * view.ray_down.xyz; }

float luminance(vec3 linear) { return dot(linear, vec3(0.2126, 0.7152, 0.0722)); }

// IEC 61966-2-1.
vec3 to_linear(vec3 srgb) {
  return mix(srgb / 12.92, pow((srgb + 0.055) / 1.055, vec3(2.4)), greaterThan(srgb, vec3(0.04045)));
}
vec3 to_srgb(vec3 linear) {
  vec3 c = clamp(linear, 0.0, 1.0);
  return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, greaterThan(c, vec3(0.0031308)));
}
// The same by square roots (Taylor 2012, "Approximations to sRGB"): off by less than 1/500,
// and many times as fast as pow where a CPU draws.
vec3 to_srgb_fast(vec3 linear) {
  vec3 c = clamp(linear, 0.0, 1.0);
  vec3 s1 = sqrt(c), s2 = sqrt(s1), s3 = sqrt(s2);
  return clamp(0.662002687 * s1 + 0.684122060 * s2 - 0.323583601 * s3 - 0.0225411470 * c, 0.0, 1.0);
}

// What is lit may be brighter than a screen: highlights roll off and pale, everything below 0.76 stays as it
// is, so that a colour on the surface is the colour of its loss. Khronos PBR Neutral (2024), without its
// offset for the mirror reflection, which nothing here has.
vec3 tone_map(vec3 linear) {
  const float start = 0.76, room = 1.0 - start;
  float peak = max(max(linear.r, linear.g), max(linear.b, 1e-4));
  float mapped = peak < start ? peak : 1.0 - room * room / (peak + room - start);
  float pale = 1.0 - 1.0 / (0.15 * (peak - mapped) + 1.0);
  return mix(linear * (mapped / peak), vec3(mapped), pale);
}
vec3 to_screen(vec3 linear) { return to_srgb_fast(tone_map(linear)); }

// Oklab (Ottosson 2020): the cube roots of its cone responses to linear sRGB. Out of gamut is clipped.
vec3 roots_to_linear(vec3 root) {
  vec3 lms = root * root * root;
  return max(vec3(dot(lms, vec3(4.0767416621, -3.3077115913, 0.2309699292)),
                  dot(lms, vec3(-1.2684380046, 2.6097574011, -0.3413193965)),
                  dot(lms, vec3(-0.0041960863, -0.7034186147, 1.7076147010))),
             0.0);
}

// Oklab in polar form to linear sRGB; hue in radians.
vec3 oklch_to_linear(float lightness, float chroma, float hue) {
  float a = chroma * cos(hue);
  float b = chroma * sin(hue);
  return roots_to_linear(vec3(lightness) + vec3(0.3963377774, -0.1055613458, -0.0894841775) * a +
                         vec3(0.2158037573, -0.0638541728, -1.2914855480) * b);
}

// Share of the height to linear sRGB by a colour map's roots: ColorMap::at.
vec3 height_color(float t, vec4 colors[kColorTerms]) {
  t = clamp(t, 0.0, 1.0);
  vec3 root = colors[6].rgb;
  for (int i = 5; i >= 0; --i) root = root * t + colors[i].rgb;
  return roots_to_linear(root);
}

// A loss as the height axis shows it (SurfaceScale::coordinate), and its height in the world.
float loss_coordinate(float loss) {
  return view.options.x > 0.5 ? log(max(loss, 1e-30)) * 0.43429448190325176 : loss;
}
float loss_to_y(float loss) {
  return view.surface.w * (loss_coordinate(loss) - view.surface.x) / (view.surface.y - view.surface.x);
}

// Interleaved gradient noise (Jimenez 2014), in [0, 1): hides the bands of an 8-bit gradient.
float dither_noise(vec2 pixel) { return fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715)))); }

// A point in a flat pass's own pixels, where the plane it stands in shows it (engine/pass/plane.h).
vec4 on_plane(mat3 plane, vec2 point) {
  const vec3 p = plane * vec3(point, 1.0);
  return vec4(p.xy * view.target.zw * 2.0 - p.z, 0.0, p.z);
}

// The stage behind everything, sRGB: a slow vertical gradient over the whole picture, of which `down` is the
// share above.
vec3 backdrop(vec2 pixel, float down, vec3 top, vec3 bottom) {
  return mix(top, bottom, smoothstep(0.0, 1.0, down)) + (dither_noise(pixel) - 0.5) / 255.0;
}

// A corner of a triangle that covers the viewport, in clip coordinates.
vec2 whole_corner(int vertex) { return vec2((vertex << 1) & 2, vertex & 2) * 2.0 - 1.0; }

// How the loss surface looks at a place. Needs common.glsl and contour.glsl.

// What is the same for all its pixels.
struct SurfaceLook {
  vec4 eye;        // xyz: world; w: of contour lines, their strength
  vec4 light;      // xyz: toward the key light, unit length; w: 1 / the box's height
  vec4 fill;       // xyz: toward the fill light, unit length; w: pixels a thin line is wide
  vec3 levels;     // contour level at y = 0, its rise per world unit; 1: evaluated points are marked
  vec4 colors[7];  // of height: ColorMap::roots
};

SurfaceLook surface_look() {
  vec3 l = view.light.xyz;
  float range = view.surface.y - view.surface.x;
  return SurfaceLook(vec4(view.eye.xyz, view.theme.contour.a), vec4(l, 1.0 / view.surface.w),
                     vec4(normalize(vec3(-l.x, 0.35, -l.z)), view.options.y),
                     vec3(vec2(view.surface.x, range / view.surface.w) / view.surface.z, view.options.w), view.colors);
}

struct SurfacePoint {
  vec3 world;
  vec3 normal;         // of the relief, unit length, upward
  float key, sky, evaluated;
  float y_per_pixel;   // how much the height changes from pixel to pixel
  float from_rim;      // pixels to the nearest hole
  bool from_above;     // the eye sees the upper side
};

const vec3 kKeyColor = vec3(1.00, 0.95, 0.86) * 1.42;
const vec3 kFillColor = vec3(0.55, 0.70, 1.00) * 0.16;
const vec3 kSkyColor = vec3(0.74, 0.86, 1.00) * 0.42;
const vec3 kGroundColor = vec3(0.55, 0.48, 0.45) * 0.16;

// sRGB-encoded.
vec3 surface_color(SurfacePoint p, SurfaceLook look) {
  vec3 to_eye = normalize(look.eye.xyz - p.world);
  vec3 n = p.from_above ? p.normal : -p.normal;

  vec3 albedo = height_color(p.world.y * look.light.w, look.colors);
  // On request what is predicted is paler, and each point that is evaluated stands out as a dot of full colour.
  float predicted = look.levels.z * (1.0 - smoothstep(0.45, 0.75, p.evaluated));
  albedo = mix(albedo, mix(albedo, vec3(luminance(albedo)), 0.35) * 0.60 + 0.10, predicted);
  float lines = contours(look.levels.x + p.world.y * look.levels.y, p.y_per_pixel * look.levels.y, look.fill.w);
  albedo *= 1.0 - lines * look.eye.w;
  // A hole has an edge that is drawn: what ends there ends on purpose.
  albedo *= mix(0.35, 1.0, smoothstep(0.5, 2.0, p.from_rim / look.fill.w));

  vec3 l = look.light.xyz;
  // A shadow is never black: what lies in it must still show its contour lines.
  float key = max(dot(n, l), 0.0) * mix(0.20, 1.0, p.key);
  float fill = max(dot(n, look.fill.xyz), 0.0);
  float open = p.sky * (0.4 + 0.6 * p.sky);
  vec3 arriving = kKeyColor * key + kFillColor * fill * open + mix(kGroundColor, kSkyColor, n.y * 0.5 + 0.5) * open;
  // The underside gets no lamp: a dim, even light from the viewer tells it from the top.
  if (!p.from_above) arriving = kSkyColor * (0.30 + 0.45 * max(dot(n, to_eye), 0.0));
  float shine = max(dot(n, normalize(l + to_eye)), 0.0);
  shine *= shine, shine *= shine, shine *= shine, shine *= shine, shine *= shine;
  float sheen = shine * 0.10 * p.key * float(p.from_above);

  return to_screen(albedo * arriving + sheen);
}

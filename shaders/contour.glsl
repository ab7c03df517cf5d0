// Contour lines. A level is a height in contour intervals: a line at every whole number.

// Darkness of the lines at `level`, anti-aliased: `width` in pixels, `per_pixel` the level's change.
float contour(float level, float per_pixel, float width) {
  float distance = abs(fract(level + 0.5) - 0.5) / per_pixel;
  // Where lines come closer than a few pixels they would merge into a stain: fade them out.
  return clamp(width * 0.5 + 0.5 - distance, 0.0, 1.0) * (1.0 - smoothstep(0.12, 0.30, per_pixel));
}

// All of them, every kBold-th (SurfaceScale) bold; `scale`: pixels a thin one is wide.
float contours(float level, float level_per_pixel, float scale) {
  float per_pixel = max(level_per_pixel, 1e-6);
  return max(contour(level, per_pixel, scale) * 0.5, contour(level * 0.2, per_pixel * 0.2, 1.7 * scale));
}

#version 460
#extension GL_GOOGLE_include_directive : require
// One instance a mark, a picture or an arrow; the head's field is one square.
#include "common.glsl"
#include "frame.glsl"
#include "map.glsl"

layout(location = 0) out vec2 out_local;       // pixels from the middle; of an arrow along it and across
layout(location = 1) flat out uint out_index;  // of the class or the picture
layout(location = 2) flat out vec4 out_shape;  // half of a picture's size; an arrow's length; the class

vec2 to_pixel(vec2 place) {
  const vec2 share = (place - push.square.xy) / push.square.z;
  return push.plot.xy + 0.5 * push.plot.zw * (1.0 + vec2(share.x, -share.y));
}

void main() {
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2.0 - 1.0;
  uint label = gl_InstanceIndex;
  out_index = gl_InstanceIndex;
  vec2 middle = push.plot.xy + 0.5 * push.plot.zw, reach = 0.5 * push.plot.zw;
  vec2 right = vec2(1.0, 0.0);
  out_shape = vec4(0.0);
  if (push.kind == kDots || push.kind == kPictures) {
    out_index += push.first;
    const MapImage image = map_images[out_index];
    middle = to_pixel(vec2(image.x, image.y));
    label = image.label;
    out_shape.x = float(image.size & 255u);
    out_shape.y = float(image.size >> 8u);
  } else if (push.kind == kShownPicture) {
    middle = to_pixel(push.shown.xy);
    label = push.shown_label;
    out_index = push.picture;
    out_shape.xy = vec2(push.shown_size & 255u, push.shown_size >> 8u);
  } else if (push.kind == kMeans) {
    middle = to_pixel(vec2(map_classes[label].mean_x, map_classes[label].mean_y));
  } else if (push.kind == kKeyMark) {
    label = push.first;
  } else if (push.kind == kArrows) {
    const vec2 toward = vec2(map_classes[label].toward_x, -map_classes[label].toward_y);
    const float slope = length(toward);
    const float rise = slope * push.square.z;
    const float pixels = 0.5 * push.plot.z * kArrowShare * rise / (rise + kArrowSlope);
    const vec2 from = to_pixel(vec2(0.0));
    right = slope > 0.0 ? toward / slope : right;
    middle = from + 0.5 * pixels * right;
    out_shape.z = pixels;
    reach = vec2(0.5 * pixels, 0.0) + push.size;
  }
  if (push.kind == kPictures || push.kind == kShownPicture) {
    out_shape.xy *= 0.5 * push.size / max(max(out_shape.x, out_shape.y), 1.0);
    middle = floor(middle - out_shape.xy) + out_shape.xy;
    reach = out_shape.xy + 0.5 * push.size;
  } else if (push.kind == kDots || push.kind == kMeans || push.kind == kKeyMark) {
    reach = vec2(push.size + push.line + 1.0);
  }
  out_shape.w = float(label);
  out_local = corner * reach;
  const vec2 pixel = middle + out_local.x * right + out_local.y * vec2(-right.y, right.x);
  // A mean that is no number is not drawn.
  gl_Position = isnan(pixel.x + pixel.y) ? vec4(2.0, 2.0, 2.0, 1.0) : on_plane(mat3(1.0), pixel);
}

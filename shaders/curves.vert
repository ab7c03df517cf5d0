#version 460
#extension GL_GOOGLE_include_directive : require
// Curves straight from the frame slot: an instance is a segment from one point to the next, a dot, or a
// column of the picture with all the points that fall into it.
#include "common.glsl"
#include "frame.glsl"
#include "curves.glsl"

layout(location = 0) out vec2 out_pixel;
layout(location = 1) flat out vec4 out_ends;  // of the segment, in pixels

// By bits: isnan may be optimised away where a compiler assumes finite numbers.
bool is_finite(float x) { return (floatBitsToUint(x) & 0x7f800000u) != 0x7f800000u; }

float value_of(uint i) {
  switch (push.series) {
    case kTrainLoss: return epochs[i].loss;
    case kTestLoss: return epochs[i].test_loss;
    case kTrainAccuracy: return epochs[i].accuracy;
    case kTestAccuracy: return epochs[i].test_accuracy;
    case kPathLoss: return path[push.first + i].real_loss;
    default: return step_losses[i];
  }
}

float epochs_per_point() {
  return push.series == kStepLoss ? float(header.step_stride) / float(max(header.steps_per_epoch, 1u)) : 1.0;
}

// Epoch i stands at i, and its steps around it: the point is their mean, in the middle of them.
float epoch_of(uint i) {
  if (push.series == kPathLoss) return path[push.first + i].step;
  const float first = push.series == kStepLoss ? 0.5 / float(max(header.steps_per_epoch, 1u)) - 0.5 : 0.0;
  return first + float(i) * epochs_per_point();
}

// The outer halves of the first and the last epoch's steps are beyond the axis: they stand on its ends.
vec2 to_pixel(float epoch, float value) {
  const float y = push.log != 0u ? max(log(max(value, 1e-37)) * 0.43429448190325176, push.low) : value;
  float down = (push.most.y - y) / (push.most.y - push.low);
  // One of several descents may climb out of the chart: it runs along its edge.
  if (push.series == kPathLoss) down = clamp(down, 0.0, 1.0);
  return push.plot.xy + vec2(clamp(epoch / push.most.x, 0.0, 1.0), down) * push.plot.zw;
}

bool valid(uint i) { return i < push.count && is_finite(value_of(i)); }
vec2 point(uint i) { return to_pixel(epoch_of(i), value_of(i)); }

// False where there is nothing to draw: a gap, the end.
bool segment(uint i, out vec2 from, out vec2 to) {
  if (!valid(i)) return false;
  from = to = point(i);
  if (push.mode == kDots) return true;
  if (valid(i + 1u)) {
    to = point(i + 1u);
    return true;
  }
  // A point without neighbours would vanish: it stays as a dot of the line's width.
  return i == 0u || !valid(i - 1u);
}

// The range of the points within pixel column i, joined to the column before.
bool column(uint i, out vec2 from, out vec2 to) {
  const float epochs_per_pixel = push.most.x / push.plot.z;
  const float start = (float(i) * epochs_per_pixel - epoch_of(0)) / epochs_per_point();
  const float end = start + epochs_per_pixel / epochs_per_point();
  const uint first = i == 0u ? 0u : uint(max(ceil(start) - 1.0, 0.0));
  const uint last = i + 1u == uint(push.plot.z) ? push.count : uint(max(ceil(end), 0.0));
  float low = 3.0e38, high = -3.0e38;
  for (uint k = first; k < last && k < push.count; ++k) {
    const float value = value_of(k);
    if (!is_finite(value)) continue;
    low = min(low, value);
    high = max(high, value);
  }
  if (low > high) return false;
  const float centre = (float(i) + 0.5) * epochs_per_pixel;
  from = to_pixel(centre, low);
  to = to_pixel(centre, high);
  return true;
}

void main() {
  vec2 from = vec2(0.0), to = vec2(0.0);
  const bool drawn =
      push.mode == kColumns ? column(gl_InstanceIndex, from, to) : segment(gl_InstanceIndex, from, to);
  if (!drawn) {
    gl_Position = vec4(2.0, 2.0, 0.0, 1.0);  // outside: all four corners on one point
    return;
  }
  const vec2 delta = to - from;
  const float length_px = length(delta);
  const vec2 along = length_px > 1e-4 ? delta / length_px : vec2(1.0, 0.0);
  const float reach = 0.5 * push.width + 1.0;
  const vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1) * 2.0 - 1.0;
  out_pixel = (corner.x < 0.0 ? from : to) + reach * (corner.x * along + corner.y * vec2(-along.y, along.x));
  out_ends = vec4(from, to);
  gl_Position = vec4(out_pixel * view.target.zw * 2.0 - 1.0, 0.0, 1.0);
}

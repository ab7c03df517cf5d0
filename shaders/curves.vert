#version 460
#extension GL_GOOGLE_include_directive : require
// Curves straight from the frame slot: an instance is a segment from one point to the next, or a dot. The band
// that most of the points about it lie in is one strip, because each of its vertices is dear.
#include "common.glsl"
#include "frame.glsl"
#include "curves.glsl"

layout(location = 0) out vec2 out_pixel;
layout(location = 1) flat out vec4 out_ends;  // of the segment, in pixels
layout(location = 2) out float out_across;

// By bits: isnan may be optimised away where a compiler assumes finite numbers.
bool is_finite(float x) { return (floatBitsToUint(x) & 0x7f800000u) != 0x7f800000u; }

float value_of(uint i) {
  switch (push.series) {
    case kTrainLoss: return epochs[push.first + i].loss;
    case kTestLoss: return epochs[push.first + i].test_loss;
    case kTrainAccuracy: return epochs[push.first + i].accuracy;
    case kTestAccuracy: return epochs[push.first + i].test_accuracy;
    case kPathLoss: return path[push.first + i].real_loss;
    case kGradientNorm: return steps[i].gradient_norm;
    case kUpdateNorm: return steps[i].update_norm;
    case kRate: return step_rates[i];
    case kClassAccuracy: return class_accuracies[i * push.row + push.first];
    case kSharpness: return curvatures[i].sharpness;
    case kBatchSharpness: return curvatures[i].batch_sharpness;
    case kSharpnessLimit: return curvatures[i].limit;
    case kFateLine: return fate_lines[push.first + i];
    case kEarlierLoss: return earlier[push.first + i].loss;
    case kEarlierAccuracy: return earlier[push.first + i].accuracy;
    case kEarlierTestAccuracy: return earlier[push.first + i].test_accuracy;
    default: return steps[i].loss;
  }
}

bool is_curvature() { return push.series >= kSharpness && push.series <= kSharpnessLimit; }

// Epoch i stands at i, and its steps around it: the point is their mean, in the middle of them.
float epoch_of(uint i) {
  float place = float(i);
  if (push.series == kPathLoss) place = path[push.first + i].step;
  if (is_curvature()) place = curvatures[i].step;
  return push.begin + push.each * place;
}

bool is_earlier() { return push.series >= kEarlierLoss && push.series <= kEarlierTestAccuracy; }

// The outer halves of the first and the last epoch's steps may be beyond the axis: they stand on its ends. What of an
// earlier run is beyond is cut off.
vec2 to_pixel(float epoch, float value) {
  float y = value;
  if (push.log != 0u) {
    y = log(max(value, 1e-37)) * 0.43429448190325176;
    if (!is_earlier()) y = max(y, push.low);
  }
  float down = (push.most.y - y) / (push.most.y - push.low);
  // One of several descents may climb out of the chart, and batches may bend down: they run along its edge.
  if (push.series == kPathLoss || is_curvature()) down = clamp(down, 0.0, 1.0);
  float along = (epoch - push.x_low) / (push.most.x - push.x_low);
  if (!is_earlier()) along = clamp(along, 0.0, 1.0);
  vec2 pixel = push.plot.xy + vec2(along, down) * push.plot.zw;
  if (push.log != 0u) pixel.y += push.below * clamp(1.0 - value / pow(10.0, push.low), 0.0, 1.0);
  return pixel;
}

// What is 0 has no logarithm: a gap, where the axis does not go on below.
bool has_place(float value) {
  return is_finite(value) && (push.log == 0u || push.below > 0.0 || value > 0.0);
}
bool valid(uint i) { return i < push.count && has_place(value_of(i)); }
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

// A share of the values about an epoch, weighted by their nearness, that lie below the result (a weighted
// quantile): what enters the window enters with no weight, so the band is as smooth as its window is wide. Of
// more points than kMost every n-th is taken, the same ones wherever the window is.
const uint kMost = 48u;
float sorted_values[kMost], sorted_weights[kMost];
uint kept;

// The nearest point; the others about it may be far from a gap.
uint nearest(float epoch) { return uint(max(round((epoch - epoch_of(0u)) / push.each), 0.0)); }

void gather(float epoch) {
  const float per_point = push.each;
  const float centre = (epoch - epoch_of(0)) / per_point, reach = push.window / per_point;
  const uint first = uint(max(ceil(centre - reach), 0.0));
  const uint end = min(uint(max(floor(centre + reach) + 1.0, 0.0)), push.count);
  const uint stride = uint(2.0 * reach) / kMost + 1u;
  kept = 0u;
  for (uint i = (first + stride - 1u) / stride * stride; i < end && kept < kMost; i += stride) {
    const float value = value_of(i);
    const float weight = 1.0 - abs(float(i) - centre) / reach;
    if (!has_place(value) || weight <= 0.0) continue;
    uint place = kept++;
    for (; place > 0u && sorted_values[place - 1u] > value; --place) {
      sorted_values[place] = sorted_values[place - 1u];
      sorted_weights[place] = sorted_weights[place - 1u];
    }
    sorted_values[place] = value;
    sorted_weights[place] = weight;
  }
}

float quantile(float share) {
  float total = 0.0;
  for (uint i = 0u; i < kept; ++i) total += sorted_weights[i];
  // Each value stands in the middle of its own weight; between two the quantile is linear.
  float before = 0.5 * sorted_weights[0];
  const float wanted = share * total;
  for (uint i = 1u; i < kept; ++i) {
    const float here = before + 0.5 * (sorted_weights[i - 1u] + sorted_weights[i]);
    if (here >= wanted)
      return mix(sorted_values[i - 1u], sorted_values[i], clamp((wanted - before) / (here - before), 0.0, 1.0));
    before = here;
  }
  return sorted_values[kept - 1u];
}

// The median about place i; false beyond the last point, and where the nearest one is a gap.
bool middle(uint i, out vec2 at) {
  const float last = epoch_of(push.count - 1u);
  const float place = min(float(i) * push.pitch, push.plot.z) / push.plot.z * (push.most.x - push.x_low) + push.x_low;
  // The line ends at the last point.
  const float step = push.pitch / push.plot.z * (push.most.x - push.x_low);
  at = vec2(0.0);
  if (place >= last + step) return false;
  const float epoch = clamp(place, epoch_of(0u), last);
  if (!valid(nearest(epoch))) return false;
  gather(epoch);
  if (kept == 0u) return false;
  at = to_pixel(epoch, quantile(0.5));
  return true;
}

// A pair of vertices for each edge of its slices, at the tenth and the ninetieth of a hundred.
void band() {
  const float right = float(gl_VertexIndex >> 1);
  const float last = epoch_of(push.count - 1u);
  const float epoch =
      min(right * push.width, push.plot.z) / push.plot.z * (push.most.x - push.x_low) + push.x_low;
  const bool upper = (gl_VertexIndex & 1) != 0;
  gather(min(epoch, last));
  if (kept == 0u || (push.series >= kGradientNorm && !valid(nearest(min(epoch, last))))) {
    // A gap: the strip goes on along the plot's floor, and is so far beyond its edges there that nothing of it shows.
    out_across = 1e6;
    const vec2 floor_ = push.plot.xy + vec2(min(right * push.width, push.plot.z), push.plot.w);
    gl_Position = vec4(floor_ * view.target.zw * 2.0 - 1.0, 0.0, 1.0);
    return;
  }
  out_across = upper ? 1.0 : -1.0;
  vec2 at = to_pixel(min(epoch, last), quantile(upper ? 0.9 : 0.1));
  at.y = clamp(at.y, push.plot.y, push.plot.y + push.plot.w + push.below);
  gl_Position = vec4(at * view.target.zw * 2.0 - 1.0, 0.0, 1.0);
}

void main() {
  out_pixel = vec2(0.0);
  out_ends = vec4(0.0);
  out_across = 0.0;
  if (push.mode == kBand) {
    band();
    return;
  }
  vec2 from = vec2(0.0), to = vec2(0.0);
  bool drawn = false;
  if (push.mode == kSample) {
    from = push.plot.xy;
    to = push.plot.xy + push.plot.zw;
    drawn = true;
  } else if (push.mode == kMiddle) {
    drawn = middle(gl_InstanceIndex, from);
    if (drawn) drawn = middle(gl_InstanceIndex + 1, to);
  } else {
    drawn = segment(gl_InstanceIndex, from, to);
  }
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

#version 460
#extension GL_GOOGLE_include_directive : require
// A place for each bold contour line's loss: on the line, where it runs straight and level on the picture, on
// a side that faces the eye and that nothing hides, clear of the paths and of the other labels. One group does
// the lines in turn, because each label takes room from the next.
#include "frame.glsl"
#include "common.glsl"
#include "surface.glsl"
#include "relief.glsl"
#include "relief_grid.glsl"
#include "contour_labels.glsl"

const uint kThreads = 128u;
layout(local_size_x = 128) in;

layout(std140, set = 3, binding = 0) uniform LevelsBuffer { LabelLevels wanted; };
layout(std430, set = 3, binding = 1) buffer PlacesBuffer { LabelPlace places[]; };

const float kNone = -1e9;
const float kKeep = 0.55;          // a new place must be better by this much: labels stay while the camera moves
const float kRim = 0.93;           // of the plane's half width
const float kFromPath = 7.0;       // pixels between words and the middle of a path, at scale 1
const int kSightSteps = 20;

shared float best_score[kThreads];
shared LabelPlace best_place[kThreads];
const uint kMostCrossings = 768u;
shared uint crossing_count;
shared vec2 crossings[kMostCrossings];
shared vec4 taken[kMostLabels];  // centre, radius, used
const float kBall = 0.088;  // world: across, as engine/landscape/path.cpp has it
// The paths and their balls on the picture, as pieces from pixel xy to pixel zw; a long path is sampled.
const uint kMostPieces = 192u;
shared vec4 pieces[kMostPieces];
shared uint piece_count;

vec2 to_picture(vec3 world, out float depth) {
  vec4 clip = view.view_projection * vec4(world, 1.0);
  depth = clip.w;
  return view.viewport.xy + (clip.xy / clip.w * 0.5 + 0.5) * view.viewport.zw;
}

bool hidden(vec3 from) {
  vec3 toward = normalize(view.eye.xyz - from);
  for (int i = 1; i <= kSightSteps; ++i) {
    vec3 at = from + toward * (0.03 + 1.6 * float(i) / float(kSightSteps));
    if (y_between(world_to_grid(at.xz)) > at.y) return true;
  }
  return false;
}

void add_piece(vec4 piece) {
  uint at = atomicAdd(piece_count, 1u);
  if (at < kMostPieces) pieces[at] = piece;
}

// A cross as large as the ball.
void add_ball(PathPoint ball) {
  vec3 foot = path_point_world(ball);
  float below, above;
  vec2 bottom = to_picture(foot, below), top = to_picture(foot + vec3(0.0, kBall, 0.0), above);
  if (!drawable(ball) || below < 0.01 || above < 0.01) return;
  vec2 middle = 0.5 * (bottom + top), arm = vec2(0.5 * distance(bottom, top), 0.0);
  add_piece(vec4(bottom, top));
  add_piece(vec4(middle - arm, middle + arm));
}

// Points of the path section from `first` on, `count` of them, as pieces.
void add_path(uint first, uint count, uint most, uint thread) {
  if (count < 2u) return;
  uint stride = (count - 2u) / most + 1u;
  for (uint i = thread * stride; i + 1u < count; i += kThreads * stride) {
    PathPoint p = path[first + i], q = path[first + min(i + stride, count - 1u)];
    float ahead, behind;
    vec4 piece = vec4(to_picture(path_point_world(p), ahead), to_picture(path_point_world(q), behind));
    if (!drawable(p) || !drawable(q) || ahead < 0.01 || behind < 0.01) continue;
    add_piece(piece);
  }
}

void add_paths(uint thread) {
  if (header.several_paths == 0u) {
    if (thread == 0u && header.path_count > 0u) add_ball(header.ball);
    add_path(0u, header.path_count, kMostPieces - 2u, thread);
    return;
  }
  for (uint p = 0u; p < header.several_paths; ++p) {
    if (thread == p) add_ball(header.paths[p].ball);
    add_path(header.paths[p].first, header.paths[p].count, kMostPieces / header.several_paths - 2u, thread);
  }
}

// Whether a piece of a path passes through the words' box, which is widened by kFromPath.
bool on_path(LabelLevel level, LabelPlace place) {
  vec2 reach = vec2(level.half_width, level.half_height) + kFromPath * view.options.y;
  vec2 down = vec2(-place.along.y, place.along.x);
  for (uint i = 0u; i < min(piece_count, kMostPieces); ++i) {
    vec2 a = pieces[i].xy - place.pixel, b = pieces[i].zw - place.pixel;
    vec2 from = vec2(dot(a, place.along), dot(a, down)), way = vec2(dot(b, place.along), dot(b, down)) - from;
    // The share of the way that lies between the box's sides, and between its top and bottom.
    vec2 step_in = mix(way, vec2(1e-6), lessThan(abs(way), vec2(1e-6)));
    vec2 t0 = (-reach - from) / step_in, t1 = (reach - from) / step_in;
    vec2 enter = min(t0, t1), leave = max(t0, t1);
    if (max(max(enter.x, enter.y), 0.0) <= min(min(leave.x, leave.y), 1.0)) return true;
  }
  return false;
}

// How good a place is, and what it looks like; kNone where there can be no label.
float judge(LabelLevel level, vec2 xz, out LabelPlace place) {
  place = LabelPlace(vec2(0), vec2(1, 0), xz, level.number, 0u);
  if (max(abs(xz.x), abs(xz.y)) > kRim) return kNone;
  ivec2 cell = ivec2(world_to_grid(xz) + 0.5);
  Relief r = relief_at(cell);
  vec3 n = upward(r.normal);
  vec2 uphill = -n.xz / max(n.y, 1e-3);
  float steep = length(uphill);
  if (steep < 0.05 || r.rim < 0.5) return kNone;
  vec3 world = vec3(xz.x, level.y, xz.y);
  float facing = dot(n, normalize(view.eye.xyz - world));
  if (facing < 0.25) return kNone;

  float depth, ahead;
  vec2 pixel = to_picture(world, depth);
  vec2 line = vec2(-uphill.y, uphill.x) / steep;
  vec2 along = to_picture(world + vec3(line.x, 0.0, line.y) * 0.02, ahead) - pixel;
  if (depth < 0.01 || ahead < 0.01 || dot(along, along) < 1e-6) return kNone;
  float pixels_per_unit = length(along) / 0.02;
  along = normalize(along);
  if (along.x < 0.0) along = -along, line = -line;
  vec2 room = vec2(level.half_width + 24.0 * view.options.y);
  if (any(lessThan(pixel, view.viewport.xy + room)) ||
      any(greaterThan(pixel, view.viewport.xy + view.viewport.zw - room))) return kNone;
  for (uint i = 0u; i < kMostLabels; ++i)
    if (taken[i].w > 0.0 && distance(taken[i].xy, pixel) < taken[i].z + level.half_width) return kNone;

  // Where the words end, the line must still be there: by how many pixels it has turned away.
  float bend = 0.0;
  float reach = (level.half_width + 4.0) / pixels_per_unit;
  for (int side = -1; side <= 1; side += 2) {
    vec2 end = xz + line * reach * float(side);
    float y = y_between(world_to_grid(end));
    if (!finite(y)) return kNone;
    bend = max(bend, abs(y - level.y) / steep * pixels_per_unit);
  }
  float score = 1.6 * along.x + facing + 0.5 * (pixel.y - view.viewport.y) / view.viewport.w -
                0.8 * bend / level.half_height;
  place.pixel = pixel;
  place.along = along;
  place.shown = 1u;
  return score;
}

bool free_of_all(LabelLevel level, LabelPlace place) {
  return !on_path(level, place) && !hidden(vec3(place.xz.x, level.y, place.xz.y));
}

// Collects the crossings of the line with the grid's rows: few of the edges cross, and only those are judged.
void collect(LabelLevel level, uint thread) {
  uint drawn = params.drawn;
  uint rows = min(drawn, 97u), columns = min(drawn, 97u);  // no more places than a picture has
  float stride = float(drawn - 1u) / float(columns - 1u);
  for (uint i = thread; i < rows * (columns - 1u); i += kThreads) {
    vec2 cell = vec2(i % (columns - 1u), i / (columns - 1u));
    vec2 a = floor(cell * stride + 0.5), b = floor((cell + vec2(1.0, 0.0)) * stride + 0.5);
    float ya = y_at(ivec2(a)), yb = y_at(ivec2(b));
    if (!finite(ya) || !finite(yb) || (ya < level.y) == (yb < level.y)) continue;
    uint at = atomicAdd(crossing_count, 1u);
    if (at < kMostCrossings) crossings[at] = grid_to_world(mix(a, b, (level.y - ya) / (yb - ya)));
  }
}

// The best of this thread's share of the crossings.
void search(LabelLevel level, uint thread) {
  best_score[thread] = kNone;
  best_place[thread].shown = 0u;
  for (uint i = thread; i < min(crossing_count, kMostCrossings); i += kThreads) {
    LabelPlace place;
    float score = judge(level, crossings[i], place);
    if (score > best_score[thread] && free_of_all(level, place)) {
      best_score[thread] = score;
      best_place[thread] = place;
    }
  }
}

// Where this line's label stood in the frame before, if that still is a place on the line.
float judge_kept(LabelLevel level, out LabelPlace place) {
  place.shown = 0u;
  for (uint i = 0u; i < kMostLabels; ++i) {
    if (places[i].shown == 0u || places[i].number != level.number) continue;
    vec2 xz = places[i].xz;
    float y = y_between(world_to_grid(xz));
    float score = judge(level, xz, place);
    if (finite(y) && abs(y - level.y) < 0.012 && score > kNone && free_of_all(level, place)) return score + kKeep;
  }
  place.shown = 0u;
  return kNone;
}

shared LabelPlace chosen[kMostLabels];
shared LabelPlace kept;
shared float kept_score;

void main() {
  uint thread = gl_LocalInvocationID.x;
  if (thread < kMostLabels) {
    taken[thread] = vec4(0);
    chosen[thread].shown = 0u;
  }
  if (thread == 0u) piece_count = 0u;
  barrier();
  add_paths(thread);
  barrier();
  for (uint l = 0u; l < min(wanted.count, kMostLabels); ++l) {
    LabelLevel level = wanted.levels[l];
    if (thread == 0u) {
      crossing_count = 0u;
      kept_score = judge_kept(level, kept);
    }
    best_score[thread] = kNone;
    barrier();
    // A label that can stay does, but for one a frame, in turn: that looks for a better place.
    if (kept_score <= kNone || wanted.turn % wanted.count == l) {
      collect(level, thread);
      barrier();
      search(level, thread);
    }
    barrier();
    if (thread == 0u) {
      LabelPlace best = kept;
      float score = kept_score;
      for (uint i = 0u; i < kThreads; ++i)
        if (best_score[i] > score) {
          score = best_score[i];
          best = best_place[i];
        }
      // A line that bends too much or stands on its head has no label.
      if (score > 0.6 && best.shown != 0u) {
        chosen[l] = best;
        taken[l] = vec4(best.pixel, level.half_width + 14.0 * view.options.y, 1.0);
      }
    }
    barrier();
  }
  if (thread < kMostLabels) places[thread] = chosen[thread];
}

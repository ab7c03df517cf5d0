#pragma once
// Which plane a landscape shows: what spans it, what it goes through, and for a plane through three moments
// of the path, which. The names are those of scenes and session files.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "trainer/seam/frame_facts.h"

namespace fl {

// A moment of the path: its start, half of its steps, now, or a step.
struct PathMoment {
  enum class Kind { kStart, kMiddle, kNow, kStep };
  Kind kind = Kind::kNow;
  std::int64_t step = 0;  // of kStep

  bool operator==(const PathMoment&) const = default;
};

// "start", "middle", "now", "120".
[[nodiscard]] std::string moment_text(const PathMoment& moment);
[[nodiscard]] std::optional<PathMoment> moment_of(std::string_view text);

enum class PlaneAnchor {
  kNow,     // the weights as they were when the plane was laid; it is laid anew as the path grows
  kFollow,  // the same, as soon as its surface is there: the ball hardly leaves it
  kStart    // the starting weights; without a meaning where points of the path span the plane
};

struct PlaneChoice {
  // kPca: the two principal components of the path. kRandom: two random directions, filter-normalised.
  // kThreePoints: `points` lie on it. kOsculating: so do the last three iterates. kCurvature: the
  // eigenvectors of the Hessian's largest and smallest eigenvalue, at the anchor.
  DirectionKind directions = DirectionKind::kPca;
  PlaneAnchor anchor = PlaneAnchor::kNow;
  std::array<PathMoment, 3> points = {PathMoment{PathMoment::Kind::kStart, 0},
                                      PathMoment{PathMoment::Kind::kMiddle, 0},
                                      PathMoment{PathMoment::Kind::kNow, 0}};

  bool operator==(const PlaneChoice&) const = default;
};

// "pca", "random, anchor start", "three-points start middle 120".
[[nodiscard]] std::string plane_text(const PlaneChoice& choice);

// Whose images the losses are of.
enum class SurfaceSets { kTrain, kTest, kBoth };

inline constexpr int kMostProbeImages = 4096;
// From one measurement of curvature to the next.
inline constexpr int kMostCurvatureSteps = 1'000'000;
// Points a side that a surface may have; there is room for the last of them.
inline constexpr std::array kGridSides = {9, 17, 33, 65, 129};

struct LandscapeChoice {
  PlaneChoice plane;
  SurfaceSets surfaces = SurfaceSets::kTrain;
  int probe_images = 0;  // at most, that measure the loss at each point
  int grid = 0;          // points a side

  bool operator==(const LandscapeChoice&) const = default;
};

// One row a value: its name, and for people a label and what it does.
template <typename Value>
struct ChoiceName {
  Value value;
  const char* name;
  const char* label;
  const char* text;
};
[[nodiscard]] std::span<const ChoiceName<DirectionKind>> plane_directions();
[[nodiscard]] std::span<const ChoiceName<PlaneAnchor>> plane_anchors();
[[nodiscard]] std::span<const ChoiceName<SurfaceSets>> surface_sets();

template <typename Value>
[[nodiscard]] const char* choice_name(std::span<const ChoiceName<Value>> all, Value value) {
  for (const ChoiceName<Value>& each : all)
    if (each.value == value) return each.name;
  return "";
}
template <typename Value>
[[nodiscard]] std::optional<Value> choice_of(std::span<const ChoiceName<Value>> all, std::string_view name) {
  for (const ChoiceName<Value>& each : all)
    if (name == each.name) return each.value;
  return std::nullopt;
}

}  // namespace fl

#pragma once
// The way of a camera through keys in time: smooth through all of them, slow at both ends, and never nearer
// or farther than its keys say. The distance is eased in its logarithm, so that a zoom looks even.

#include <array>
#include <optional>
#include <vector>

#include "engine/view/camera.h"
#include "engine/view/smooth_curve.h"

namespace fl {

// What a key does not say is as in the key before.
struct CameraKey {
  std::optional<double> yaw{}, pitch{};  // degrees
  std::optional<double> distance{};  // half-widths of the landscape's box; 0: as near as all of it is seen
  // What it looks at, in half-widths: along the first axis, up, along the second; else the landscape's
  // middle.
  std::optional<std::vector<double>> target{};
  // From here to the next key it goes round, once in so many seconds; negative: the other way.
  std::optional<double> orbit{};

  bool operator==(const CameraKey&) const = default;
};

struct TimedCameraKey {
  double seconds = 0;
  CameraKey key;
};

class CameraPath {
 public:
  // `keys`: at least one, in the order of their times, no two at one time. `before`: what the first key does
  // not say; with `framed` its distance is one at which all is seen. `aspect`: of the landscape in the
  // picture. `end`: until when an orbit behind the last key goes on.
  CameraPath(const std::vector<TimedCameraKey>& keys, const OrbitCamera& before, bool framed, float aspect,
             double end);

  // Before the first key it stands there, behind the last one, too.
  [[nodiscard]] OrbitCamera at(double seconds) const;

 private:
  OrbitCamera lens_;
  // Yaw and pitch in radians, the logarithm of the distance, the target's x, y and z.
  std::vector<SmoothCurve> curves_;
};

}  // namespace fl

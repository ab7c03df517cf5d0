#pragma once
// How training images are changed before the network sees them, anew each time. All off by default.

namespace fl {

struct AugmentSpec {
  bool flip = false;  // left to right, every second image
  double rotate = 0;  // degrees: by an angle uniform in -rotate to rotate
  double shift = 0;   // fraction of a side: each way by an amount uniform in -shift to shift

  [[nodiscard]] bool any() const { return flip || rotate > 0 || shift > 0; }
  bool operator==(const AugmentSpec&) const = default;
};

}  // namespace fl

#pragma once
// Where the pixels of a slice lie in a head. The polar angle is the dearest thing to know of a pixel, and
// only the band from the brain's rim to the skin depends on it: the map finds that band from bounds on the
// outlines, and asks for no angle elsewhere.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/phantom/phantom_anatomy.h"

namespace fl {

enum class Zone : std::uint8_t {
  kDeep,     // inside the brain, further from its border than anything that the border decides
  kBorder,   // may be brain, and near its border
  kShell,    // outside the brain by more than two pixels, near skull or skin
  kOutside,  // in the air
};

class HeadMap {
 public:
  // `pixel`: its side in mm. `deep`: from how many mm below the brain's border on a pixel may count as kDeep.
  HeadMap(int side, double pixel, const Anatomy& anatomy, double deep);

  [[nodiscard]] Zone zone(int x, int y) const { return zones_[index(x, y)]; }
  // The pixels of a row that may be brain: all of those are in [first, last), and no kOutside is.
  struct Run {
    int first = 0, last = 0;
  };
  [[nodiscard]] Run brain_run(int y) const { return runs_[static_cast<std::size_t>(y)]; }
  // The head's coordinates of a pixel's centre.
  [[nodiscard]] Point point(int x, int y) const {
    const double dx = (x + 0.5 - half_) * pixel_ - centre_.x, dy = (y + 0.5 - half_) * pixel_ - centre_.y;
    return {cos_ * dx + sin_ * dy, -sin_ * dx + cos_ * dy};
  }
  // Of the pixels [first, first + xs.size()) of a row.
  void points(int y, int first, std::span<double> xs, std::span<double> ys) const;
  // Its angle is remembered for kBorder and kShell.
  [[nodiscard]] Polar polar(int x, int y) const {
    const Point p = point(x, y);
    const Zone there = zone(x, y);
    const bool known = there == Zone::kBorder || there == Zone::kShell;
    return {p, std::sqrt(p.x * p.x + p.y * p.y), known ? angles_[index(x, y)] : std::atan2(p.y, p.x)};
  }
  // Where a point of the head comes to lie, in pixels.
  [[nodiscard]] Point to_pixel(Point head) const {
    return {(cos_ * head.x - sin_ * head.y + centre_.x) / pixel_ + half_ - 0.5,
            (sin_ * head.x + cos_ * head.y + centre_.y) / pixel_ + half_ - 0.5};
  }
  [[nodiscard]] int side() const { return side_; }
  [[nodiscard]] double pixel() const { return pixel_; }
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) + static_cast<std::size_t>(x);
  }

 private:
  int side_;
  double pixel_, half_;
  Point centre_;
  double cos_, sin_;
  std::vector<Zone> zones_;
  std::vector<double> angles_;
  std::vector<Run> runs_;
};

}  // namespace fl

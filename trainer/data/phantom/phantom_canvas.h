#pragma once
// Paints soft-edged shapes, given in the head's millimetres, onto a slice. Coverage stands in for the
// partial volume of a real pixel: thin things are fainter, edges are never stairs.

#include <optional>
#include <vector>

#include "trainer/data/phantom/phantom.h"
#include "trainer/data/phantom/phantom_map.h"

namespace fl {

// What of a stroke is painted: `whole` of it everywhere, or all of it behind a line across the head at y =
// `behind`.
struct StrokeShare {
  double whole = 1;
  std::optional<double> behind;
  [[nodiscard]] double at(Point p) const { return behind ? smooth_step(-1.5, 1.5, p.y - *behind) : whole; }
};

class Canvas {
 public:
  // Paints into `slice`, whose memory must exist, as large as `map` says. Both must live longer.
  Canvas(HuSlice& slice, const HeadMap& map);

  [[nodiscard]] int side() const { return slice_.side; }
  [[nodiscard]] double pixel() const { return slice_.millimetres; }
  [[nodiscard]] const HeadMap& map() const { return map_; }
  [[nodiscard]] float& at(int x, int y) { return slice_.hounsfield[map_.index(x, y)]; }
  void blend(int x, int y, double hu, double coverage) {
    float& value = at(x, y);
    value += static_cast<float>(coverage * (hu - static_cast<double>(value)));
  }
  // Share of a pixel that a shape covers whose border is `inside` mm away (negative: outside).
  [[nodiscard]] double coverage(double inside, double edge) const;

  void paint(const Stroke& stroke, const StrokeShare& share = {});
  void paint(const Ellipse& ellipse);

 private:
  struct Box {
    int x0, y0, x1, y1;
  };
  [[nodiscard]] Box box_around(Point a, Point b, double margin_mm) const;
  void paint_segment(const Stroke::Node& from, const Stroke::Node& to, const Stroke& stroke);

  HuSlice& slice_;
  const HeadMap& map_;
  std::vector<float> mask_;           // of the stroke being painted: joints must not be painted twice
  std::vector<HeadMap::Run> masked_;  // of each row: where the mask may be above 0
};

}  // namespace fl

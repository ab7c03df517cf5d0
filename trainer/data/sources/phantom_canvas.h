#pragma once
// Paints soft-edged shapes, given in the head's millimetres, onto a slice. Coverage stands in for the
// partial volume of a real pixel: thin things are fainter, edges are never stairs.

#include <functional>

#include "trainer/data/sources/phantom.h"
#include "trainer/data/sources/phantom_anatomy.h"

namespace fl {

class Canvas {
 public:
  // Paints into `slice`, whose memory must exist; the pose is the anatomy's.
  Canvas(HuSlice& slice, const Anatomy& anatomy);

  [[nodiscard]] int side() const { return slice_.side; }
  [[nodiscard]] double pixel() const { return slice_.millimetres; }
  // The head's coordinates of a pixel's centre.
  [[nodiscard]] const Polar& to_head(int x, int y) const { return heads_[index(x, y)]; }
  [[nodiscard]] float& at(int x, int y) { return slice_.hounsfield[index(x, y)]; }
  void blend(int x, int y, double hu, double coverage) {
    float& value = at(x, y);
    value += static_cast<float>(coverage * (hu - static_cast<double>(value)));
  }
  // Share of a pixel that a shape covers whose border is `inside` mm away (negative: outside).
  [[nodiscard]] double coverage(double inside, double edge) const;

  // Where there is a `share`, only that part of the stroke, as a function of the head's coordinates.
  void paint(const Stroke& stroke, const std::function<double(Point)>& share = {});
  void paint(const Ellipse& ellipse);

 private:
  struct Box {
    int x0, y0, x1, y1;
  };
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(slice_.side) + static_cast<std::size_t>(x);
  }
  [[nodiscard]] Point to_pixel(Point head) const;
  [[nodiscard]] Box box_around(Point a, Point b, double margin_mm) const;
  void paint_segment(const Stroke::Node& from, const Stroke::Node& to, const Stroke& stroke);

  HuSlice& slice_;
  Point centre_;
  double cos_, sin_;
  std::vector<Polar> heads_;  // of every pixel: asked for by each layer
  std::vector<float> mask_;   // of the stroke being painted: joints must not be painted twice
};

}  // namespace fl

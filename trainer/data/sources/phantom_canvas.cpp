#include "trainer/data/sources/phantom_canvas.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

// std::hypot guards against overflows that millimetres cannot cause, at several times the price.
double length(double x, double y) {
  return std::sqrt(x * x + y * y);
}

}  // namespace

Canvas::Canvas(HuSlice& slice, const Anatomy& anatomy)
    : slice_(slice),
      centre_(anatomy.centre),
      cos_(std::cos(anatomy.angle)),
      sin_(std::sin(anatomy.angle)),
      mask_(slice.hounsfield.size()) {
  heads_.reserve(slice.hounsfield.size());
  const double half = slice.side / 2.0;
  for (int y = 0; y < slice.side; ++y)
    for (int x = 0; x < slice.side; ++x) {
      const double dx = (x + 0.5 - half) * pixel() - centre_.x, dy = (y + 0.5 - half) * pixel() - centre_.y;
      heads_.push_back(to_polar({cos_ * dx + sin_ * dy, -sin_ * dx + cos_ * dy}));
    }
}

Point Canvas::to_pixel(Point head) const {
  const double half = slice_.side / 2.0;
  return {(cos_ * head.x - sin_ * head.y + centre_.x) / pixel() + half - 0.5,
          (sin_ * head.x + cos_ * head.y + centre_.y) / pixel() + half - 0.5};
}

double Canvas::coverage(double inside, double edge) const {
  const double width = std::max(edge, pixel());
  const double t = std::clamp(inside / width + 0.5, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

Canvas::Box Canvas::box_around(Point a, Point b, double margin_mm) const {
  const double margin = margin_mm / pixel();
  const auto clamped = [this](double v) {
    return static_cast<int>(std::clamp(v, 0.0, static_cast<double>(slice_.side)));
  };
  return {clamped(std::floor(std::min(a.x, b.x) - margin)), clamped(std::floor(std::min(a.y, b.y) - margin)),
          clamped(std::ceil(std::max(a.x, b.x) + margin) + 1),
          clamped(std::ceil(std::max(a.y, b.y) + margin) + 1)};
}

void Canvas::paint_segment(const Stroke::Node& from, const Stroke::Node& to, const Stroke& stroke) {
  const Point a = to_pixel(from.point), b = to_pixel(to.point);
  const double dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
  const double width = std::max(stroke.edge, pixel());
  const Box box = box_around(a, b, std::max(from.radius, to.radius) + width);
  for (int y = box.y0; y < box.y1; ++y)
    for (int x = box.x0; x < box.x1; ++x) {
      const double along =
          squared > 0 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / squared, 0.0, 1.0) : 0.0;
      const double distance = length(x - a.x - along * dx, y - a.y - along * dy) * pixel();
      const double radius = from.radius + along * (to.radius - from.radius);
      // A line thinner than its soft edge fills only that part of it.
      const double filled = std::min(1.0, 2 * radius / width);
      const auto value = static_cast<float>(coverage(radius - distance, stroke.edge) * filled);
      float& mask = mask_[index(x, y)];
      mask = std::max(mask, value);
    }
}

void Canvas::paint(const Stroke& stroke, const std::function<double(Point)>& share) {
  if (stroke.nodes.empty()) return;
  for (std::size_t i = 1; i < stroke.nodes.size(); ++i)
    paint_segment(stroke.nodes[i - 1], stroke.nodes[i], stroke);
  Point low = to_pixel(stroke.nodes.front().point), high = low;
  double reach = 0;
  for (const auto& node : stroke.nodes) {
    const Point p = to_pixel(node.point);
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    reach = std::max(reach, node.radius);
  }
  const Box box = box_around(low, high, reach + std::max(stroke.edge, pixel()));
  for (int y = box.y0; y < box.y1; ++y)
    for (int x = box.x0; x < box.x1; ++x) {
      float& mask = mask_[index(x, y)];
      if (mask > 0) {
        const double kept = share ? share(to_head(x, y).point) : 1.0;
        blend(x, y, stroke.hu, kept * static_cast<double>(mask));
      }
      mask = 0;
    }
}

void Canvas::paint(const Ellipse& ellipse) {
  const Point c = to_pixel(ellipse.centre);
  const double largest = std::max(ellipse.rx, ellipse.ry), smallest = std::min(ellipse.rx, ellipse.ry);
  const Box box = box_around(c, c, largest + std::max(ellipse.edge, pixel()));
  const double ca = std::cos(ellipse.angle), sa = std::sin(ellipse.angle);
  const double filled = std::min(1.0, 2 * smallest / std::max(ellipse.edge, pixel()));
  for (int y = box.y0; y < box.y1; ++y)
    for (int x = box.x0; x < box.x1; ++x) {
      const Point p = to_head(x, y).point;
      const double dx = p.x - ellipse.centre.x, dy = p.y - ellipse.centre.y;
      const double q = length((ca * dx + sa * dy) / ellipse.rx, (-sa * dx + ca * dy) / ellipse.ry);
      blend(x, y, ellipse.hu, coverage((1 - q) * smallest, ellipse.edge) * filled);
    }
}

}  // namespace fl

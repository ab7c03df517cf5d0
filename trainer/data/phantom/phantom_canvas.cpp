#include "trainer/data/phantom/phantom_canvas.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/wide.h"

namespace fl {
namespace {

constexpr double kPixelSlack = 0.01;  // pixels: many times what rounding changes

// As std::clamp to 0 and 1 and std::min, in a form that becomes a vector's minimum and maximum.
inline double clamp_unit(double value) {
  const double above = value < 0.0 ? 0.0 : value;
  return above > 1.0 ? 1.0 : above;
}
inline double least(double a, double b) {
  return b < a ? b : a;
}

inline double coverage_of(double inside, double width) {
  const double t = clamp_unit(inside / width + 0.5);
  return t * t * (3 - 2 * t);
}

// A segment in pixels; radii and the soft edge's width in millimetres.
struct Segment {
  Point a;
  double dx, dy, squared;
  double radius, grows, width, pixel;
};

// The mask of the pixels [first, first + count) of row `y`.
FL_WIDE void mask_row(const Segment& segment, int y, int first, int count, float* mask) {
  const Segment s = segment;
  const double from_y = y - s.a.y;
  const double divisor = s.squared > 0 ? s.squared : 1.0;  // of a point, nothing is divided but 0
  for (int i = 0; i < count; ++i) {
    const double from_x = (first + i) - s.a.x;
    const double along = clamp_unit((from_x * s.dx + from_y * s.dy) / divisor);
    const double off_x = from_x - along * s.dx, off_y = from_y - along * s.dy;
    const double distance = std::sqrt(off_x * off_x + off_y * off_y) * s.pixel;
    const double radius = s.radius + along * s.grows;
    // A line thinner than its soft edge fills only that part of it.
    const double filled = least(1.0, 2 * radius / s.width);
    const auto value = static_cast<float>(coverage_of(radius - distance, s.width) * filled);
    mask[i] = mask[i] < value ? value : mask[i];
  }
}

FL_WIDE void blend_row(double hu, const float* mask, int count, float* values) {
  for (int i = 0; i < count; ++i)
    values[i] += static_cast<float>(static_cast<double>(mask[i]) * (hu - static_cast<double>(values[i])));
}

}  // namespace

Canvas::Canvas(HuSlice& slice, const HeadMap& map)
    : slice_(slice),
      map_(map),
      mask_(slice.hounsfield.size()),
      masked_(static_cast<std::size_t>(slice.side)) {}

double Canvas::coverage(double inside, double edge) const {
  return coverage_of(inside, std::max(edge, pixel()));
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
  const Point a = map_.to_pixel(from.point), b = map_.to_pixel(to.point);
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double width = std::max(stroke.edge, pixel());
  const Segment segment{a, dx, dy, dx * dx + dy * dy, from.radius, to.radius - from.radius, width, pixel()};
  const double largest = std::max(from.radius, to.radius);
  // Nothing is covered further from the line than this, in pixels.
  const double reach = (largest + width / 2) / pixel() + kPixelSlack;
  const Box box = box_around(a, b, largest + width);
  const double slanted = std::abs(dy) > 1e-3 ? std::sqrt(segment.squared) / std::abs(dy) : 0.0;
  for (int y = box.y0; y < box.y1; ++y) {
    double low = std::min(a.x, b.x) - reach, high = std::max(a.x, b.x) + reach;
    if (slanted > 0) {
      // The band along the whole line through the segment.
      const double middle = a.x + (y - a.y) * dx / dy, half = reach * slanted;
      low = std::max(low, middle - half);
      high = std::min(high, middle + half);
    }
    if (!(low < high)) continue;
    const int first = std::max(box.x0, static_cast<int>(std::floor(low)));
    const int last = std::min(box.x1, static_cast<int>(std::ceil(high)) + 1);
    if (first >= last) continue;
    mask_row(segment, y, first, last - first, &mask_[map_.index(first, y)]);
    HeadMap::Run& run = masked_[static_cast<std::size_t>(y)];
    run = run.last == 0 ? HeadMap::Run{first, last}
                        : HeadMap::Run{std::min(run.first, first), std::max(run.last, last)};
  }
}

void Canvas::paint(const Stroke& stroke, const StrokeShare& share) {
  for (std::size_t i = 1; i < stroke.nodes.size(); ++i)
    paint_segment(stroke.nodes[i - 1], stroke.nodes[i], stroke);
  for (int y = 0; y < side(); ++y) {
    HeadMap::Run& run = masked_[static_cast<std::size_t>(y)];
    if (share.behind || share.whole != 1) {
      for (int x = run.first; x < run.last; ++x)
        if (const float mask = mask_[map_.index(x, y)]; mask > 0)
          blend(x, y, stroke.hu, share.at(map_.point(x, y)) * static_cast<double>(mask));
    } else if (run.first < run.last) {
      blend_row(stroke.hu, &mask_[map_.index(run.first, y)], run.last - run.first, &at(run.first, y));
    }
    if (run.first < run.last) std::fill_n(&mask_[map_.index(run.first, y)], run.last - run.first, 0.0f);
    run = {};
  }
}

void Canvas::paint(const Ellipse& ellipse) {
  const Point c = map_.to_pixel(ellipse.centre);
  const double largest = std::max(ellipse.rx, ellipse.ry), smallest = std::min(ellipse.rx, ellipse.ry);
  const double width = std::max(ellipse.edge, pixel());
  const Box box = box_around(c, c, largest + width);
  if (box.x0 >= box.x1) return;
  const double ca = std::cos(ellipse.angle), sa = std::sin(ellipse.angle);
  const double filled = std::min(1.0, 2 * smallest / width);
  const auto count = static_cast<std::size_t>(box.x1 - box.x0);
  std::vector<double> xs(count), ys(count);
  for (int y = box.y0; y < box.y1; ++y) {
    map_.points(y, box.x0, xs, ys);
    float* values = &at(box.x0, y);
    for (std::size_t i = 0; i < count; ++i) {
      const double dx = xs[i] - ellipse.centre.x, dy = ys[i] - ellipse.centre.y;
      const double u = (ca * dx + sa * dy) / ellipse.rx, v = (-sa * dx + ca * dy) / ellipse.ry;
      const double covered = coverage_of((1 - std::sqrt(u * u + v * v)) * smallest, width) * filled;
      values[i] += static_cast<float>(covered * (ellipse.hu - static_cast<double>(values[i])));
    }
  }
}

}  // namespace fl

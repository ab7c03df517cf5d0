#include "engine/figures/axes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/figures/inks.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr double kLeft = 92, kRight = 16, kAbove = 44, kBelow = 66;

struct Mark {
  double value;
  std::string text;
};

std::vector<Mark> marks(const AxisRange& range, int most) {
  std::vector<Mark> all;
  if (range.log) {
    const Ticks ticks = nice_ticks(std::log10(range.low), std::log10(range.high), most, true);
    for (int i = 0; i < ticks.count; ++i) {
      const double value = std::pow(10, ticks.value(i));
      all.push_back({value, format_round(value)});
    }
    if (all.size() >= 2) return all;
    all.clear();  // less than two decades: plain numbers say more
  }
  const Ticks ticks = nice_ticks(range.low, range.high, most, range.whole);
  for (int i = 0; i < ticks.count; ++i)
    if (!range.log || ticks.value(i) > 0) all.push_back({ticks.value(i), format_tick(ticks, i)});
  return all;
}

double share(const AxisRange& range, double value) {
  const auto at = [&](double v) { return range.log ? std::log(std::max(v, 1e-300)) : v; };
  const double width = at(range.high) - at(range.low);
  return width > 0 ? std::clamp((at(value) - at(range.low)) / width, 0.0, 1.0) : 0.5;
}

}  // namespace

Axes::Axes(glm::dvec2 corner, glm::dvec2 size, AxisRange across, AxisRange up)
    : corner_(corner + glm::dvec2(kLeft, kAbove)),
      size_(size - glm::dvec2(kLeft + kRight, kAbove + kBelow)),
      across_(std::move(across)),
      up_(std::move(up)) {}

glm::dvec2 Axes::place(double x, double y) const {
  return corner_ + size_ * glm::dvec2(share(across_, x), 1 - share(up_, y));
}

void Axes::draw(Paper& paper, const std::string& title, bool grid) const {
  paper.words(corner_ + glm::dvec2(0, -26), title, {.size = kTitleSize, .bold = true, .width = size_.x});
  const glm::dvec2 end = corner_ + size_;
  for (const Mark& mark : marks(up_, 7)) {
    const double y = place(across_.low, mark.value).y;
    if (grid) paper.line({corner_.x, y}, {end.x, y}, 1, kGridInk);
    paper.words({corner_.x - 10, y}, mark.text, {.size = kWordSize, .aligned = Aligned::kRight});
  }
  for (const Mark& mark : marks(across_, static_cast<int>(std::clamp(size_.x / 70, 2.0, 12.0)))) {
    const double x = place(mark.value, up_.low).x;
    if (grid) paper.line({x, corner_.y}, {x, end.y}, 1, kGridInk);
    paper.words({x, end.y + 18}, mark.text, {.size = kWordSize, .aligned = Aligned::kMiddle});
  }
  paper.frame(corner_, size_, 1, kQuietInk);
  paper.words({corner_.x + size_.x / 2, end.y + 46}, across_.name,
              {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle, .width = size_.x});
  paper.words(
      {corner_.x - kLeft + 16, corner_.y + size_.y / 2}, up_.name,
      {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle, .width = size_.y, .upward = true});
}

}  // namespace fl

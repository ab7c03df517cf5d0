#include "engine/figures/curves_figure.h"

#include <algorithm>
#include <cmath>

#include "engine/figures/inks.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr double kLogFrom = 50;  // a range with a larger ratio is shown by its logarithm

void fit(AxisRange& up, const std::vector<Curve>& curves) {
  if (up.low < up.high) return;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Curve& curve : curves)
    for (const double value : curve.values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (low > high) low = 0, high = 1;
  up.log = low > 0 && high > kLogFrom * low;
  up.low = up.log ? low : std::min(low, 0.0);
  up.high = up.log ? high * 1.2 : nice_ceiling(std::max(high, up.low + 1e-9), 7);
}

// From the right to the left, so that they end where the plot does.
void draw_names(Paper& paper, const Axes& axes, const std::vector<Curve>& curves) {
  double x = axes.corner().x + axes.size().x;
  const double y = axes.corner().y - 26;
  for (std::size_t i = curves.size(); i-- > 0;) {
    const WordStyle style{.size = kWordSize, .aligned = Aligned::kRight};
    paper.words({x, y}, curves[i].name, style);
    x -= paper.room(curves[i].name, style).x + 8;
    const glm::dvec2 sample[] = {{x - 34, y}, {x, y}};
    paper.line(sample, 3, curves[i].ink, curves[i].dash);
    x -= 34 + 22;
  }
}

}  // namespace

void draw_curves(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const CurvesFigure& figure) {
  std::size_t epochs = 1;
  for (const Curve& curve : figure.curves) epochs = std::max(epochs, curve.values.size());
  AxisRange up = figure.up;
  fit(up, figure.curves);
  const Axes axes(
      corner, size,
      {.low = 1, .high = std::max(2.0, static_cast<double>(epochs)), .whole = true, .name = "epoch"}, up);
  axes.draw(paper, figure.title);
  draw_names(paper, axes, figure.curves);
  for (const Curve& curve : figure.curves) {
    std::vector<glm::dvec2> piece;
    const auto end_piece = [&] {
      if (piece.size() == 1) paper.dot(piece[0], 3, curve.ink);
      if (piece.size() > 1) paper.line(piece, 2.5, curve.ink, curve.dash);
      piece.clear();
    };
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      if (std::isfinite(curve.values[i]))
        piece.push_back(axes.place(static_cast<double>(i + 1), curve.values[i]));
      else
        end_piece();
    }
    end_piece();
  }
}

}  // namespace fl

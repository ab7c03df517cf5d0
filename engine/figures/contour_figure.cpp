#include "engine/figures/contour_figure.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <glm/common.hpp>

#include "engine/figures/inks.h"
#include "engine/pass/theme.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr int kLevels = 14;
constexpr std::size_t kMostSamples = 512;  // a side
constexpr double kBar = 120;               // what the scale of colours takes, its numbers included
const Ink kPathInk{.srgb = {0.75f, 0.10f, 0.10f}};

// Of one path among several; the stage has the same.
Ink path_ink(std::size_t path, std::size_t paths) {
  if (paths < 2) return kPathInk;
  const glm::vec4 color = light_theme().paths[path % kFrameMaxPaths];
  return {.srgb = {color.r, color.g, color.b}};
}

struct Heights {
  std::vector<float> values;  // as drawn: losses or their decimal logarithms
  double low = 0, high = 1;
};

Heights heights_of(const ContourFigure& figure) {
  Heights heights;
  float low = HUGE_VALF, high = -HUGE_VALF;
  for (const float loss : figure.losses) {
    const float value = figure.log ? (loss > 0 ? std::log10(loss) : NAN) : loss;
    heights.values.push_back(value);
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low < high) heights.low = double{low}, heights.high = double{high};
  return heights;
}

// Several samples a square, a hole left white.
void draw_ground(Paper& paper, const Axes& axes, const ContourFigure& figure, const Heights& heights) {
  const std::size_t samples = std::max<std::size_t>(2, kMostSamples / figure.side) * (figure.side - 1);
  std::vector<Ink> inks;
  inks.reserve(samples * samples);
  for (std::size_t y = 0; y < samples; ++y)
    for (std::size_t x = 0; x < samples; ++x) {
      const double scale = static_cast<double>(figure.side - 1) / static_cast<double>(samples);
      const double column = (static_cast<double>(x) + 0.5) * scale;
      const double row = (static_cast<double>(samples - 1 - y) + 0.5) * scale;
      const float* at = heights.values.data() + static_cast<std::size_t>(row) * figure.side +
                        static_cast<std::size_t>(column);
      const double s = column - std::floor(column), t = row - std::floor(row);
      const double value = std::lerp(std::lerp(double{at[0]}, double{at[1]}, s),
                                     std::lerp(double{at[figure.side]}, double{at[figure.side + 1]}, s), t);
      inks.push_back(std::isfinite(value) ? map_ink((value - heights.low) / (heights.high - heights.low))
                                          : kPaperInk);
    }
  paper.picture(axes.corner(), axes.size(), samples, samples, inks);
}

void draw_lines(Paper& paper, const Axes& axes, const ContourFigure& figure, const Heights& heights) {
  const Ticks levels = nice_ticks(heights.low, heights.high, kLevels);
  const auto last = static_cast<double>(figure.side - 1);
  for (int i = 0; i < levels.count; ++i) {
    // Dark on bright ground, bright on dark.
    const Ink ground = map_ink((levels.value(i) - heights.low) / (heights.high - heights.low));
    const bool bold = std::llround(levels.value(i) / levels.step) % 5 == 0;
    for (const auto& [from, to] : contour_pieces(heights.values, figure.side, levels.value(i))) {
      const auto place = [&](glm::dvec2 grid) {
        return axes.corner() + axes.size() * glm::dvec2(grid.x / last, 1 - grid.y / last);
      };
      paper.line(place(from), place(to), bold ? 1.6 : 0.8,
                 {.srgb = ink_on(ground).srgb, .alpha = bold ? 0.8f : 0.5f});
    }
  }
}

void draw_scale(Paper& paper, const Axes& axes, const ContourFigure& figure, const Heights& heights) {
  const glm::dvec2 corner = axes.corner() + glm::dvec2(axes.size().x + 24, 0);
  constexpr int kSteps = 128;
  const double step = axes.size().y / kSteps;
  for (int i = 0; i < kSteps; ++i)
    paper.fill(corner + glm::dvec2(0, axes.size().y - step * (i + 1)), {18, step + 0.5},
               map_ink((i + 0.5) / kSteps));
  paper.frame(corner, {18, axes.size().y}, 1, kQuietInk);
  const Ticks ticks = nice_ticks(heights.low, heights.high, 7);
  for (int i = 0; i < ticks.count; ++i) {
    const double y =
        corner.y + axes.size().y * (1 - (ticks.value(i) - heights.low) / (heights.high - heights.low));
    paper.words({corner.x + 26, y},
                figure.log ? format_value(std::pow(10, ticks.value(i))) : format_tick(ticks, i),
                {.size = kWordSize});
  }
  paper.words({corner.x + 9, corner.y - 26}, figure.log ? "loss, log" : "loss",
              {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle});
}

void draw_path(Paper& paper, const Axes& axes, const ContourPath& path, const Ink& ink) {
  std::vector<glm::dvec2> piece;
  const auto end_piece = [&] {
    if (piece.size() > 1) {
      paper.line(piece, 4, {.srgb = kPaperInk.srgb, .alpha = 0.8f});
      paper.line(piece, 2, ink);
    }
    piece.clear();
  };
  const auto finite = [](glm::dvec2 p) { return std::isfinite(p.x) && std::isfinite(p.y); };
  for (const glm::dvec2& point : path.points) {
    if (finite(point))
      piece.push_back(axes.place(point.x, point.y));
    else
      end_piece();
  }
  end_piece();
  if (path.points.empty()) return;
  if (const glm::dvec2 start = path.points.front(); finite(start)) {
    paper.dot(axes.place(start.x, start.y), 6, kPaperInk);
    paper.dot(axes.place(start.x, start.y), 3.5, ink);
  }
  if (const glm::dvec2 end = path.points.back(); finite(end)) {
    paper.dot(axes.place(end.x, end.y), 8.5, kPaperInk);
    paper.dot(axes.place(end.x, end.y), 7, ink);
  }
}

// Above the plot, in as many lines as they need.
void draw_names(Paper& paper, const Axes& axes, const std::vector<ContourPath>& paths) {
  glm::dvec2 place = axes.corner() + glm::dvec2(0, -32);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].name.empty()) continue;
    const WordStyle style{.size = 15, .width = 160};
    const double width = 26 + paper.room(paths[i].name, style).x + 18;
    if (place.x + width > axes.corner().x + axes.size().x) place = {axes.corner().x, place.y + 20};
    paper.line(place, place + glm::dvec2(18, 0), 4, path_ink(i, paths.size()));
    paper.words(place + glm::dvec2(26, 0), paths[i].name, style);
    place.x += width;
  }
}

}  // namespace

std::vector<std::pair<glm::dvec2, glm::dvec2>> contour_pieces(std::span<const float> heights,
                                                              std::size_t side, double level) {
  std::vector<std::pair<glm::dvec2, glm::dvec2>> pieces;
  for (std::size_t row = 0; row + 1 < side; ++row)
    for (std::size_t column = 0; column + 1 < side; ++column) {
      // Around the square: its corners, and where the level crosses the edge behind each.
      const std::array<glm::dvec2, 4> corners = {glm::dvec2(column, row), glm::dvec2(column + 1, row),
                                                 glm::dvec2(column + 1, row + 1),
                                                 glm::dvec2(column, row + 1)};
      std::array<double, 4> h{};
      for (std::size_t i = 0; i < 4; ++i)
        h[i] = double{
            heights[static_cast<std::size_t>(corners[i].y) * side + static_cast<std::size_t>(corners[i].x)]};
      if (!std::ranges::all_of(h, [](double value) { return std::isfinite(value); })) continue;
      std::array<glm::dvec2, 4> crossings{};
      std::array<std::size_t, 4> crossed{};
      std::size_t count = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t next = (i + 1) % 4;
        if ((h[i] < level) == (h[next] < level)) continue;
        crossings[count] = glm::mix(corners[i], corners[next], (level - h[i]) / (h[next] - h[i]));
        crossed[count++] = i;
      }
      if (count == 2) pieces.emplace_back(crossings[0], crossings[1]);
      if (count != 4) continue;
      // A saddle: the corners that are on the middle's side are joined through it.
      const bool middle_below = 0.25 * (h[0] + h[1] + h[2] + h[3]) < level;
      const bool first_joined = (h[0] < level) == middle_below;
      pieces.emplace_back(crossings[0], crossings[first_joined ? 1 : 3]);
      pieces.emplace_back(crossings[2], crossings[first_joined ? 3 : 1]);
    }
  return pieces;
}

void draw_contours(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ContourFigure& figure) {
  const Heights heights = heights_of(figure);
  const Axes axes(corner, size - glm::dvec2(kBar, 0),
                  {.low = figure.a_min, .high = figure.a_max, .name = "a"},
                  {.low = figure.b_min, .high = figure.b_max, .name = "b"});
  draw_ground(paper, axes, figure, heights);
  draw_lines(paper, axes, figure, heights);
  axes.draw(paper, figure.title, false);
  for (std::size_t i = 0; i < figure.paths.size(); ++i)
    draw_path(paper, axes, figure.paths[i], path_ink(i, figure.paths.size()));
  draw_names(paper, axes, figure.paths);
  draw_scale(paper, axes, figure, heights);
}

}  // namespace fl

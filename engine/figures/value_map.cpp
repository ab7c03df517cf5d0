#include "engine/figures/value_map.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/figures/inks.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr double kBarWidth = 18;

// Where a value lies between the scale's ends, and the ink of such a place.
struct Scale {
  double low = 0, high = 1;
  bool log = false, reversed = false, capped = false;

  [[nodiscard]] double share(double value) const {
    const auto at = [this](double v) { return log ? std::log(v) : v; };
    return high > low ? std::clamp((at(value) - at(low)) / (at(high) - at(low)), 0.0, 1.0) : 0.5;
  }
  [[nodiscard]] double value(double share) const {
    return log ? low * std::pow(high / low, share) : std::lerp(low, high, share);
  }
  [[nodiscard]] std::string label(double share) const {
    const std::string text = format_value(value(share));
    return capped && share >= 1 ? "≥ " + text : text;
  }
  [[nodiscard]] Ink ink(double share) const {
    // The darkest end is kept for what diverged.
    const double t = 0.12 + 0.88 * (reversed ? 1 - share : share);
    return map_ink(t);
  }
};

Scale scale_of(const ValueMap& map) {
  Scale scale{.log = map.log, .reversed = !map.more_is_better, .capped = map.capped};
  bool any = false;
  for (const MapCell& cell : map.cells) {
    if (cell.kind != MapCell::Kind::kValue) continue;
    scale.low = any ? std::min(scale.low, cell.value) : cell.value;
    scale.high = any ? std::max(scale.high, cell.value) : cell.value;
    any = true;
  }
  if (map.least) scale.low = *map.least;
  if (map.most) scale.high = *map.most;
  return scale;
}

// So many of `count` labels that none touches the next: every n-th, the first always.
std::size_t label_step(std::size_t count, double room, double widest) {
  const double fit = std::max(1.0, std::floor(room / (widest + 14)));
  return static_cast<std::size_t>(std::ceil(static_cast<double>(count) / fit));
}

// A value as an axis shows it: of a number no more digits than are read.
std::string short_text(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, code] = std::from_chars(value.data(), end, number);
  return code == std::errc() && stop == end ? fmt::format("{:.3g}", number) : value;
}
std::vector<std::string> short_texts(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(short_text(value));
  return texts;
}

double widest_of(const Paper& paper, const std::vector<std::string>& texts) {
  double widest = 0;
  for (const std::string& text : texts)
    widest = std::max(widest, paper.room(text, {.size = kWordSize, .width = 150}).x);
  return widest;
}

// The plot's rectangle, and what lies around it.
struct Plot {
  glm::dvec2 corner, size;
};

void draw_columns(Paper& paper, const Plot& plot, const ValueMap& map) {
  const double cell = plot.size.x / static_cast<double>(map.columns.size());
  const std::vector<std::string> texts = short_texts(map.columns);
  const std::size_t step = label_step(texts.size(), plot.size.x, widest_of(paper, texts));
  const double below = plot.corner.y + plot.size.y;
  for (std::size_t i = 0; i < texts.size(); i += step)
    paper.words({plot.corner.x + cell * (static_cast<double>(i) + 0.5), below + 18}, texts[i],
                {.size = kWordSize, .aligned = Aligned::kMiddle, .width = 150});
  paper.words({plot.corner.x + plot.size.x / 2, below + 46}, map.across,
              {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle, .width = plot.size.x});
}

void draw_sign(Paper& paper, glm::dvec2 middle, double reach, MapCell::Kind kind, const Ink& ink) {
  reach = std::min(reach, 12.0);
  if (kind == MapCell::Kind::kFailed)
    return paper.line(middle - glm::dvec2(reach, 0), middle + glm::dvec2(reach, 0), 2, ink);
  paper.line(middle - glm::dvec2(reach), middle + glm::dvec2(reach), 2, ink);
  paper.line(middle + glm::dvec2(reach, -reach), middle + glm::dvec2(-reach, reach), 2, ink);
}

void draw_cells(Paper& paper, const Plot& plot, const ValueMap& map, const Scale& scale) {
  const glm::dvec2 cell = plot.size / glm::dvec2(map.columns.size(), map.rows.size());
  const double gap = std::min(cell.x, cell.y) > 6 ? 1 : 0;
  const bool numbers = cell.x >= 56 && cell.y >= 26;  // then they fit
  const auto corner_of = [&](std::size_t i) {
    const std::size_t row = i / map.columns.size(), column = i % map.columns.size();
    return plot.corner + cell * glm::dvec2(column, map.rows.size() - 1 - row);
  };
  for (std::size_t i = 0; i < map.cells.size(); ++i) {
    const MapCell& each = map.cells[i];
    const bool value = each.kind == MapCell::Kind::kValue;
    const Ink ink = value                                  ? scale.ink(scale.share(each.value))
                    : each.kind == MapCell::Kind::kMissing ? kEmptyInk
                                                           : kBadInk;
    paper.fill(corner_of(i), cell - glm::dvec2(gap), ink);
    if (value && numbers) {
      paper.words(corner_of(i) + cell / 2.0, format_value(each.value),
                  {.size = kWordSize, .aligned = Aligned::kMiddle, .ink = ink_on(ink)});
    }
    if (!value && each.kind != MapCell::Kind::kMissing && std::min(cell.x, cell.y) >= 6)
      draw_sign(paper, corner_of(i) + cell / 2.0, std::min(cell.x, cell.y) * 0.22, each.kind, kPaperInk);
  }
  if (!map.marked) return;
  const glm::dvec2 at = corner_of(*map.marked);
  paper.frame(at - glm::dvec2(1), cell + glm::dvec2(1), 5, kPaperInk);
  paper.frame(at - glm::dvec2(1), cell + glm::dvec2(1), 2.5, kInk);
}

void draw_rows(Paper& paper, const Plot& plot, const ValueMap& map, double labels) {
  const double cell = plot.size.y / static_cast<double>(map.rows.size());
  const std::size_t step = label_step(map.rows.size(), plot.size.y, kWordSize);
  for (std::size_t i = 0; i < map.rows.size(); i += step)
    paper.words({plot.corner.x - 10, plot.corner.y + plot.size.y - cell * (static_cast<double>(i) + 0.5)},
                short_text(map.rows[i]), {.size = kWordSize, .aligned = Aligned::kRight, .width = labels});
  paper.words(
      {plot.corner.x - labels - 30, plot.corner.y + plot.size.y / 2}, map.up,
      {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle, .width = plot.size.y, .upward = true});
}

void draw_bar(Paper& paper, const Plot& plot, const Scale& scale) {
  const glm::dvec2 corner = plot.corner + glm::dvec2(plot.size.x + 22, 0);
  constexpr int kSteps = 128;
  const double step = plot.size.y / kSteps;
  for (int i = 0; i < kSteps; ++i)
    paper.fill(corner + glm::dvec2(0, plot.size.y - step * (i + 1)), {kBarWidth, step + 0.5},
               scale.ink((i + 0.5) / kSteps));
  paper.frame(corner, {kBarWidth, plot.size.y}, 1, kQuietInk);
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = corner.y + plot.size.y * (1 - share);
    paper.words({corner.x + kBarWidth + 8, std::clamp(y, corner.y + 8, corner.y + plot.size.y - 8)},
                scale.label(share), {.size = kWordSize});
  }
}

// Over one thing: a dot each, joined where both neighbours are numbers.
void draw_dots(Paper& paper, const Plot& plot, const ValueMap& map, Scale scale) {
  if (!map.log && !map.least) {  // room above and below
    const double room = std::max(0.06 * (scale.high - scale.low), 1e-9);
    scale.low -= room, scale.high += room;
  }
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double y = plot.corner.y + plot.size.y * (1 - share);
    paper.line({plot.corner.x, y}, {plot.corner.x + plot.size.x, y}, 1, kGridInk);
    paper.words({plot.corner.x - 10, y}, scale.label(share), {.size = kWordSize, .aligned = Aligned::kRight});
  }
  const double cell = plot.size.x / static_cast<double>(map.columns.size());
  const auto place = [&](std::size_t i) {
    const double share = map.cells[i].kind == MapCell::Kind::kValue ? scale.share(map.cells[i].value) : 1;
    return plot.corner + glm::dvec2(cell * (static_cast<double>(i) + 0.5), plot.size.y * (1 - share));
  };
  const Ink& ink = kTrainInk;
  for (std::size_t i = 1; i < map.cells.size(); ++i)
    if (map.cells[i].kind == MapCell::Kind::kValue && map.cells[i - 1].kind == MapCell::Kind::kValue)
      paper.line(place(i - 1), place(i), 2, ink);
  for (std::size_t i = 0; i < map.cells.size(); ++i) {
    const MapCell::Kind kind = map.cells[i].kind;
    if (kind == MapCell::Kind::kMissing) continue;
    if (kind != MapCell::Kind::kValue) {
      draw_sign(paper, place(i) + glm::dvec2(0, 12), 7, kind, kBadInk);
      continue;
    }
    const bool marked = map.marked == i;
    paper.dot(place(i), marked ? 8 : 5, marked ? kInk : ink);
  }
}

}  // namespace

void draw_value_map(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ValueMap& map) {
  const bool flat = map.up.empty();
  const Scale scale = scale_of(map);
  const double labels = flat ? 70 : std::min(150.0, std::max(30.0, widest_of(paper, short_texts(map.rows))));
  const double left = labels + (flat ? 14 : 48), right = flat ? 10 : 110, above = 44, below = 66;
  const Plot plot{corner + glm::dvec2(left, above), size - glm::dvec2(left + right, above + below)};
  paper.words(corner + glm::dvec2(left, 14), map.title,
              {.size = kTitleSize, .bold = true, .width = size.x - left});
  draw_columns(paper, plot, map);
  if (flat) return draw_dots(paper, plot, map, scale);
  draw_cells(paper, plot, map, scale);
  draw_rows(paper, plot, map, labels);
  draw_bar(paper, plot, scale);
}

}  // namespace fl

#include "engine/figures/confusion_figure.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "engine/figures/inks.h"

namespace fl {
namespace {

constexpr double kMostLabel = 150;

}  // namespace

void draw_confusion(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ConfusionFigure& figure) {
  const std::size_t count = figure.classes.size();
  double labels = 0;
  for (const std::string& name : figure.classes)
    labels = std::max(labels, paper.room(name, {.size = kWordSize, .width = kMostLabel}).x + 1);
  const double above = 44, below = 72, recall = 64;
  const double side = std::min(size.x - labels - 34 - recall, size.y - above - below);
  const glm::dvec2 at = corner + glm::dvec2(labels + 34, above);
  const double cell = side / static_cast<double>(count);
  paper.words(at + glm::dvec2(0, -26), "Test images", {.size = kTitleSize, .bold = true});
  const double letters = std::clamp(cell * 0.4, 7.0, 26.0);
  for (std::size_t row = 0; row < count; ++row) {
    const std::vector<int>& counts = figure.counts[row];
    const int all = std::accumulate(counts.begin(), counts.end(), 0);
    const double y = at.y + cell * (static_cast<double>(row) + 0.5);
    for (std::size_t column = 0; column < count; ++column) {
      const double share = all > 0 ? static_cast<double>(counts[column]) / all : 0;
      // White at none, the map's dark end at all: on paper a full cell has the most ink.
      const Ink full = map_ink(0.08);
      const glm::vec3 mixed = glm::vec3(1) + (full.srgb - glm::vec3(1)) * static_cast<float>(share);
      const Ink ink{.srgb = mixed};
      const glm::dvec2 place = at + cell * glm::dvec2(column, row);
      paper.fill(place, glm::dvec2(cell), ink);
      paper.frame(place, glm::dvec2(cell), row == column ? 2.5 : 1, row == column ? kInk : kQuietInk);
      paper.words(place + glm::dvec2(cell / 2), fmt::format("{}", counts[column]),
                  {.size = letters, .bold = row == column, .aligned = Aligned::kMiddle, .ink = ink_on(ink)});
    }
    if (cell < 12) continue;  // there is no room for names
    paper.words({at.x - 10, y}, figure.classes[row],
                {.size = std::min(kWordSize, cell * 0.8), .aligned = Aligned::kRight, .width = labels});
    paper.words({at.x + side + 10, y},
                all > 0 ? fmt::format("{:.0f} %", 100.0 * counts[row] / all) : std::string("none"),
                {.size = std::min(kWordSize, cell * 0.8)});
    const double room = std::max(cell - 6, 12.0);
    paper.words({at.x + cell * (static_cast<double>(row) + 0.5), at.y + side + 18}, figure.classes[row],
                {.size = std::min(kWordSize, cell * 0.8), .aligned = Aligned::kMiddle, .width = room});
  }
  paper.words({at.x + side / 2, at.y + side + 48}, "the network says",
              {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle});
  paper.words({at.x - labels - 22, at.y + side / 2}, "what they show",
              {.size = kWordSize, .bold = true, .aligned = Aligned::kMiddle, .upward = true});
}

}  // namespace fl

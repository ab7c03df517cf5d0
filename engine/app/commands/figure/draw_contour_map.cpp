#include "engine/app/commands/figure/contour_map.h"

namespace fl {

Result<void> draw_contour_map(const ContourMap& map, const std::filesystem::path& out) {
  constexpr double kWidth = 960, kHeight = 900, kMargin = 32, kTop = 88, kFoot = 40;
  Paper paper(kWidth, kHeight);
  paper.words({kMargin, 36}, map.title, {.size = 30, .bold = true, .width = kWidth - 2 * kMargin});
  draw_contours(paper, {kMargin, kTop - 16}, {kWidth - 2 * kMargin, kHeight - kTop - kFoot}, map.figure);
  paper.words({kMargin, kHeight - 26}, map.below, {.size = 13, .width = kWidth - 2 * kMargin});
  return paper.save(out);
}

}  // namespace fl

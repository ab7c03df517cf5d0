#include "engine/landscape/path_legend.h"

#include <algorithm>
#include <cmath>

#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17, kTitleRow = 32, kTitleBaseline = 15;
constexpr float kTextSize = 16;
constexpr float kLeastRow = 20, kLargestRow = 34;
constexpr float kSwatchWidth = 22, kSwatchHeight = 5;
constexpr float kGap = 11;

}  // namespace

void PathLegend::draw(const PassContext& context, const Rect& panel_in, const StageTexts& texts,
                      std::vector<ScreenLabel>& labels_out) const {
  const Frame& frame = context.frame;
  const std::uint32_t count = std::min(frame.header.several_paths, kFrameMaxPaths);
  if (count == 0) return;
  const Rect panel = snapped(panel_in);
  const float scale = panel_scale(context, panel, {250, kTitleRow + kLeastRow * static_cast<float>(count)});
  const float title = std::round(kTitleSize * scale), size = std::round(kTextSize * scale);
  const ScreenLabel heading{.text = "optimizer",
                            .pixel = {panel.x, panel.y + std::round(kTitleBaseline * scale)},
                            .size = title,
                            .color = context.theme.text,
                            .weight = Weight::kBold};
  labels_out.push_back(heading);
  ScreenLabel loss = heading;
  loss.text = "loss";
  loss.pixel.x = panel.right();
  loss.align_x = AlignX::kRight;
  labels_out.push_back(loss);

  const float top = panel.y + std::round(kTitleRow * scale);
  const float pitch =
      std::floor(std::min(kLargestRow * scale, (panel.bottom() - top) / static_cast<float>(count)));
  const float width = std::round(kSwatchWidth * scale), height = std::round(kSwatchHeight * scale);
  const float name_x = panel.x + width + std::round(kGap * scale);
  for (std::uint32_t i = 0; i < count; ++i) {
    const FramePath& path = frame.header.paths[i];
    const float middle = top + std::round((static_cast<float>(i) + 0.5f) * pitch);
    panels_->draw(context, Panel{.rect = {panel.x, middle - std::floor(height / 2), width, height},
                                 .fill = context.theme.paths[path.color % context.theme.paths.size()],
                                 .radius = height / 2});
    const bool lost = path.diverged != 0;
    const std::string value = lost ? "diverged" : format_value(path.ball.real_loss, 3);
    const float room =
        panel.right() - name_x - text_width(*font_, FontWeight::kRegular, value, size) - kGap * scale;
    ScreenLabel label{.text = fit_text(*font_, FontWeight::kRegular, path_name(texts, i), size, room),
                      .pixel = {name_x, middle},
                      .size = size,
                      .color = context.theme.text,
                      .align_y = AlignY::kMiddle};
    labels_out.push_back(label);
    label.text = value;
    label.pixel.x = panel.right();
    label.align_x = AlignX::kRight;
    label.color = lost ? context.theme.warning : context.theme.text;
    labels_out.push_back(label);
  }
}

}  // namespace fl

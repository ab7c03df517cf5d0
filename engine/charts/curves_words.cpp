// What the curves say in words.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/charts/curves.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kSwatchWidth = 18;
constexpr float kSwatchHeight = 4;

// `digits`: of numbers that would have too many to be read; 0 leaves the value out.
std::string legend_entry(const char* name, float value, int digits) {
  if (digits == 0) return name;
  // Two decimals, until they would be digits that nobody reads, or noughts that say nothing.
  const bool two = std::isfinite(value) && std::abs(value) < kLogLossFrom && std::abs(value) >= 0.01F;
  return fmt::format("{} {}", name, two ? format_tick(value, 2) : format_value(value, std::min(digits, 2)));
}

}  // namespace

void CurvesPass::append_numbers(const PassContext& context, const CurvesLayout& layout,
                                std::vector<ScreenLabel>& labels) const {
  ScreenLabel label;
  label.size = layout.text_size;
  label.color = context.theme.text_muted;
  for (const ChartLayout* chart : {&layout.upper, &layout.lower}) {
    if (chart->plot.height <= 0) continue;
    label.align_x = AlignX::kRight;
    label.align_y = AlignY::kMiddle;
    for (int i = 0; i < chart->y.count; ++i) {
      label.pixel = {chart->plot.x - layout.tick_gap, std::round(chart->row(chart->y_at(i)))};
      label.text = chart->y_text(i);
      labels.push_back(label);
    }
    if (chart->below > 0) {
      label.pixel.y = chart->plot.bottom();
      label.text = format_tick(0, 0);
      labels.push_back(label);
    }
    ScreenLabel title = label;
    title.text = chart->title;
    title.size = layout.title_size;
    title.weight = Weight::kBold;
    title.color = context.theme.text;
    title.align_x = AlignX::kLeft;
    title.align_y = AlignY::kBaseline;
    title.pixel = {layout.left, chart->title_baseline};
    labels.push_back(title);
  }
  const ChartLayout& chart = layout.lowest();
  label.align_y = AlignY::kBaseline;
  label.align_x = AlignX::kRight;
  label.text = chart.x_name;
  label.pixel = {chart.plot.x - layout.tick_gap, chart.tick_baseline};
  labels.push_back(label);
  label.align_x = AlignX::kCentre;
  for (int i = 0; i < chart.x.count; ++i) {
    label.pixel.x = std::round(chart.column_of_tick(i));
    label.text = format_tick(chart.x, i);
    labels.push_back(label);
  }
}

void CurvesPass::append_legend(const PassContext& context, const CurvesLayout& layout,
                               const ChartLayout& chart, float train, float test,
                               std::vector<ScreenLabel>& labels) const {
  const bool known = context.frame.facts.epoch_count > 0;
  ScreenLabel label;
  label.size = layout.text_size;
  label.color = context.theme.text;
  const bool with_test = !known || !std::isnan(test);  // no test set: no test entry
  const float mark = std::round(kSwatchWidth * layout.scale) + std::round(7 * layout.scale);
  const float gap = std::round(18 * layout.scale);
  const auto entry_width = [&](const char* name, float value, int digits) {
    return std::ceil(
               text_width(*font_, FontWeight::kRegular, legend_entry(name, value, digits), label.size)) +
           mark + gap;
  };
  // Fewer digits before the words run into the title.
  const float room = chart.plot.right() - layout.left -
                     text_width(*font_, FontWeight::kSemiBold, chart.title, layout.title_size);
  int digits = known ? 3 : 0;
  while (digits > 0 &&
         entry_width("train", train, digits) + (with_test ? entry_width("test", test, digits) : 0) > room)
    --digits;
  float x = chart.plot.right();
  const auto entry = [&](const char* name, float value, const glm::vec4& color) {
    label.text = legend_entry(name, value, digits);
    // Room for a value of this form whatever its digits, so that the entry before does not move.
    x -= std::ceil(text_width(*font_, FontWeight::kRegular, label.text, label.size));
    label.pixel = {x, chart.title_baseline};
    labels.push_back(label);
    const float height = std::round(kSwatchHeight * layout.scale),
                width = std::round(kSwatchWidth * layout.scale);
    x -= mark;
    const float middle = chart.title_baseline - std::round(font_->metrics().x_height / 2 * label.size);
    panels_->draw(context, Panel{.rect = {x, middle - std::floor(height / 2), width, height},
                                 .fill = color,
                                 .radius = height / 2});
    x -= gap;
  };
  if (with_test) entry("test", test, context.theme.test);
  entry("train", train, context.theme.train);
}

void CurvesPass::append_value(const PassContext& context, const CurvesLayout& layout,
                              const ChartLayout& chart, std::string value,
                              std::vector<ScreenLabel>& labels) const {
  const float room = chart.plot.right() - layout.left -
                     text_width(*font_, FontWeight::kSemiBold, chart.title, layout.title_size) -
                     layout.text_size;
  if (text_width(*font_, FontWeight::kRegular, value, layout.text_size) > room) return;
  labels.push_back({.text = std::move(value),
                    .pixel = {chart.plot.right(), chart.title_baseline},
                    .size = layout.text_size,
                    .color = context.theme.text,
                    .align_x = AlignX::kRight});
}

void CurvesPass::append_keys(const PassContext& context, const CurvesLayout& layout,
                             std::vector<ScreenLabel>& labels) const {
  ScreenLabel label;
  label.size = layout.text_size;
  const auto append = [&](const std::string& text, glm::vec2 at, const glm::vec4& color) {
    if (text.empty()) return;
    label.text = text;
    label.pixel = at;
    label.color = color;
    labels.push_back(label);
  };
  append(layout.keys.before, layout.keys.before_place, context.theme.text_muted);
  for (const CurveKeys::Key& key : layout.keys.keys)
    append(key.text, {key.words, key.sample.y}, context.theme.text);
  append(layout.keys.rest, layout.keys.rest_place, context.theme.text_muted);
}

}  // namespace fl

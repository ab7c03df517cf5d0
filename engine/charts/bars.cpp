#include "engine/charts/bars.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "shaders/shaders.h"
#include "shaders/shared/bars.h"
#include <fmt/format.h>

#include "engine/pass/pass_pipeline.h"
#include "engine/pass/plane.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_items.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17;
constexpr float kTextSize = 15;
constexpr float kTitleRow = 30;
constexpr float kTitleBaseline = 15;
constexpr float kLeastRow = 21;
constexpr float kLargestRow = 32;
constexpr float kThickness = 12;
constexpr float kDot = 8;
constexpr float kGap = 10;
constexpr float kNameShare = 0.45F;  // of the width at most
constexpr const char* kTitle = "prediction";

// Where everything goes: dot, name, bar, number.
struct Table {
  Rect panel;
  std::string verdict;  // whether the network is right, cut to what fits
  std::string note;     // of the classes that are left out
  bool note_below = false;
  glm::vec2 note_at{};
  std::vector<std::uint32_t> order;  // places in FrameHeader::shown_classes, top to bottom
  std::vector<std::string> names;    // cut to what fits
  float size = 0;                    // of the words
  float title_size = 0, title_baseline = 0;
  float top = 0, pitch = 0;  // of the rows
  float name = 0, bar = 0, bar_width = 0;
  float thickness = 0;  // of a bar

  [[nodiscard]] float middle(std::size_t row) const {
    return top + std::round((static_cast<float>(row) + 0.5F) * pitch);
  }
};

std::string percent(float probability) {
  if (!std::isfinite(probability)) return "\u2013";
  return fmt::format("{} %", format_tick(100 * static_cast<double>(probability), 0));
}

std::string verdict_of(const Frame& frame, const StageTexts& texts) {
  if (frame.header.image_prediction == kNoPrediction) return "no prediction: not a number";
  if (frame.header.image_prediction == frame.header.image_label) return "right";
  return fmt::format("wrong: is {}", isolated(class_name(texts, frame.header.image_label)));
}

// Beside the title where the whole sentence fits, else in a row of its own below the classes, else as much of
// it as fits beside the title.
void lay_out_classes(const Frame& frame, const Font& font, std::size_t rows, Table& table) {
  constexpr std::size_t kRowsWithNote = 4;  // of fewer, none is spent on a note
  const auto width = [&](const std::string& text) {
    return text_width(font, FontWeight::kRegular, text, table.size);
  };
  const float begin =
      std::ceil(text_width(font, FontWeight::kSemiBold, kTitle, table.title_size)) + table.size / 2;
  const float room = table.panel.width - begin - table.size -
                     text_width(font, FontWeight::kSemiBold, table.verdict, table.size);
  table.note_at = {table.panel.x + begin, table.title_baseline};
  table.order = choose_classes(frame, rows);
  const std::vector<std::string> notes = classes_left_out(frame, table.order.size());
  if (notes.empty()) return;
  if (width(notes.front()) > room && rows >= kRowsWithNote) {
    table.order = choose_classes(frame, rows - 1);
    table.note = fit_text(font, FontWeight::kRegular, classes_left_out(frame, rows - 1).front(), table.size,
                          table.panel.width);
    table.note_below = true;
    return;
  }
  const auto fitting =
      std::ranges::find_if(notes, [&](const std::string& note) { return width(note) <= room; });
  if (fitting != notes.end()) table.note = *fitting;
}

Table lay_out_table(const Frame& frame, const Rect& panel, const StageTexts& texts, const Font& font,
                    float scale) {
  Table table{.panel = panel};
  table.size = std::round(kTextSize * scale);
  table.title_size = std::round(kTitleSize * scale);
  table.title_baseline = panel.y + std::round(kTitleBaseline * scale);
  table.top = panel.y + std::round(kTitleRow * scale);
  table.thickness = std::round(kThickness * scale);
  const float room = panel.bottom() - table.top;
  table.verdict =
      fit_text(font, FontWeight::kSemiBold, verdict_of(frame, texts), table.size, 0.5F * table.panel.width);
  lay_out_classes(frame, font, static_cast<std::size_t>(std::max(0.0F, room / (kLeastRow * scale))), table);
  if (table.order.empty()) return table;
  const std::size_t rows = table.order.size() + (table.note_below ? 1 : 0);
  table.pitch = std::floor(std::min(kLargestRow * scale, room / static_cast<float>(rows)));
  if (table.note_below) table.note_at = {panel.x, table.middle(table.order.size())};

  float widest = 0;
  for (const std::uint32_t i : table.order) {
    const std::string name =
        fit_text(font, FontWeight::kSemiBold, class_name(texts, frame.header.shown_classes[i]), table.size,
                 kNameShare * panel.width);
    widest = std::max(widest, text_width(font, FontWeight::kSemiBold, name, table.size));
    table.names.push_back(name);
  }
  const float gap = std::round(kGap * scale);
  table.name = panel.x + std::round((kDot + 7) * scale);
  table.bar = table.name + std::ceil(widest) + gap;
  table.bar_width = panel.right() - std::ceil(text_width(font, FontWeight::kSemiBold, "100 %", table.size)) -
                    gap - table.bar;
  return table;
}

// What the panel shows on the left, whether the network is right on the right.
void append_title(const PassContext& context, const Table& table, std::vector<ScreenLabel>& labels) {
  const Frame& frame = context.frame;
  const ScreenLabel title{.text = kTitle,
                          .pixel = {table.panel.x, table.title_baseline},
                          .size = table.title_size,
                          .color = context.theme.text,
                          .weight = Weight::kBold};
  labels.push_back(title);
  if (!table.note.empty())
    labels.push_back({.text = table.note,
                      .pixel = table.note_at,
                      .size = table.size,
                      .color = context.theme.text_muted,
                      .align_y = table.note_below ? AlignY::kMiddle : AlignY::kBaseline});
  const bool right = frame.header.image_prediction == frame.header.image_label;
  labels.push_back({.text = table.verdict,
                    .pixel = {table.panel.right(), table.title_baseline},
                    .size = table.size,
                    .color = right ? context.theme.accent : context.theme.warning,
                    .align_x = AlignX::kRight,
                    .weight = Weight::kBold});
}

void append_row(const PassContext& context, const Table& table, std::size_t row,
                std::vector<ScreenLabel>& labels) {
  const Frame& frame = context.frame;
  const std::uint32_t place = table.order[row], index = frame.header.shown_classes[place];
  labels.push_back({.text = table.names[row],
                    .pixel = {table.name, table.middle(row)},
                    .size = table.size,
                    .color = context.theme.text,
                    .align_y = AlignY::kMiddle,
                    .weight = index == frame.header.image_label ? Weight::kBold : Weight::kRegular});
  labels.push_back({.text = percent(frame.header.probabilities[place]),
                    .pixel = {table.panel.right(), table.middle(row)},
                    .size = table.size,
                    .color = context.theme.text,
                    .align_x = AlignX::kRight,
                    .align_y = AlignY::kMiddle,
                    .weight = index == frame.header.image_prediction ? Weight::kBold : Weight::kRegular});
}

}  // namespace

std::vector<std::uint32_t> choose_classes(const Frame& frame, std::size_t rows) {
  std::vector<std::uint32_t> order(frame.facts.shown_count());
  std::iota(order.begin(), order.end(), 0U);
  if (order.size() <= rows) return order;
  const auto rank = [&](std::uint32_t i) {
    const float p = frame.header.probabilities[i];
    return std::isfinite(p) ? p : -1;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return rank(a) > rank(b); });
  const auto label = std::ranges::find(order, frame.header.image_label, [&](std::uint32_t place) {
    return frame.header.shown_classes[place];
  });
  if (rows > 0 && label != order.end() && label - order.begin() >= static_cast<std::ptrdiff_t>(rows))
    order[rows - 1] = *label;
  order.resize(rows);
  return order;
}

std::vector<std::string> classes_left_out(const Frame& frame, std::size_t rows) {
  if (rows >= frame.facts.class_count) return {};
  const auto shown = std::span(frame.header.shown_classes).first(frame.facts.shown_count());
  const auto label = std::ranges::find(shown, frame.header.image_label) - shown.begin();
  const auto before =
      label == std::ssize(shown)
          ? 0
          : std::ranges::count_if(std::span(frame.header.probabilities).first(shown.size()), [&](float p) {
              return p > frame.header.probabilities[static_cast<std::size_t>(label)];
            });
  const bool true_one_added = before >= static_cast<std::ptrdiff_t>(rows);
  return {fmt::format("{} most probable of {} classes{}", true_one_added ? rows - 1 : rows,
                      frame.facts.class_count, true_one_added ? ", and the true one" : ""),
          fmt::format("{} of {} classes", rows, frame.facts.class_count),
          fmt::format("{} of {}", rows, frame.facts.class_count)};
}

BarsPass::BarsPass(const PassSetup& setup, const Font& font, const PanelPass& panels)
    : font_(&font),
      panels_(&panels),
      pipeline_(flat_pipeline(setup, {.vertex = shader::bars_vert,
                                      .fragment = shader::bars_frag,
                                      .push_bytes = sizeof(shared::BarsPush)})) {}

void BarsPass::draw(const PassContext& context, const Rect& panel_in, const StageTexts& texts,
                    std::vector<ScreenLabel>& labels_out) const {
  const Frame& frame = context.frame;
  if (context.slot_set == VK_NULL_HANDLE || frame.facts.class_count == 0) return;
  const Rect panel = snapped(panel_in);
  // Never fewer than two rows.
  const float scale = panel_scale(context, panel, {330, kTitleRow + 2 * kLeastRow + 1});
  const Table table = lay_out_table(frame, panel, texts, *font_, scale);
  if (table.order.empty()) return;
  append_title(context, table, labels_out);

  shared::BarsPush push{.area = {table.bar, table.top + std::round((table.pitch - table.thickness) / 2),
                                 table.bar_width, table.pitch},
                        .thickness = table.thickness,
                        .radius = std::round(3 * scale),
                        .plane = pushed(context.plane)};
  for (std::size_t row = 0; row < table.order.size(); ++row) {
    push.order[row / 4] |= table.order[row] << (8 * (row % 4));
    append_row(context, table, row, labels_out);
    if (frame.header.shown_classes[table.order[row]] != frame.header.image_label) continue;
    const float dot = std::round(kDot * scale);
    panels_->draw(context, Panel{.rect = {panel.x, table.middle(row) - dot / 2, dot, dot},
                                 .fill = context.theme.accent,
                                 .radius = dot / 2});
  }
  if (table.bar_width < 4) return;
  bind_flat(context, pipeline_);
  pipeline_.push(context.cmd, push);
  vkCmdDraw(context.cmd, 4, static_cast<std::uint32_t>(table.order.size()), 0, 0);
}

}  // namespace fl

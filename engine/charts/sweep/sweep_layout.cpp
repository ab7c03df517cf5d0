#include "engine/charts/sweep/sweep_layout.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/exponential.hpp>

#include "engine/charts/chart_words.h"
#include "engine/charts/sweep/sweep_axis.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTextSize = 17, kHeadSize = 20;
constexpr float kLeft = 100, kBelow = 56;  // of the cells: ticks and title
constexpr float kColumn = 250, kGap = 26;
constexpr float kUnder = 150;  // the legend, where it is below
constexpr float kBar = 18, kTick = 5;
constexpr int kSwatches = 24;
constexpr float kBeside = 0.5f;   // of the area's width: narrower cells are not worth a column beside them
constexpr float kLongest = 2.2f;  // of a cell, over its other side
constexpr float kOneRow = 150;    // height of a single row
constexpr std::size_t kReadLines = 3;

// IEC 61966-2-1.
glm::vec4 on_screen(glm::vec3 linear) {
  const glm::vec3 c = glm::clamp(linear, 0.0f, 1.0f);
  const glm::vec3 bent = 1.055f * glm::pow(c, glm::vec3(1 / 2.4f)) - 0.055f;
  return {glm::mix(c * 12.92f, bent, glm::greaterThan(c, glm::vec3(0.0031308f))), 1};
}

struct SweepPlaces {
  Rect plot, column;
  bool beside = true;
};

SweepPlaces places_for(const SweepFacts& facts, const Rect& area, float scale) {
  SweepPlaces places;
  if (facts.columns == 0) return places;
  const bool one_row = facts.rows == 1;
  const float left = std::round((one_row ? 40 : kLeft) * scale), below = std::round(kBelow * scale);
  const float column = std::round((kColumn + kGap) * scale);
  places.beside = area.width - left - column >= kBeside * area.width;
  const float width = area.width - left - (places.beside ? column : 0);
  const float height = area.height - below - (places.beside ? 0 : std::round(kUnder * scale));
  if (width < 60 || height < 40) return places;
  const auto columns = static_cast<float>(facts.columns), rows = static_cast<float>(facts.rows);
  float cell_width = width / columns, cell_height = height / rows;
  if (one_row) {
    cell_height = std::min(cell_height, kOneRow * scale);
  } else {
    cell_width = std::min(cell_width, kLongest * cell_height);
    cell_height = std::min(cell_height, kLongest * cell_width);
  }
  const float plot_width = std::floor(cell_width * columns), plot_height = std::floor(cell_height * rows);
  const float spare = std::max(0.0f, width - plot_width);
  places.plot = {std::round(area.x + left + spare / 2),
                 std::round(area.y + (one_row ? 0.18f * std::max(0.0f, height - plot_height) : 0)),
                 plot_width, plot_height};
  if (places.beside)
    places.column = {places.plot.right() + std::round(kGap * scale), area.y, std::round(kColumn * scale),
                     area.height};
  else
    places.column = {area.x + left, area.bottom() - std::round(kUnder * scale), width,
                     std::round(kUnder * scale)};
  return places;
}

std::string value_text(const SweepScale& scale, SweepFigure figure, bool high) {
  const auto value = static_cast<double>(high ? scale.high : scale.low);
  if (figure == SweepFigure::kTestAccuracy) return fmt::format("{:.0f} %", 100 * value);
  const std::string text = format_value(value, 2);
  return high && scale.capped != 0 ? "≥ " + text : text;
}

class SweepArranger {
 public:
  SweepArranger(const PassContext& context, const Rect& area, const Font& font, const StageTexts& texts,
                const ColorMap& colors, const SweepChoice& choice)
      : context_(context),
        facts_(context.frame.facts.sweep),
        font_(font),
        texts_(texts),
        colors_(colors),
        choice_(choice),
        figure_(shown_figure(facts_, choice.figure)),
        scale_(context.scale),
        size_(std::round(kTextSize * context.scale)),
        places_(places_for(facts_, area, context.scale)) {}

  SweepLayout arrange() {
    if (places_.plot.empty()) return {};
    out_.plot = places_.plot;
    for (std::size_t i = 0; i < texts_.axes.size() && i < 2; ++i) add_axis(texts_.axes[i], i == 1);
    add_frames();
    add_legend();
    return std::move(out_);
  }

 private:
  void say(std::string text, glm::vec2 at, bool muted, AlignX x = AlignX::kLeft, AlignY y = AlignY::kBaseline,
           bool upward = false) {
    out_.labels.push_back(chart_words(context_.theme, size_, std::move(text), at, muted, x, y, upward));
  }

  void add_axis(const AxisWords& axis, bool upward) {
    const Rect& plot = out_.plot;
    const float tick = std::round(kTick * scale_), line = std::max(1.0f, std::round(scale_));
    const float length = upward ? plot.height : plot.width;
    const auto room = [&](const std::string& text) {
      return upward ? 1.25f * size_ : text_width(font_, FontWeight::kRegular, text, size_) + 0.7f * size_;
    };
    const float label_room = (kLeft - 34) * scale_;
    for (const AxisMark& mark : axis_marks(axis, length, room)) {
      const float at = std::round(static_cast<float>(mark.share) * length);
      if (upward) {
        const float y = plot.bottom() - at;
        out_.panels.push_back({.rect = {plot.x - tick, y, tick, line}, .fill = context_.theme.axis});
        say(fit_text(font_, FontWeight::kRegular, mark.text, size_, label_room), {plot.x - 1.6f * tick, y},
            true, AlignX::kRight, AlignY::kMiddle);
      } else {
        const float x = plot.x + at;
        out_.panels.push_back({.rect = {x, plot.bottom(), line, tick}, .fill = context_.theme.axis});
        say(mark.text, {x, plot.bottom() + 2.0f * tick}, true, AlignX::kCentre, AlignY::kTop);
      }
    }
    const float longest = upward ? length : std::max(length, 200 * scale_);
    const std::string title = fit_text(font_, FontWeight::kRegular, axis.title, size_, longest);
    if (upward)
      say(title, {plot.x - kLeft * scale_ + 1.1f * size_, plot.y + plot.height / 2}, false, AlignX::kCentre,
          AlignY::kBaseline, true);
    else
      say(title, {plot.x + plot.width / 2, plot.bottom() + kBelow * scale_ - 0.2f * size_}, false,
          AlignX::kCentre, AlignY::kBottom);
  }

  void add_frames() {
    const float thin = std::max(2.0f, std::round(2 * scale_));
    const auto frame = [&](std::int32_t place, const glm::vec4& color, float out) {
      const Rect cell = snapped(sweep_cell(facts_, out_.plot, place));
      out_.frames.push_back(
          {.rect = inset(cell, -out - thin), .border_color = color, .radius = thin, .border = thin});
    };
    if (choice_.place < 0) return;
    // Two tones: it is seen on any colour.
    frame(choice_.place, context_.theme.background_bottom, 0);
    frame(choice_.place, context_.theme.text, thin);
  }

  void add_legend() {
    const Rect& column = places_.column;
    const SweepScale& scale = facts_.scales[static_cast<std::size_t>(figure_)];
    const bool accuracy = figure_ == SweepFigure::kTestAccuracy;
    const float head = std::round(kHeadSize * scale_), bar = std::round(kBar * scale_);
    const float width = places_.beside ? column.width : std::min(column.width, kColumn * scale_);
    out_.labels.push_back({.text = accuracy ? "test accuracy" : "final training loss",
                           .pixel = {column.x, column.y},
                           .size = head,
                           .color = context_.theme.text,
                           .align_y = AlignY::kTop,
                           .weight = Weight::kBold});
    float y = std::round(column.y + 1.45f * head);
    for (int i = 0; i < kSwatches; ++i) {
      const float from = std::round(column.x + width * static_cast<float>(i) / kSwatches);
      const float to = std::round(column.x + width * static_cast<float>(i + 1) / kSwatches);
      const float t = (static_cast<float>(i) + 0.5f) / kSwatches;
      out_.panels.push_back(
          {.rect = {from, y, to - from, bar}, .fill = on_screen(colors_.at(accuracy ? t : 1 - t))});
    }
    y += bar + 0.35f * size_;
    if (scale.values > 0) {
      say(value_text(scale, figure_, false), {column.x, y}, true, AlignX::kLeft, AlignY::kTop);
      say(value_text(scale, figure_, true), {column.x + width, y}, true, AlignX::kRight, AlignY::kTop);
      if (scale.log != 0) say("logarithmic", {column.x + width / 2, y}, true, AlignX::kCentre, AlignY::kTop);
    }
    y += 1.7f * size_;
    float x = column.x;
    const float right = x + (places_.beside ? width : column.width);
    const auto sample = [&](const char* sign, const char* words) {
      const float side = std::round(1.15f * size_),
                  wide = side + 0.5f * size_ + text_width(font_, FontWeight::kRegular, words, size_);
      if (places_.beside || x + wide > right) x = column.x;
      out_.panels.push_back({.rect = {x, y, side, side},
                             .fill = context_.theme.panel,
                             .border_color = context_.theme.grid,
                             .border = std::max(1.0f, std::round(scale_))});
      out_.labels.push_back({.text = sign,
                             .pixel = {x + side / 2, y + side / 2},
                             .size = size_,
                             .color = context_.theme.warning,
                             .align_x = AlignX::kCentre,
                             .align_y = AlignY::kMiddle,
                             .weight = Weight::kBold});
      say(words, {x + side + 0.5f * size_, y + side / 2}, false, AlignX::kLeft, AlignY::kMiddle);
      if (places_.beside)
        y += 1.45f * size_;
      else
        x += wide + 1.2f * size_;
    };
    if (facts_.diverged > 0) sample("×", "diverged");
    if (facts_.failed > 0) sample("–", "cannot be trained");
    if (facts_.known < facts_.cells) sample("", "not trained yet");
    if (places_.beside) {
      y += 0.5f * size_;
      out_.readout = {column.x, y, column.width, column.bottom() - y};
    } else {
      // Beside the bar.
      const float from = column.x + width + kGap * scale_;
      out_.readout = {from, column.y, column.right() - from, column.height};
    }
  }

  const PassContext& context_;
  const SweepFacts& facts_;
  const Font& font_;
  const StageTexts& texts_;
  const ColorMap& colors_;
  const SweepChoice& choice_;
  SweepFigure figure_;
  float scale_, size_;
  SweepPlaces places_;
  SweepLayout out_;
};

}  // namespace

Rect sweep_plot(const SweepFacts& facts, const Rect& area, float scale) {
  return places_for(facts, area, scale).plot;
}

std::optional<std::int32_t> sweep_place(const SweepFacts& facts, const Rect& plot, glm::vec2 pixel) {
  if (plot.empty() || facts.columns == 0) return std::nullopt;
  const float across = (pixel.x - plot.x) / plot.width, up = (plot.bottom() - pixel.y) / plot.height;
  if (!(across >= 0 && across < 1 && up >= 0 && up < 1)) return std::nullopt;
  const auto column = static_cast<std::int32_t>(across * static_cast<float>(facts.columns));
  const auto row = static_cast<std::int32_t>(up * static_cast<float>(facts.rows));
  return row * static_cast<std::int32_t>(facts.columns) + column;
}

Rect sweep_cell(const SweepFacts& facts, const Rect& plot, std::int32_t place) {
  const auto columns = static_cast<std::int32_t>(facts.columns);
  const float width = plot.width / static_cast<float>(facts.columns);
  const float height = plot.height / static_cast<float>(facts.rows);
  return {plot.x + width * static_cast<float>(place % columns),
          plot.bottom() - height * static_cast<float>(place / columns + 1), width, height};
}

SweepLayout lay_out_sweep(const PassContext& context, const Rect& area, const Font& font,
                          const StageTexts& texts, const ColorMap& colors, const SweepChoice& choice) {
  return SweepArranger(context, area, font, texts, colors, choice).arrange();
}

void append_sweep_readout(const PassContext& context, const Rect& readout, const Font& font,
                          const StageTexts& texts, std::vector<ScreenLabel>& out) {
  if (readout.empty()) return;
  const float size = std::round(kTextSize * context.scale), pitch = std::round(1.35f * size);
  float y = readout.y;
  for (const std::string& said : texts.readout)
    for (const std::string& line :
         wrap_text(font, FontWeight::kSemiBold, said, size, readout.width, kReadLines)) {
      if (y + pitch > readout.bottom() + 1) return;
      out.push_back({.text = line,
                     .pixel = {readout.x, std::round(y)},
                     .size = size,
                     .color = context.theme.text,
                     .align_y = AlignY::kTop,
                     .weight = Weight::kBold});
      y += pitch;
    }
}

std::vector<std::string> sweep_clauses(const SweepFacts& facts) {
  std::vector<std::string> clauses = {facts.known < facts.cells
                                          ? fmt::format("{} of {} trainings", facts.known, facts.cells)
                                          : fmt::format("{} trainings", facts.cells)};
  if (facts.diverged > 0) clauses.push_back(fmt::format("   {} diverged", facts.diverged));
  if (facts.failed > 0) clauses.push_back(fmt::format("   {} could not be trained", facts.failed));
  return clauses;
}

}  // namespace fl

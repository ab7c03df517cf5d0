#include "engine/charts/seeds/seeds_layout.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/charts/chart_words.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTextSize = 17, kHeadSize = 20;
constexpr float kLeft = 70, kBelow = 58;
constexpr float kColumn = 300, kGap = 26;
constexpr float kUnder = 190;  // the words, where they are below
constexpr float kTick = 5, kOutline = 2.5f;
constexpr float kBeside = 0.5f;  // of the area's width: a narrower plot is not worth a column beside it
constexpr std::size_t kLines = 4;

struct SeedPlaces {
  Rect plot, column;
};

SeedPlaces seed_places(const SeedFacts& facts, const Rect& area, float scale) {
  SeedPlaces places;
  if (facts.bars == 0) return places;
  const float left = std::round(kLeft * scale), below = std::round(kBelow * scale);
  const float column = std::round((kColumn + kGap) * scale);
  const bool beside = area.width - left - column >= kBeside * area.width;
  const float width = area.width - left - (beside ? column : 0);
  const float height = area.height - below - (beside ? 0 : std::round(kUnder * scale));
  if (width < 60 || height < 40) return places;
  places.plot = {std::round(area.x + left), std::round(area.y), std::floor(width), std::floor(height)};
  places.column = beside ? Rect{places.plot.right() + std::round(kGap * scale), area.y,
                                std::round(kColumn * scale), area.height}
                         : Rect{area.x + left, area.bottom() - std::round(kUnder * scale), width,
                                std::round(kUnder * scale)};
  return places;
}

std::string percent(float share, int decimals = 1) {
  return format_tick(100 * static_cast<double>(share), decimals);
}

class SeedsArranger {
 public:
  SeedsArranger(const PassContext& context, const Rect& area, const Font& font)
      : context_(context),
        facts_(context.frame.facts.sweep.seeds),
        font_(font),
        scale_(context.scale),
        size_(std::round(kTextSize * context.scale)),
        places_(seed_places(facts_, area, context.scale)) {}

  SeedsLayout arrange() {
    if (places_.plot.empty()) return {};
    out_.plot = places_.plot;
    out_.most = static_cast<float>(nice_ceiling(1.05 * static_cast<double>(facts_.most), 5));
    add_axes();
    add_words();
    return std::move(out_);
  }

 private:
  void say(std::string text, glm::vec2 at, bool muted, AlignX x = AlignX::kLeft, AlignY y = AlignY::kTop,
           bool upward = false) {
    out_.labels.push_back(chart_words(context_.theme, size_, std::move(text), at, muted, x, y, upward));
  }

  void add_axes() {
    const Rect& plot = out_.plot;
    const float tick = std::round(kTick * scale_), line = std::max(1.0f, std::round(scale_));
    const double low = 100 * static_cast<double>(facts_.low), high = 100 * static_cast<double>(facts_.high);
    const Ticks across = nice_ticks(low, std::min(high, 100.0), 8);
    for (int i = 0; i < across.count; ++i) {
      const float x =
          std::round(plot.x + static_cast<float>((across.value(i) - low) / (high - low)) * plot.width);
      out_.panels.push_back({.rect = {x, plot.bottom(), line, tick}, .fill = context_.theme.axis});
      say(format_tick(across, i) + " %", {x, plot.bottom() + 2 * tick}, true, AlignX::kCentre);
    }
    say("test accuracy", {plot.x + plot.width / 2, plot.bottom() + kBelow * scale_ - 0.2f * size_}, false,
        AlignX::kCentre, AlignY::kBottom);
    const Ticks up = nice_ticks(0, static_cast<double>(out_.most), 5, true);
    for (int i = 0; i < up.count; ++i) {
      const float y = std::round(plot.bottom() - static_cast<float>(up.value(i)) / out_.most * plot.height);
      out_.panels.push_back({.rect = {plot.x, y, plot.width, line}, .fill = context_.theme.grid});
      say(format_tick(up, i), {plot.x - 1.6f * tick, y}, true, AlignX::kRight, AlignY::kMiddle);
    }
    say("runs", {plot.x - kLeft * scale_ + 1.1f * size_, plot.y + plot.height / 2}, false, AlignX::kCentre,
        AlignY::kBaseline, true);
  }

  void add_words() {
    const Rect& column = places_.column;
    float y = column.y;
    const float head = std::round(kHeadSize * scale_);
    out_.labels.push_back({.text = fmt::format("{} runs, {} % right", facts_.runs, percent(facts_.mean)),
                           .pixel = {column.x, y},
                           .size = head,
                           .color = context_.theme.text,
                           .align_y = AlignY::kTop,
                           .weight = Weight::kBold});
    y = std::round(y + 1.5f * head);
    const auto told = [&](const std::string& words, bool muted, float from) {
      for (const std::string& line :
           wrap_text(font_, FontWeight::kRegular, words, size_, column.right() - from, kLines)) {
        say(line, {from, y}, muted);
        y += std::round(1.3f * size_);
      }
    };
    told(fmt::format("on average; 95 % interval {} to {} %", percent(facts_.mean - facts_.error),
                     percent(facts_.mean + facts_.error)),
         true, column.x);
    const float side = std::round(1.1f * size_), words = column.x + 1.6f * side;
    y += 0.4f * size_;
    out_.panels.push_back({.rect = {column.x, std::round(y), side, side}, .fill = context_.theme.test});
    told(fmt::format("spread over seeds: ±{} points", percent(facts_.spread)), false, words);
    y += 0.2f * size_;
    out_.panels.push_back({.rect = {column.x, std::round(y), side, side},
                           .border_color = context_.theme.text,
                           .border = std::round(kOutline * scale_)});
    told(fmt::format("what {} test images alone would give: ±{} points", facts_.test_images,
                     percent(facts_.chance_spread)),
         false, words);
    y += 0.5f * size_;
    out_.readout = {column.x, y, column.width, column.bottom() - y};
  }

  const PassContext& context_;
  const SeedFacts& facts_;
  const Font& font_;
  float scale_, size_;
  SeedPlaces places_;
  SeedsLayout out_;
};

}  // namespace

Rect seeds_plot(const SeedFacts& facts, const Rect& area, float scale) {
  return seed_places(facts, area, scale).plot;
}

std::optional<std::int32_t> seed_under(const SeedFacts& facts, const Rect& plot, glm::vec2 pixel) {
  if (plot.empty() || facts.bars == 0) return std::nullopt;
  const float across = (pixel.x - plot.x) / plot.width, up = (plot.bottom() - pixel.y) / plot.height;
  if (!(across >= 0 && across < 1 && up >= 0 && up < 1)) return std::nullopt;
  const std::int32_t run = facts.cells[static_cast<std::size_t>(across * static_cast<float>(facts.bars))];
  return run >= 0 ? std::optional(run) : std::nullopt;
}

SeedsLayout lay_out_seeds(const PassContext& context, const Rect& area, const Font& font) {
  return SeedsArranger(context, area, font).arrange();
}

}  // namespace fl

#include "engine/charts/rates_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "shaders/shared/rates.h"
#include <fmt/format.h>
#include <glm/common.hpp>

#include "engine/charts/chart_words.h"
#include "engine/pass/panel.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTextSize = 15, kHeadSize = 17;
constexpr float kLeft = 78, kBelow = 46;  // of the square: ticks and title
constexpr float kColumn = 236, kGap = 26;
constexpr float kUnder = 92;  // the legend, where it is below
constexpr float kBar = 16, kTick = 5;
constexpr int kSwatches = 24;
constexpr float kBeside = 0.62f;  // of the area's height: a smaller square is not worth a column beside it
constexpr std::size_t kNoteLines = 6;
constexpr double kDecades = 2;  // span from which ticks are powers of ten
constexpr double kFine = 1e-5;  // span below which ticks would be all digits

// 0.001 to 1000 as they are, else "10⁴", "10⁻⁵".
std::string power_text(int power) {
  if (power >= -3 && power <= 3) return format_round(std::pow(10.0, power));
  constexpr std::array kDigits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = power < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(power)))
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  return text;
}

struct Places {
  Rect plot, column;
  bool beside = true;
};

Places places_in(const Rect& area, float scale) {
  const float left = std::round(kLeft * scale), below = std::round(kBelow * scale);
  const float column = std::round((kColumn + kGap) * scale);
  Places places;
  const float beside = std::min(area.height - below, area.width - left - column);
  places.beside = beside >= kBeside * (area.height - below);
  const float side =
      std::floor(places.beside ? beside : std::min(area.height - below - kUnder * scale, area.width - left));
  if (side < 60) return places;
  const float spare = area.width - left - side - (places.beside ? column : 0);
  places.plot = {std::round(area.x + left + std::max(0.0f, spare / 2)), std::round(area.y), side, side};
  if (places.beside)
    places.column = {places.plot.right() + std::round(kGap * scale), places.plot.y,
                     std::round(kColumn * scale), side};
  else
    places.column = {places.plot.x, places.plot.bottom() + below, side, std::round(kUnder * scale)};
  return places;
}

// From the top down, each piece with its words.
class RatesArranger {
 public:
  RatesArranger(const PassContext& context, const Rect& area, const Font& font)
      : context_(context),
        facts_(context.frame.facts.rate_map),
        font_(font),
        scale_(context.scale),
        size_(std::round(kTextSize * context.scale)),
        places_(places_in(area, context.scale)) {}

  RatesLayout arrange() {
    if (places_.plot.empty()) return {};
    out_.plot = places_.plot;
    add_axis(false);
    add_axis(true);
    const Rect& column = places_.column;
    const float bars = places_.beside ? column.width : std::floor((column.width - kGap * scale_) / 2);
    const float trains = add_bar("trains", "fast", "slow", -1, {column.x, column.y, bars, column.height});
    const Rect other = places_.beside ? Rect{column.x, trains + size_, bars, column.height}
                                      : Rect{column.right() - bars, column.y, bars, column.height};
    const float lost = add_bar("does not train", "lost at once", "late", 0, other);
    if (!places_.beside) return std::move(out_);
    float y = add_notes(lost + 0.8f * size_);
    y += 0.4f * size_;
    out_.readout = {column.x, y, column.width, column.bottom() - y};
    return std::move(out_);
  }

 private:
  void say(std::string text, glm::vec2 at, bool muted, AlignX x = AlignX::kLeft, AlignY y = AlignY::kBaseline,
           bool upward = false) {
    out_.labels.push_back(chart_words(context_.theme, size_, std::move(text), at, muted, x, y, upward));
  }

  // Of a rate, log10: where on the axis, from its low end.
  struct Mark {
    double share = 0;
    std::string text;
  };
  [[nodiscard]] std::vector<Mark> marks(double middle) const {
    std::vector<Mark> all;
    const double low = middle - facts_.span / 2, high = middle + facts_.span / 2;
    const auto share = [&](double at) { return (at - low) / facts_.span; };
    if (facts_.span >= kDecades) {
      const Ticks ticks = nice_ticks(low, high, 10, true);
      for (int i = 0; i < ticks.count; ++i)
        all.push_back({share(ticks.value(i)), power_text(static_cast<int>(std::lround(ticks.value(i))))});
    } else if (facts_.span >= kFine) {
      const Ticks ticks = nice_ticks(std::pow(10.0, low), std::pow(10.0, high), facts_.span < 1e-2 ? 3 : 5);
      for (int i = 0; i < ticks.count; ++i)
        all.push_back({share(std::log10(ticks.value(i))), format_tick(ticks, i)});
    }
    return all;
  }

  // Where ticks would be all digits, the middle says them, and how far the edges are.
  [[nodiscard]] std::string title(const char* layer, double middle, float room) const {
    std::string name = fmt::format("learning rate of the {} layer", layer);
    if (text_width(font_, FontWeight::kRegular, name, size_) > room)
      name = fmt::format("rate, {} layer", layer);
    if (facts_.span >= kFine) return name;
    const double rate = std::pow(10.0, middle);
    const int digits = std::clamp(static_cast<int>(2 - std::log10(facts_.span)), 3, 16);
    return fmt::format("{}: {:.{}g}, to the edges ±{}", name, rate, digits,
                       format_value(facts_.span / 2 * rate * std::log(10.0), 2));
  }

  void add_axis(bool upward) {
    const Rect& plot = out_.plot;
    const float tick = std::round(kTick * scale_), line = std::max(1.0f, std::round(scale_));
    const double middle = upward ? facts_.second : facts_.first;
    float free = -1e9f;
    for (const Mark& mark : marks(middle)) {
      const auto at = static_cast<float>(mark.share);
      if (upward) {
        const float y = std::round(plot.bottom() - at * plot.height);
        out_.marks.push_back({plot.x - tick, y, tick, line});
        say(mark.text, {plot.x - 1.6f * tick, y}, true, AlignX::kRight, AlignY::kMiddle);
      } else {
        const float x = std::round(plot.x + at * plot.width);
        out_.marks.push_back({x, plot.bottom(), line, tick});
        const float half = text_width(font_, FontWeight::kRegular, mark.text, size_) / 2;
        if (x - half < free) continue;
        free = x + half + 0.6f * size_;
        say(mark.text, {x, plot.bottom() + 2.0f * tick}, true, AlignX::kCentre, AlignY::kTop);
      }
    }
    const float room = upward ? plot.height : plot.width;
    const std::string words =
        fit_text(font_, FontWeight::kRegular, title(upward ? "second" : "first", middle, room), size_, room);
    if (upward)
      say(words, {plot.x - kLeft * scale_ + 1.1f * size_, plot.y + plot.height / 2}, false, AlignX::kCentre,
          AlignY::kBaseline, true);
    else
      say(words, {plot.x + plot.width / 2, plot.bottom() + kBelow * scale_ - 0.2f * size_}, false,
          AlignX::kCentre, AlignY::kBottom);
  }

  // A heading, its bar from shade `low` to low + 1, what its ends mean; where it ends.
  float add_bar(const char* heading, const char* first, const char* last, float low, const Rect& at) {
    const float head = std::round(kHeadSize * scale_), bar = std::round(kBar * scale_);
    out_.labels.push_back({.text = heading,
                           .pixel = {at.x, at.y},
                           .size = head,
                           .color = context_.theme.text,
                           .align_y = AlignY::kTop,
                           .weight = Weight::kBold});
    const float y = std::round(at.y + 1.45f * head);
    for (int i = 0; i < kSwatches; ++i) {
      const float from = std::round(at.x + at.width * static_cast<float>(i) / kSwatches);
      const float to = std::round(at.x + at.width * static_cast<float>(i + 1) / kSwatches);
      out_.swatches.push_back(
          {{from, y, to - from, bar}, rate_color(low + (static_cast<float>(i) + 0.5f) / kSwatches)});
    }
    const float under = y + bar + 0.35f * size_;
    say(first, {at.x, under}, true, AlignX::kLeft, AlignY::kTop);
    say(last, {at.right(), under}, true, AlignX::kRight, AlignY::kTop);
    return under + 1.2f * size_;
  }

  float add_notes(float y) {
    const Rect& column = places_.column;
    std::vector<std::string> notes = {
        fmt::format("Every pixel is a training of {} steps, all from the same start.", facts_.steps),
        "Shades are ranks among those in the picture."};
    if (facts_.known == facts_.side * facts_.side)
      notes.push_back(fmt::format("{:.1f} % of them train.", 100.0 * facts_.trained / facts_.known));
    if (facts_.finest) notes.emplace_back("This is the end: float64 tells no finer rates apart.");
    const float pitch = std::round(1.3f * size_);
    for (const std::string& note : notes) {
      const auto lines = wrap_text(font_, FontWeight::kRegular, note, size_, column.width, kNoteLines);
      if (y + pitch * static_cast<float>(lines.size()) > column.bottom()) break;
      for (const std::string& line : lines) {
        say(line, {column.x, y}, true, AlignX::kLeft, AlignY::kTop);
        y += pitch;
      }
      y += std::round(0.5f * size_);
    }
    return y;
  }

  const PassContext& context_;
  const RatesFacts& facts_;
  const Font& font_;
  float scale_, size_;
  Places places_;
  RatesLayout out_;
};

}  // namespace

Rect rates_plot(const Rect& area, float scale) {
  return places_in(area, scale).plot;
}

RatesLayout lay_out_rates(const PassContext& context, const Rect& area, const Font& font) {
  if (context.frame.facts.rate_map.side == 0) return {};
  return RatesArranger(context, area, font).arrange();
}

void append_rates_readout(const PassContext& context, const Rect& area, const Font& font,
                          const std::vector<std::string>& lines, std::vector<ScreenLabel>& out) {
  if (lines.empty()) return;
  const RatesLayout layout = lay_out_rates(context, area, font);
  const float size = std::round(kTextSize * context.scale), pitch = std::round(1.35f * size);
  std::vector<std::string> all = {"Under the pointer"};
  for (const std::string& line : lines)
    std::ranges::move(wrap_text(font, FontWeight::kSemiBold, line, size, layout.readout.width, 3),
                      std::back_inserter(all));
  if (layout.plot.empty() || layout.readout.height < pitch * static_cast<float>(all.size())) return;
  float y = layout.readout.y;
  for (const std::string& line : all) {
    const bool heading = &line == &all.front();
    out.push_back({.text = line,
                   .pixel = {layout.readout.x, std::round(y)},
                   .size = size,
                   .color = heading ? context.theme.text_muted : context.theme.text,
                   .align_y = AlignY::kTop,
                   .weight = heading ? Weight::kRegular : Weight::kBold});
    y += pitch;
  }
}

glm::vec4 rate_color(float shade) {
  const auto ramp = [](const glm::vec4& first, const glm::vec4& middle, const glm::vec4& last, float t) {
    return t < 0.5f ? glm::mix(first, middle, 2 * t) : glm::mix(middle, last, 2 * t - 1);
  };
  return shade < 0 ? ramp(shared::kTrainedFirst, shared::kTrainedMiddle, shared::kTrainedLast, shade + 1)
                   : ramp(shared::kLostFirst, shared::kLostMiddle, shared::kLostLast, shade);
}

std::vector<std::string> rates_clauses(const RatesFacts& facts) {
  const std::uint32_t all = facts.side * facts.side;
  std::vector<std::string> clauses;
  clauses.push_back(facts.known < all ? fmt::format("{} of {} trainings", facts.known, all)
                                      : fmt::format("{0} × {0} trainings", facts.side));
  clauses.push_back(facts.in_double ? "   in float64" : "   in float32");
  const double zoom = facts.whole_span / facts.span;
  if (zoom > 1.05) clauses.push_back(fmt::format("   enlarged {} times", format_value(zoom, 2)));
  return clauses;
}

}  // namespace fl

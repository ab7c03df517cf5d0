#include "engine/charts/fate/fate_layout.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "engine/charts/chart_words.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr glm::vec2 kLeast{330, 230};
constexpr float kTitleSize = 17, kTextSize = 16;
constexpr float kLeft = 46, kTitleRow = 28, kBelow = 24, kBetween = 8;
constexpr float kBarShare = 0.56F;  // of the room that a step has
constexpr float kPale = 0.45F;      // bars that are not chosen
constexpr float kUpper = 0.56F;     // of the height, for the lines

class FateArranger {
 public:
  FateArranger(const PassContext& context, const Rect& area, const Font& font)
      : context_(context),
        facts_(context.frame.facts.fate),
        font_(font),
        area_(snapped(area)),
        scale_(panel_scale(context, area_, kLeast)),
        size_(std::round(kTextSize * scale_)),
        line_(std::max(1.0F, std::round(scale_))) {}

  FateLayout arrange() {
    out_.scale = scale_;
    const float upper = std::round(kUpper * area_.height);
    out_.plot = plot_in({area_.x, area_.y, area_.width, upper - kBetween * scale_});
    const Rect bars = plot_in({area_.x, area_.y + upper, area_.width, area_.height - upper});
    if (out_.plot.height < 20 || bars.height < 20 || out_.plot.width < 60) return {};
    add_lines();
    add_bars(bars);
    return std::move(out_);
  }

 private:
  using Step = FateFacts::Step;
  [[nodiscard]] const Step& chosen() const { return facts_.steps.at(facts_.chosen); }

  [[nodiscard]] Rect plot_in(const Rect& part) const {
    const float left = std::round(kLeft * scale_), top = std::round(kTitleRow * scale_);
    return {part.x + left, std::round(part.y) + top, part.width - left,
            std::round(part.height) - top - std::round(kBelow * scale_)};
  }
  void say(std::string text, glm::vec2 at, bool muted, AlignX x, AlignY y = AlignY::kTop) {
    out_.labels.push_back(chart_words(context_.theme, size_, std::move(text), at, muted, x, y, false));
  }
  void title(std::string text, const Rect& plot) {
    out_.labels.push_back({.text = std::move(text),
                           .pixel = {area_.x, plot.y - std::round(0.5F * kTitleRow * scale_)},
                           .size = std::round(kTitleSize * scale_),
                           .color = context_.theme.text,
                           .weight = Weight::kBold});
  }

  // From 0 to what is returned.
  float add_axis(const Rect& plot, float most, double headroom) {
    const float top =
        most > 0 ? static_cast<float>(nice_ceiling(headroom * static_cast<double>(most), 3)) : 1;
    const Ticks ticks = nice_ticks(0, static_cast<double>(top), 3);
    for (int i = 0; i < ticks.count; ++i) {
      const float y = std::round(plot.bottom() - static_cast<float>(ticks.value(i)) / top * plot.height);
      out_.panels.push_back({.rect = {plot.x, y, plot.width, line_},
                             .fill = i == 0 ? context_.theme.axis : context_.theme.grid});
      if (most > 0)
        say(format_tick(ticks, i), {plot.x - 8 * scale_, y}, true, AlignX::kRight, AlignY::kMiddle);
    }
    return top;
  }

  [[nodiscard]] std::string what_is_missing() const {
    switch (chosen().state) {
      case FateState::kComing:
        return fmt::format("The run has not come to step {}.", chosen().step);
      case FateState::kGone:
        return "The run went on from a later step; rewind it.";
      case FateState::kBroken:
        return "A fork has diverged: there is no line.";
      default:
        return "Forked here; the line comes with the epochs.";
    }
  }

  void add_lines() {
    const Rect& plot = out_.plot;
    out_.most_loss = add_axis(plot, facts_.most_loss, 1.05);
    title("loss between the two ends", plot);
    const float y = plot.bottom() + std::round(5 * scale_);
    say("one fork", {plot.x, y}, true, AlignX::kLeft);
    say("the other", {plot.right(), y}, true, AlignX::kRight);
    say(chosen().state == FateState::kGrowing ? fmt::format("forked at step {}, so far", chosen().step)
                                              : fmt::format("forked at step {}", chosen().step),
        {area_.right(), plot.y - std::round(0.5F * kTitleRow * scale_)}, false, AlignX::kRight,
        AlignY::kBaseline);
    if (chosen().measured == 0 || !std::isfinite(chosen().ridge))
      for (const std::string& words :
           wrap_text(font_, FontWeight::kRegular, what_is_missing(), size_, plot.width - 8 * scale_, 1))
        say(words, {plot.x + plot.width / 2, plot.y + plot.height / 2}, false, AlignX::kCentre,
            AlignY::kMiddle);
  }

  void add_bars(const Rect& plot) {
    const float top = add_axis(plot, facts_.most_ridge, 1.4);
    title("height of the ridge, by fork step", plot);
    const float room = plot.width / static_cast<float>(facts_.count);
    for (std::uint32_t i = 0; i < facts_.count; ++i) {
      const Step& step = facts_.steps.at(i);
      const bool here = i == facts_.chosen;
      const float middle = plot.x + (static_cast<float>(i) + 0.5F) * room;
      out_.labels.push_back({.text = fmt::format("{}", step.step),
                             .pixel = glm::round(glm::vec2(middle, plot.bottom() + 5 * scale_)),
                             .size = size_,
                             .color = here ? context_.theme.text : context_.theme.text_muted,
                             .align_x = AlignX::kCentre,
                             .align_y = AlignY::kTop,
                             .weight = here ? Weight::kBold : Weight::kRegular});
      if (step.measured == 0) continue;
      const bool known = std::isfinite(step.ridge);
      const float height = known ? std::max(step.ridge / top * plot.height, 2 * line_) : 0;
      const float width = std::round(kBarShare * room);
      out_.panels.push_back({.rect = {std::round(middle - width / 2), std::round(plot.bottom() - height),
                                      width, std::round(height)},
                             .fill = here ? context_.theme.accent
                                          : flattened(context_.theme.accent, context_.theme.panel, kPale)});
      say(known ? format_value(static_cast<double>(step.ridge), 2) : "–",
          {middle, plot.bottom() - height - 3 * scale_}, !here, AlignX::kCentre, AlignY::kBottom);
    }
  }

  const PassContext& context_;
  const FateFacts& facts_;
  const Font& font_;
  Rect area_;
  float scale_, size_, line_;
  FateLayout out_;
};

}  // namespace

FateLayout lay_out_fate(const PassContext& context, const Rect& area, const Font& font) {
  const FateFacts& facts = context.frame.facts.fate;
  return facts.count > 0 && facts.chosen < facts.count ? FateArranger(context, area, font).arrange()
                                                       : FateLayout();
}

}  // namespace fl

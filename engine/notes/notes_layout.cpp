#include "engine/notes/notes_layout.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/text/text.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at size 1.
constexpr float kMargin = 28, kSmall = 15, kWords = 22, kNotes = 19, kNextWords = 18, kClock = 30;
constexpr float kPitch = 1.35f;  // from line to line, in heights of the words
constexpr float kButton = 40, kGap = 10;
constexpr float kSizes[] = {2.5f, 2, 1.7f, 1.4f, 1.2f, 1, 0.85f, 0.7f};
constexpr std::size_t kMostLines = 200;

class Page {
 public:
  Page(const Font& font, const Theme& theme, VkExtent2D extent, float size)
      : font_(font),
        theme_(theme),
        size_(size),
        width_(static_cast<float>(extent.width)),
        height_(static_cast<float>(extent.height)),
        y_(px(kMargin)) {}

  void lay_out(const NotesWords& words) {
    lay_out_buttons(words.controls);
    lay_out_head(words);
    lay_out_cues(words);
  }
  // All of it found room.
  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] NotesLayout take() { return std::move(layout_); }

 private:
  [[nodiscard]] float px(float pixels) const { return std::round(pixels * size_); }
  [[nodiscard]] float inside() const { return width_ - 2 * px(kMargin); }

  void say(const std::string& text, glm::vec2 at, float letters, const glm::vec4& color, Weight weight,
           AlignX align = AlignX::kLeft) {
    layout_.labels.push_back({.text = text,
                              .pixel = {std::round(at.x), std::round(at.y)},
                              .size = letters,
                              .color = color,
                              .align_x = align,
                              .align_y = AlignY::kTop,
                              .weight = weight});
  }

  // Lines from the left edge down, as far as there is room over the buttons.
  void say_lines(const std::string& text, float letters, const glm::vec4& color, Weight weight) {
    const float pitch = std::round(kPitch * letters);
    for (const std::string& line :
         wrap_text(font_, font_weight(weight), text, letters, inside(), kMostLines)) {
      if (y_ + pitch > bottom_) {
        fits_ = false;
        return;
      }
      say(line, {px(kMargin), y_}, letters, color, weight);
      y_ += pitch;
    }
  }

  void lay_out_buttons(const std::vector<NotesWords::Control>& controls) {
    const float letters = px(kSmall), high = px(kButton), gap = px(kGap);
    std::vector<std::vector<float>> rows(1);  // the buttons' widths
    float used = 0;
    for (const NotesWords::Control& one : controls) {
      const float wide = std::ceil(text_width(font_, FontWeight::kSemiBold, one.words, letters)) + px(28);
      if (!rows.back().empty() && used + wide > inside()) {
        rows.emplace_back();
        used = 0;
      }
      fits_ &= wide <= inside();
      rows.back().push_back(wide);
      used += wide + gap;
    }
    float y = height_ - px(kMargin) - static_cast<float>(rows.size()) * (high + gap) + gap;
    bottom_ = y - gap;
    auto control = controls.begin();
    for (const std::vector<float>& row : rows) {
      float x = px(kMargin);
      for (const float wide : row) {
        add_button(*control++, {x, y, wide, high}, letters);
        x += wide + gap;
      }
      y += high + gap;
    }
  }

  void add_button(const NotesWords::Control& control, const Rect& rect, float letters) {
    layout_.panels.push_back(
        {.rect = rect, .fill = faded(theme_.axis, control.on ? 0.22f : 0.08f), .radius = px(6)});
    layout_.labels.push_back(
        {.text = control.words,
         .pixel = {std::round(rect.x + rect.width / 2), std::round(rect.y + rect.height / 2)},
         .size = letters,
         .color = control.on ? theme_.text : faded(theme_.text_muted, 0.6f),
         .align_x = AlignX::kCentre,
         .align_y = AlignY::kMiddle,
         .weight = Weight::kBold});
    if (control.on) layout_.buttons.push_back({control.action, rect});
  }

  void lay_out_head(const NotesWords& words) {
    const float clock = px(kClock), small = px(kSmall), right = width_ - px(kMargin);
    const float times = std::max(text_width(font_, FontWeight::kSemiBold, words.clock, clock),
                                 text_width(font_, FontWeight::kRegular, words.passed, small));
    say(words.clock, {right, y_}, clock, theme_.text, Weight::kBold, AlignX::kRight);
    say(words.passed, {right, y_ + 1.2f * clock}, small, theme_.text_muted, Weight::kRegular, AlignX::kRight);
    const float room = inside() - times - small;
    say(fit_text(font_, FontWeight::kSemiBold, words.title, small, room), {px(kMargin), y_}, small,
        theme_.text, Weight::kBold);
    say(fit_text(font_, FontWeight::kRegular, words.state, small, room),
        {px(kMargin), y_ + std::round(kPitch * small)}, small, theme_.text_muted, Weight::kRegular);
    y_ += 1.2f * clock + kPitch * small;
  }

  void lay_out_cues(const NotesWords& words) {
    const std::size_t now = std::min(words.cue, words.cues.size());
    if (words.cues.empty()) {
      rule();
      say_lines(
          "This lesson has no cues. A scene has them under [[view.cues]]: watch, ask or change, and notes.",
          px(kNotes), theme_.text, Weight::kRegular);
      return;
    }
    if (now > 0) {
      rule();
      heading(fmt::format("Now, {} of {}", now, words.cues.size()), words.cues[now - 1]);
      say_lines(words.cues[now - 1].words, px(kWords), theme_.text, Weight::kBold);
      y_ += px(6);
      if (!words.cues[now - 1].notes.empty())
        say_lines(words.cues[now - 1].notes, px(kNotes), theme_.text, Weight::kRegular);
    }
    rule();
    if (now == words.cues.size()) {
      say_lines("That was the last cue.", px(kSmall), theme_.text_muted, Weight::kRegular);
      return;
    }
    heading(now == 0 ? "It begins with" : "Next", words.cues[now]);
    say_lines(words.cues[now].words, px(kNextWords), theme_.text, Weight::kRegular);
    if (!words.cues[now].notes.empty())
      say_lines(words.cues[now].notes, px(kSmall), theme_.text_muted, Weight::kRegular);
  }

  void heading(const std::string& text, const Cue& cue) {
    say_lines(fmt::format("{}: {}", text, cue_word(cue.kind)), px(kSmall), theme_.accent, Weight::kBold);
  }

  void rule() {
    y_ += px(12);
    layout_.panels.push_back(
        {.rect = {px(kMargin), y_, inside(), std::max(1.0f, px(1))}, .fill = theme_.axis});
    y_ += px(14);
  }

  const Font& font_;
  const Theme& theme_;
  float size_, width_, height_, y_, bottom_ = 0;
  bool fits_ = true;
  NotesLayout layout_;
};

}  // namespace

NotesLayout lay_out_notes(const Font& font, const Theme& theme, VkExtent2D extent, float scale,
                          const NotesWords& words) {
  for (const float size : kSizes) {
    Page page(font, theme, extent, size * scale);
    page.lay_out(words);
    if (page.fits() || size == kSizes[std::size(kSizes) - 1]) return page.take();
  }
  return {};
}

}  // namespace fl

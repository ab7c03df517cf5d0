#include "engine/stage/words/notices.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/stage/words/film_words.h"
#include "engine/stage/words/stage_words.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17, kWordsSize = 14, kPadding = 16, kGap = 9, kBar = 4;
constexpr float kCueSize = 18;
constexpr std::size_t kCueLines = 4;
constexpr float kWidth = 380;
constexpr float kMostShare = 0.86f;  // of the landscape's width
constexpr float kTrack = 0.35f;      // how much of the axes' colour the empty bar has

constexpr float kBetween = 8;  // a message and what is loading

struct LoadingCard {
  Panel ground;
  std::array<Panel, 2> bar;  // all of the way, and what lies behind
};

// `empty`: nothing else is on the stage; else it ends above `bottom`.
LoadingCard loading_card(const PassContext& context, const Font& font, const Rect& landscape,
                         const LoadingNote& note, bool empty, float bottom, std::vector<ScreenLabel>& out) {
  const auto pixels = [&](float size) { return std::round(size * context.scale); };
  const float padding = pixels(kPadding), gap = pixels(kGap), bar = std::max(2.0f, pixels(kBar));
  const float title = pixels(kTitleSize), words = pixels(kWordsSize);
  const float width = std::min(pixels(kWidth), kMostShare * landscape.width);
  const float height = title + words + bar + 2 * gap + 2 * padding;
  const float left = landscape.x + (landscape.width - width) / 2;
  const float top = empty ? landscape.y + (landscape.height - height) / 2 : bottom - height;
  const Rect rect = snapped({left, top, width, height});
  const float room = rect.width - 2 * padding;
  const auto say = [&](const std::string& text, FontWeight weight, float size, float y,
                       const glm::vec4& color) {
    out.push_back({.text = fit_text(font, weight, text, size, room),
                   .pixel = {rect.x + padding, std::round(y)},
                   .size = size,
                   .color = color,
                   .align_y = AlignY::kMiddle,
                   .weight = weight == FontWeight::kSemiBold ? Weight::kBold : Weight::kRegular});
  };
  float y = rect.y + padding;
  say(note.title, FontWeight::kSemiBold, title, y + title / 2, context.theme.text);
  y += title + gap;
  say(note.words, FontWeight::kRegular, words, y + words / 2, context.theme.text_muted);
  y += words + gap;
  const Rect way{rect.x + padding, y, room, bar};
  Rect behind = way;
  behind.width *= static_cast<float>(std::clamp(note.share, 0.0, 1.0));
  return {.ground = {.rect = rect,
                     .fill = {glm::vec3(context.theme.panel), 0.93f},
                     .border_color = faded(context.theme.axis, kTrack),
                     .radius = padding / 2,
                     .border = std::max(1.0f, context.picture_scale)},
          .bar = {Panel{.rect = way, .fill = faded(context.theme.axis, kTrack), .radius = bar / 2},
                  Panel{.rect = behind, .fill = context.theme.accent, .radius = bar / 2}}};
}

// A few words for the last row: what they are and how far it is above them.
struct Said {
  std::string kind, count, words;
  glm::vec4 color{1};  // of the kind and of the border
  float scale = 1;     // of the words
};

Panel said_panel(const PassContext& context, const Font& font, const Rect& landscape, const Said& said,
                 float bottom, std::vector<ScreenLabel>& out) {
  const float size = std::round(kCueSize * said.scale), small = std::round(kWordsSize * said.scale);
  const float padding = std::round(0.8f * size), pitch = std::round(1.3f * size);
  const float most = kMostShare * landscape.width - 2 * padding;
  const std::vector<std::string> lines =
      wrap_text(font, FontWeight::kSemiBold, said.words, size, most, kCueLines);
  float widest = text_width(font, FontWeight::kSemiBold, said.kind, small) + small +
                 text_width(font, FontWeight::kRegular, said.count, small);
  for (const std::string& line : lines)
    widest = std::max(widest, text_width(font, FontWeight::kSemiBold, line, size));
  const float width = std::ceil(widest) + 2 * padding;
  const float height = 1.5f * small + pitch * static_cast<float>(lines.size()) + 1.4f * padding;
  const Rect rect = snapped({landscape.x + (landscape.width - width) / 2, bottom - height, width, height});
  const auto say = [&](const std::string& text, float x, float y, float letters, const glm::vec4& color,
                       Weight weight, AlignX align = AlignX::kLeft) {
    out.push_back({.text = text,
                   .pixel = {std::round(x), std::round(y)},
                   .size = letters,
                   .color = color,
                   .align_x = align,
                   .align_y = AlignY::kMiddle,
                   .weight = weight});
  };
  const float left = rect.x + padding, first = rect.y + 0.7f * padding + small / 2;
  say(said.kind, left, first, small, said.color, Weight::kBold);
  say(said.count, rect.right() - padding, first, small, context.theme.text_muted, Weight::kRegular,
      AlignX::kRight);
  for (std::size_t i = 0; i < lines.size(); ++i)
    say(lines[i], left, first + small + (static_cast<float>(i) + 0.5f) * pitch, size, context.theme.text,
        Weight::kBold);
  return {.rect = rect,
          .fill = {glm::vec3(context.theme.panel), 0.95f},
          .border_color = said.color,
          .radius = padding / 2,
          .border = std::max(1.0f, 2 * context.picture_scale)};
}

// What a lecturer says of the picture.
Said said_of(const PassContext& context, const StageTexts& texts, std::size_t number) {
  const Cue& cue = texts.cues[number - 1];
  return {cue_word(cue.kind), fmt::format("{} of {}", number, texts.cues.size()), cue.words,
          context.theme.accent, context.scale};
}

// What happens to the ball. Long sentences grow less than a presenter's other words.
Said said_of(const PassContext& context, const StageTexts& texts, const PhaseFacts& phase, bool hall) {
  const Theme& theme = context.theme;
  const auto path = static_cast<std::size_t>(std::max(phase.path, 0));
  std::string count = fmt::format("{} of {}", phase.number, phase.count);
  if (phase.enlarged > 1 && !hall)
    count = fmt::format("drawn {:.0f} times as long   {}", phase.enlarged, count);
  return {phase.path < 0 ? "The next step of all" : "The next step of " + path_name(texts, path), count,
          phase.caption, phase.path < 0 ? theme.accent : theme.paths[path % theme.paths.size()],
          std::min(context.scale, 1.3f * context.picture_scale)};
}

}  // namespace

Rect draw_notices(const PassContext& context, const Font& font, const PanelPass& panels,
                  const StageLayout& layout, const StageTexts& texts, const ViewState& view, bool footnote,
                  std::vector<ScreenLabel>& out) {
  Rect taken;
  float bottom = footnote ? layout.footnote.y : layout.footnote.bottom() - kPadding * context.picture_scale;
  const auto place = [&](const Panel& panel) {
    panels.draw(context, panel);
    taken = taken.height > 0 ? around(taken, panel.rect) : panel.rect;
    bottom = panel.rect.y - kBetween * context.scale;
  };
  const Rect& landscape = layout.landscape;
  if (const Caption* caption = shown_caption(texts, view);
      caption != nullptr && view.parts.draws_landscape() && caption->place == CaptionPlace::kBottom)
    place(caption_panel(context, font, {landscape.x, landscape.y, landscape.width, bottom - landscape.y},
                        false, *caption, view.caption.share, out));
  if (const auto message = message_panel(context, font, layout, texts, out)) place(*message);
  // A hall has one thing to read, and the step goes on.
  const PhaseFacts& phase = context.frame.facts.phase;
  const bool hall = context.scale > 1.5f * context.picture_scale, tells = phase.number > 0;
  const auto say = [&](const Said& said) { place(said_panel(context, font, landscape, said, bottom, out)); };
  const std::size_t cue = view.cue;
  if (cue > 0 && cue <= texts.cues.size() && !(hall && tells)) say(said_of(context, texts, cue));
  if (tells) say(said_of(context, texts, phase, hall));
  if (!texts.loading) return taken;
  const LoadingCard card =
      loading_card(context, font, landscape, *texts.loading, context.slot_set == VK_NULL_HANDLE, bottom, out);
  panels.draw(context, card.ground);
  panels.draw(context, card.bar);
  return around(taken, card.ground.rect);
}

}  // namespace fl

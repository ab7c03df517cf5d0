#include "engine/stage/notices.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/stage/stage_words.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17, kWordsSize = 14, kPadding = 16, kGap = 9, kBar = 4;
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

}  // namespace

Rect draw_notices(const PassContext& context, const Font& font, const PanelPass& panels,
                  const StageLayout& layout, const StageTexts& texts, std::vector<ScreenLabel>& out) {
  Rect taken;
  if (const auto message = message_panel(context, font, layout, texts, out)) {
    panels.draw(context, *message);
    taken = message->rect;
  }
  if (!texts.loading) return taken;
  const float bottom = taken.height > 0 ? taken.y - kBetween * context.scale : layout.footnote.y;
  const LoadingCard card = loading_card(context, font, layout.landscape, *texts.loading,
                                        context.slot_set == VK_NULL_HANDLE, bottom, out);
  panels.draw(context, card.ground);
  panels.draw(context, card.bar);
  return around(taken, card.ground.rect);
}

}  // namespace fl

#include "engine/stage/words/film_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glm/common.hpp>

#include "engine/landscape/surface_legend.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels of a picture 720 high.
constexpr float kCaptionSize = 27, kLeastCaption = 18;
constexpr std::size_t kCaptionLines = 3;
constexpr float kPitch = 1.3f, kPadding = 0.75f;  // of the letters' size
constexpr float kMostShare = 0.92f;               // of the room's width
constexpr float kGround = 0.88f;                  // a caption's, how much it covers
constexpr float kTitleSize = 60, kSubtitleSize = 28, kBetween = 30;
constexpr float kBar = 4, kBarWidth = 96;
constexpr float kCardShare = 0.84f;  // of the picture's width
constexpr std::size_t kTitleLines = 3;
constexpr float kLeastTitle = 0.7f;  // of its size, to stand in one line

struct Lines {
  std::vector<std::string> lines;
  float size = 0, widest = 0;
};

// As large as it may be for all of it to fit.
Lines fitting(const Font& font, FontWeight weight, const std::string& words, float size, float least,
              float width, float height, std::size_t most) {
  Lines set;
  for (;; size = std::max(least, size - 1)) {
    const auto room = static_cast<std::size_t>(std::max(1.0f, height / (kPitch * size)));
    const std::size_t allowed = std::min(most, room);
    set = {wrap_text(font, weight, words, size, width, allowed + 1), size, 0};
    if (set.lines.size() <= allowed) break;
    if (size > least) continue;
    set.lines = wrap_text(font, weight, words, size, width, std::max(allowed, most));
    break;
  }
  // Lines of about one width: no word alone in the last.
  const std::size_t count = set.lines.size();
  const std::string all = fmt::format("{}", fmt::join(set.lines, " "));
  for (float narrower = 0.96f * width; count > 1 && narrower > width / 2; narrower -= 0.04f * width) {
    auto lines = wrap_text(font, weight, words, set.size, narrower, count + 1);
    if (lines.size() > count || fmt::format("{}", fmt::join(lines, " ")) != all) break;
    set.lines = std::move(lines);
  }
  for (const std::string& line : set.lines)
    set.widest = std::max(set.widest, text_width(font, weight, line, size));
  return set;
}

void say(const Lines& set, float centre, float top, const glm::vec4& color, Weight weight,
         std::vector<ScreenLabel>& out) {
  for (std::size_t i = 0; i < set.lines.size(); ++i)
    out.push_back(
        {.text = set.lines[i],
         .pixel = {std::round(centre), std::round(top + (static_cast<float>(i) + 0.5f) * kPitch * set.size)},
         .size = set.size,
         .color = color,
         .align_x = AlignX::kCentre,
         .align_y = AlignY::kMiddle,
         .weight = weight});
}

float height_of(const Lines& set) {
  return kPitch * set.size * static_cast<float>(set.lines.size());
}

}  // namespace

const Caption* shown_caption(const StageTexts& texts, const ViewState& view) {
  const auto [number, share] = view.caption;
  return number > 0 && number <= texts.captions.size() && share > 0 ? &texts.captions[number - 1] : nullptr;
}

Panel caption_panel(const PassContext& context, const Font& font, const Rect& room, bool at_top,
                    const Caption& caption, float share, std::vector<ScreenLabel>& out) {
  const float unit = context.picture_scale;
  const float padding = std::round(kPadding * kCaptionSize * unit);
  const Lines set = fitting(font, FontWeight::kSemiBold, caption.words, std::round(kCaptionSize * unit),
                            std::round(kLeastCaption * unit), kMostShare * room.width - 2 * padding,
                            room.height - padding, kCaptionLines);
  const float width = std::ceil(set.widest) + 2 * padding, height = std::ceil(height_of(set)) + padding;
  const Rect rect =
      snapped({room.x + (room.width - width) / 2, at_top ? room.y : room.bottom() - height, width, height});
  say(set, rect.x + rect.width / 2, rect.y + padding / 2, faded(context.theme.text, share), Weight::kBold,
      out);
  return {.rect = rect, .fill = {glm::vec3(context.theme.panel), kGround * share}, .radius = padding / 2};
}

bool draw_caption_above(const PassContext& context, const Font& font, const PanelPass& panels,
                        const StageLayout& layout, const StageTexts& texts, const ViewState& view,
                        std::vector<ScreenLabel>& out) {
  const Caption* caption = shown_caption(texts, view);
  const bool instead = !view.parts.draws_landscape();
  if (caption == nullptr || (!instead && caption->place != CaptionPlace::kTop)) return false;
  Rect room = layout.headline;
  if (!instead) {
    // Under the headline's two lines, clear of the legend beside them.
    const float margin = surface_legend_width(context, font, texts);
    room = {layout.landscape.x + margin, room.bottom(), layout.landscape.width - 2 * margin,
            layout.landscape.height / 2};
  }
  panels.draw(context, caption_panel(context, font, room, true, *caption, view.caption.share, out));
  return instead;
}

void draw_title_card(const PassContext& context, const Font& font, const PanelPass& panels,
                     const StageTexts& texts, const ViewState& view, std::vector<ScreenLabel>& out) {
  const auto [number, seen] = view.card;
  if (number == 0 || number > texts.cards.size() || seen <= 0) return;
  // What lies under the card fades with the picture: words are drawn last of all.
  for (ScreenLabel& label : out) {
    label.color.a *= 1 - seen;
    label.outline_color.a *= 1 - seen;
  }
  const Theme& theme = context.theme;
  const float unit = context.picture_scale;
  const auto width = static_cast<float>(context.extent.width),
             height = static_cast<float>(context.extent.height);
  panels.draw(
      context,
      Panel{.rect = {0, 0, width, height},
            .fill = {glm::mix(glm::vec3(theme.background_top), glm::vec3(theme.background_bottom), 0.5f),
                     seen}});
  const TitleCard& card = texts.cards[number - 1];
  const float most = kCardShare * width;
  // Rather a little smaller than a word alone in a second line.
  const float whole = kTitleSize * unit;
  const float share = most / std::max(1.0f, text_width(font, FontWeight::kSemiBold, card.title, whole));
  const float size = share > kLeastTitle ? whole * std::min(1.0f, share) : whole;
  const Lines title = fitting(font, FontWeight::kSemiBold, card.title, std::floor(size),
                              std::round(kSubtitleSize * unit), most, 0.6f * height, kTitleLines);
  const Lines subtitle =
      card.subtitle.empty()
          ? Lines{}
          : fitting(font, FontWeight::kRegular, card.subtitle, std::round(kSubtitleSize * unit),
                    std::round(kLeastCaption * unit), most, 0.3f * height, kTitleLines);
  const float between = kBetween * unit, bar = std::max(2.0f, std::round(kBar * unit));
  const float all = height_of(title) + 2 * between + bar + height_of(subtitle);
  float y = (height - all) / 2;
  say(title, width / 2, y, faded(theme.text, seen), Weight::kBold, out);
  y += height_of(title) + between;
  panels.draw(context, Panel{.rect = snapped({(width - kBarWidth * unit) / 2, y, kBarWidth * unit, bar}),
                             .fill = faded(theme.accent, seen),
                             .radius = bar / 2});
  say(subtitle, width / 2, y + bar + between, faded(theme.text_muted, seen), Weight::kRegular, out);
}

}  // namespace fl

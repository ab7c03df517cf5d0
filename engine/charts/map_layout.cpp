#include "engine/charts/map_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shaders/shared/map.h"
#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include "engine/pass/panel.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17, kTextSize = 15;
constexpr float kRow = 28, kKeyRow = 24, kTitleBaseline = 15;
constexpr float kAxisRow = 22, kAxisBaseline = 18;
constexpr float kGutter = 22;  // left of the square, for the name of the second component
constexpr float kGap = 14;
constexpr float kLeastNotes = 128;   // width of a column of notes
constexpr float kMostNotes = 0.28F;  // of the panel's width
constexpr float kAlmost = 0.92F;
constexpr float kMostRows = 3;      // of classes above the square
constexpr float kKeysShare = 0.5F;  // of the height of a column, at most
constexpr float kKey = 7;           // radius of a mark in the legend
constexpr float kTipsFrom = 9;      // sizes of the words: in a smaller square they would hide all
constexpr float kTip = 4;           // around an arrow's end, free of names
constexpr float kTipGap = 6;        // from an arrow's end to its name
constexpr glm::vec2 kLeastPanel{330, 120};
// Thumbnails, by the square's side.
constexpr float kPictureShare = 1.0F / 13, kLeastPicture = 22, kMostPicture = 56;
constexpr float kFrame = 2;
// Of a smaller square the marks shrink with it, to this share at least.
constexpr float kWholeMarks = 260, kLeastMarks = 0.6F;

// Fills a panel from its top down.
class MapArranger {
 public:
  MapArranger(const PassContext& context, const Rect& panel, const StageTexts& texts, const Font& font)
      : context_(context), map_(context.frame.facts.map), texts_(texts), font_(font), panel_(snapped(panel)) {
    out_.scale = panel_scale(context, panel_, kLeastPanel);
    size_ = std::round(kTextSize * out_.scale);
    out_.key = std::round(kKey * out_.scale);
  }

  MapLayout arrange() {
    const float gutter = std::round(kGutter * out_.scale), below = std::round(kAxisRow * out_.scale);
    const float gap = std::round(kGap * out_.scale);
    const float least = std::clamp(widest_key(), kLeastNotes * out_.scale,
                                   std::max(kLeastNotes * out_.scale, kMostNotes * panel_.width));
    const float row = std::round(kRow * out_.scale);
    // All words beside the square, unless it is much larger below some of them.
    const float under_words = std::min(panel_.height - row - below, panel_.width - gutter);
    float side = std::floor(std::min(panel_.height - below, panel_.width - gutter - gap - least));
    if (side >= kAlmost * under_words && side >= 4 * size_) {
      place_plot({panel_.x + gutter, panel_.y, side, side}, false);
      const float left = out_.plot.right() + gap;
      const Rect column{left, panel_.y, panel_.right() - left, side};
      const float keys = std::round(kKeyRow * out_.scale);
      const float head = row + add_keys({column.x, column.y + row, column.width, kKeysShare * side}, 0, keys);
      add_title(column);
      const float below_keys = head + std::round(0.4F * size_);
      add_notes({column.x, column.y + below_keys, column.width, side - below_keys});
      return std::move(out_);
    }
    const float begin = add_title(panel_) + 1.4F * size_;
    const float head = add_keys({panel_.x, panel_.y, panel_.width, kMostRows * row}, begin, row);
    side = std::floor(std::min(panel_.height - head - below, panel_.width - gutter));
    if (side < 4 * size_) return std::move(out_);
    const float left = panel_.x + gutter + std::floor((panel_.width - gutter - side) / 2);
    place_plot({left, panel_.y + head, side, side}, true);
    return std::move(out_);
  }

 private:
  [[nodiscard]] float width(FontWeight weight, const std::string& text, float size) const {
    return text_width(font_, weight, text, size);
  }
  [[nodiscard]] ScreenLabel words(std::string text, glm::vec2 at, bool muted) const {
    return {.text = std::move(text),
            .pixel = at,
            .size = size_,
            .color = muted ? context_.theme.text_muted : context_.theme.text};
  }

  // From a class's mark to its name.
  [[nodiscard]] float key_width() const { return 2 * out_.key + 0.45F * size_; }
  [[nodiscard]] float widest_key() const {
    float widest = 0;
    for (std::uint32_t c = 0; c < map_.classes; ++c)
      widest = std::max(widest, width(FontWeight::kRegular, class_name(texts_, c), size_));
    return std::ceil(key_width() + widest);
  }

  // Its width.
  float add_title(const Rect& area) {
    const float size = std::round(kTitleSize * out_.scale);
    const std::string title = fit_text(font_, FontWeight::kSemiBold, "embedding", size, area.width);
    out_.labels.push_back({.text = title,
                           .pixel = {area.x, area.y + std::round(kTitleBaseline * out_.scale)},
                           .size = size,
                           .color = context_.theme.text,
                           .weight = Weight::kBold});
    return width(FontWeight::kSemiBold, title, size);
  }

  // The classes, in rows as many as they need and `area` has, the first from `begin` on; the rows' height.
  float add_keys(const Rect& area, float begin, float row) {
    float x = area.x + begin, y = area.y + std::round(kTitleBaseline * out_.scale), height = row;
    const float mark = key_width();
    for (std::uint32_t c = 0; c < map_.classes; ++c) {
      const std::string name =
          fit_text(font_, FontWeight::kRegular, class_name(texts_, c), size_, area.width - mark);
      const float wanted = mark + width(FontWeight::kRegular, name, size_);
      if (x > area.x && x + wanted > area.right()) {
        if (height + row > area.height) {
          add_rest(c, area, y);
          break;
        }
        x = area.x;
        y += row;
        height += row;
      }
      out_.keys.push_back({c, {x + out_.key, y - std::round(0.36F * size_)}});
      out_.labels.push_back(words(name, {x + mark, y}, false));
      x += wanted + 1.2F * size_;
    }
    return height;
  }

  // Classes for which no row is left: as many as it takes give way to a word about them.
  void add_rest(std::uint32_t first, const Rect& area, float y) {
    const auto text = [&] { return fmt::format("and {} more", map_.classes - first); };
    while (first > 0 && out_.keys.back().middle.y > y - size_ &&
           out_.labels.back().pixel.x + width(FontWeight::kRegular, out_.labels.back().text, size_) + size_ +
                   width(FontWeight::kRegular, text(), size_) >
               area.right()) {
      out_.keys.pop_back();
      out_.labels.pop_back();
      --first;
    }
    float x = area.x;
    if (first > 0 && out_.keys.back().middle.y > y - size_)
      x = out_.labels.back().pixel.x + width(FontWeight::kRegular, out_.labels.back().text, size_) + size_;
    out_.labels.push_back(words(text(), {x, y}, true));
  }

  // `counted`: no note says how many are pictures.
  void place_plot(const Rect& plot, bool counted) {
    out_.plot = plot;
    choose_pictures();
    add_axes(counted);
    add_tips();
  }

  void choose_pictures() {
    const float scale = context_.picture_scale, side = out_.plot.width;
    out_.mark_scale = scale * std::clamp(side / (kWholeMarks * scale), kLeastMarks, 1.0F);
    out_.line = std::max(1.0F, std::round(kFrame * scale));
    out_.picture = std::round(std::clamp(kPictureShare * side, kLeastPicture * scale, kMostPicture * scale));
    const glm::vec2 center{map_.center_x, map_.center_y};
    const float reach = map_.half * (1 - (kShownSize * out_.picture + 2 * out_.line) / side);
    out_.shown = glm::clamp(glm::vec2{map_.shown.x, map_.shown.y}, center - reach, center + reach);
    out_.pictures = pictures_apart(map_, (out_.picture + out_.line + 1) * 2 * map_.half / side);
  }

  void add_axes(bool counted) {
    const Rect& plot = out_.plot;
    const std::string count = counted && out_.pictures < map_.images
                                  ? fmt::format("{} of {} images", out_.pictures, map_.images)
                                  : "";
    float taken = count.empty() ? 0 : width(FontWeight::kRegular, count, size_) + size_;
    const float below = panel_.right() - plot.x;
    if (taken > 0.6F * below) taken = 0;
    const auto name = [this](int number, float share, float room) {
      const std::string percent = fmt::format("{:.0f} %", 100 * share);
      const std::string named = fmt::format("component {}: {}", number, percent);
      for (const std::string& text : {named + " of the variance", named})
        if (width(FontWeight::kRegular, text, size_) <= room) return text;
      return fit_text(font_, FontWeight::kRegular, percent, size_, room);
    };
    ScreenLabel first = words(name(1, map_.share1, std::min(plot.width, below - taken)),
                              {plot.x, plot.bottom() + std::round(kAxisBaseline * out_.scale)}, true);
    if (taken > 0) {
      ScreenLabel label = words(count, {panel_.right(), first.pixel.y}, true);
      label.align_x = AlignX::kRight;
      out_.labels.push_back(std::move(label));
    }
    ScreenLabel second =
        words(name(2, map_.share2, plot.height), {plot.x - std::round(0.45F * size_), plot.bottom()}, true);
    second.upward = true;
    out_.labels.insert(out_.labels.end(), {first, second});
  }

  // The classes' names at the arrows' ends, none on another or on an end.
  void add_tips() {
    const Rect& plot = out_.plot;
    if (plot.width < kTipsFrom * size_) return;
    const glm::vec2 middle{plot.x + plot.width / 2, plot.y + plot.height / 2};
    const float per_unit = plot.width / (2 * map_.half);
    const glm::vec2 from = middle + per_unit * glm::vec2{-map_.center_x, map_.center_y};
    const glm::vec2 low{plot.x + 2, plot.y + 2}, high{plot.right() - 2, plot.bottom() - 2};
    std::vector<Rect> taken;
    const float tip = kTip * context_.picture_scale;
    for (const MapClass& of : std::span(map_.of_classes).first(map_.classes)) {
      const glm::vec2 end = from + arrow_on_map(map_, of, plot.width);
      taken.push_back({end.x - tip, end.y - tip, 2 * tip, 2 * tip});
    }
    for (std::uint32_t c = 0; c < map_.classes; ++c) {
      const glm::vec2 arrow = arrow_on_map(map_, map_.of_classes[c], plot.width);
      const float length = glm::length(arrow);
      if (!(length > size_)) continue;
      const std::string name =
          fit_text(font_, FontWeight::kSemiBold, class_name(texts_, c), size_, 0.4F * plot.width);
      const glm::vec2 half{width(FontWeight::kSemiBold, name, size_) / 2 + 1, 0.55F * size_};
      const glm::vec2 way = arrow / length, across = glm::max(glm::abs(way), 1e-3F);
      const float reach = std::min(half.x / across.x, half.y / across.y) + kTipGap * out_.scale;
      // Above or below where something else is; first the way that the arrow goes.
      const float pitch = way.y < 0 ? -1.3F * size_ : 1.3F * size_;
      for (const float rows : {0.0F, 0.4F, -0.4F, 1.0F, -1.0F, 1.5F, -1.5F, 2.0F, -2.0F}) {
        const glm::vec2 wanted = from + arrow + reach * way + glm::vec2{0, rows * pitch};
        const glm::vec2 at = glm::clamp(wanted, low + half, high - half);
        const Rect box{at.x - half.x, at.y - half.y, 2 * half.x, 2 * half.y};
        if (std::ranges::any_of(taken, [&](const Rect& other) { return overlap(box, other); })) continue;
        taken.push_back(box);
        ScreenLabel label = words(name, at, false);
        label.align_x = AlignX::kCentre;
        label.align_y = AlignY::kMiddle;
        label.weight = Weight::kBold;
        label.outline = 4 * context_.picture_scale;
        label.outline_color = {glm::vec3(context_.theme.panel), 0.9F};
        out_.labels.push_back(std::move(label));
        break;
      }
    }
  }

  // What is to be seen, as far as there is room.
  void add_notes(const Rect& column) {
    std::vector<std::string> notes;
    if (out_.pictures < map_.images)
      notes.push_back(fmt::format("{} of {} training images are pictures", out_.pictures, map_.images));
    if (map_.images < map_.training_images)
      notes.push_back(fmt::format("{} of all {} are here", map_.images, map_.training_images));
    const bool beyond = out_.shown != glm::vec2{map_.shown.x, map_.shown.y};
    if (map_.side > 0)
      for (const char* note : {"arrow: to where the head says more of its class",
                               "shade: what the head says there", "line: two are equally likely"})
        notes.emplace_back(note);
    notes.emplace_back("large mark: mean of a class");
    notes.emplace_back(beyond ? "bold frame: the chosen image, which lies beyond the edge"
                              : "bold frame: the chosen image");
    const float pitch = std::round(1.3F * size_);
    float y = column.y + size_;
    for (const std::string& note : notes) {
      const std::vector<std::string> lines =
          wrap_text(font_, FontWeight::kRegular, note, size_, column.width, 4);
      if (y + pitch * static_cast<float>(lines.size() - 1) > column.bottom()) return;
      for (const std::string& line : lines) {
        out_.labels.push_back(words(line, {column.x, y}, true));
        y += pitch;
      }
      y += std::round(0.45F * size_);
    }
  }

  const PassContext& context_;
  const MapFacts& map_;
  const StageTexts& texts_;
  const Font& font_;
  Rect panel_;
  float size_ = 0;  // of the words
  MapLayout out_;
};

}  // namespace

std::uint32_t pictures_apart(const MapFacts& map, float side) {
  const auto gaps = std::span(map.gaps).first(std::min<std::size_t>(map.pictures, map.gaps.size()));
  return static_cast<std::uint32_t>(std::ranges::find_if(gaps, [side](float gap) { return gap < side; }) -
                                    gaps.begin());
}

glm::vec2 arrow_on_map(const MapFacts& map, const MapClass& of, float plot_side) {
  const glm::vec2 toward{of.toward_x, -of.toward_y};
  const float slope = glm::length(toward);
  if (!(slope > 0) || !std::isfinite(slope)) return {0, 0};
  const float rise = slope * map.half;
  return toward * (0.5F * plot_side * shared::kArrowShare * rise / ((rise + shared::kArrowSlope) * slope));
}

MapLayout lay_out_map(const PassContext& context, const Rect& panel, const StageTexts& texts,
                      const Font& font) {
  if (context.frame.facts.map.images == 0) return {};
  return MapArranger(context, panel, texts, font).arrange();
}

}  // namespace fl

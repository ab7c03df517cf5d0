#include "engine/ui/panels/help.h"

#include <algorithm>
#include <cmath>

#include <imgui/imgui.h>

#include "engine/ui/places.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

constexpr const char* kTitle = "Keys";
constexpr const char* kFoot =
    "Drag turns the landscape, the wheel zooms, a double click goes to the point under it.";
constexpr const char* kClose = "?, Escape or a click closes this.";
// In heights of the words.
constexpr float kRow = 1.62f, kTitleRow = 2.1f, kFootRow = 1.5f, kPadding = 1.25f, kGap = 1.0f,
                kBlockGap = 2.2f;
constexpr float kCapPadding = 0.36f, kCapGap = 0.28f, kFootSize = 0.72f;
constexpr float kOfPicture = 0.94f;  // of its width and height, at most

// A block is some of the lines, one below the other: keys, then what they do.
struct Block {
  std::span<const KeyLine> lines;
  float keys = 0, help = 0;  // widths
};

struct Card {
  ImFont* font = nullptr;
  float size = 0;  // of the words
  std::vector<Block> blocks;
  float width = 0, height = 0;

  [[nodiscard]] float text_width(const std::string& text) const {
    return font->CalcTextSizeA(size, FLT_MAX, 0, text.c_str()).x;
  }
  // As wide as it is high, at least.
  [[nodiscard]] float cap_width(const std::string& key) const {
    return std::max(text_width(key), size * 0.62f) + 2 * kCapPadding * size;
  }
};

Card lay_out(std::span<const KeyLine> lines, ImFont* font, float size, std::size_t block_count) {
  Card card{font, size, {}, 2 * kPadding * size, 0};
  const std::size_t rows = (lines.size() + block_count - 1) / block_count;
  for (std::size_t first = 0; first < lines.size(); first += rows) {
    Block block{lines.subspan(first, std::min(rows, lines.size() - first))};
    for (const KeyLine& line : block.lines) {
      float keys = -kCapGap * size;
      for (const std::string& key : line.keys) keys += card.cap_width(key) + kCapGap * size;
      block.keys = std::max(block.keys, keys);
      block.help = std::max(block.help, card.text_width(line.help));
    }
    card.width += block.keys + kGap * size + block.help + (first > 0 ? kBlockGap * size : 0);
    card.blocks.push_back(block);
  }
  const float foot = (card.text_width(kFoot) + card.text_width(kClose)) * kFootSize + kBlockGap * size;
  card.width = std::max(card.width, foot + 2 * kPadding * size);
  card.height = (kTitleRow + kRow * static_cast<float>(rows) + kFootRow + 2 * kPadding) * size;
  return card;
}

// The largest words that fit, at a size the fonts were made for, so that they are sharp. A picture too small
// for any gets the smallest, made smaller still.
Card fit(std::span<const KeyLine> lines, float width, float height) {
  const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
  const auto fits = [&](const Card& card) {
    return card.width <= kOfPicture * width && card.height <= kOfPicture * height;
  };
  for (int i = fonts.Size - 1; i >= 0; --i)
    for (const std::size_t blocks : {1, 2})
      if (Card card = lay_out(lines, fonts[i], fonts[i]->FontSize, blocks); fits(card)) return card;
  const Card full = lay_out(lines, fonts[0], fonts[0]->FontSize, 2);
  const float smaller = kOfPicture * std::min(width / full.width, height / full.height);
  return lay_out(lines, fonts[0], fonts[0]->FontSize * smaller, 2);
}

void draw_line(ImDrawList& list, const Card& card, const Block& block, const KeyLine& line, ImVec2 at,
               const Theme& theme) {
  const float size = card.size, cap = size * 1.3f, rounding = size * 0.26f;
  float x = at.x;
  for (const std::string& key : line.keys) {
    const float width = card.cap_width(key);
    const ImVec2 low{x, at.y}, high{x + width, at.y + cap};
    list.AddRectFilled(low, high, colour(theme.grid, 0.9f), rounding);
    list.AddRect(low, high, colour(theme.axis, 0.9f), rounding, 0, std::max(1.0f, size / 18));
    list.AddText(card.font, size,
                 {std::round(x + (width - card.text_width(key)) / 2), std::round(at.y + (cap - size) / 2)},
                 colour(theme.text), key.c_str());
    x += width + kCapGap * size;
  }
  list.AddText(card.font, size,
               {std::round(at.x + block.keys + kGap * size), std::round(at.y + (cap - size) / 2)},
               colour(theme.text), line.help.c_str());
}

void draw_card(ImDrawList& list, const Card& card, ImVec2 corner, const Theme& theme) {
  const float size = card.size;
  const ImVec2 end{corner.x + card.width, corner.y + card.height};
  list.AddRectFilled(corner, end, colour(theme.panel), size * 0.7f);
  list.AddRect(corner, end, colour(theme.axis, 0.5f), size * 0.7f);
  ImVec2 at{std::round(corner.x + kPadding * size), std::round(corner.y + kPadding * size)};
  list.AddText(card.font, size, at, colour(theme.text_muted), kTitle);
  const float top = at.y + kTitleRow * size;
  for (const Block& block : card.blocks) {
    at.y = top;
    for (const KeyLine& line : block.lines) {
      draw_line(list, card, block, line, at, theme);
      at.y = std::round(at.y + kRow * size);
    }
    at.x = std::round(at.x + block.keys + kGap * size + block.help + kBlockGap * size);
  }
  list.AddText(card.font, size * kFootSize,
               {std::round(corner.x + kPadding * size), std::round(end.y - (kPadding + kFootSize) * size)},
               colour(theme.text_muted), kFoot);
  list.AddText(card.font, size * kFootSize,
               {std::round(end.x - kPadding * size - card.text_width(kClose) * kFootSize),
                std::round(end.y - (kPadding + kFootSize) * size)},
               colour(theme.text_muted), kClose);
}

}  // namespace

void draw_help(const Status&, ViewState& view, ActionContext& actions) {
  const auto [width, height] = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin("keys", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground);
  const Theme& theme = *view.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({0, 0}, {width, height}, colour(theme.background_bottom, 0.6f));
  const std::vector<KeyLine> lines = key_lines();
  const Card card = fit(lines, width, height);
  draw_card(list, card, {std::round((width - card.width) / 2), std::round((height - card.height) / 2)},
            theme);
  if (ImGui::InvisibleButton("##close", {width, height})) action("keys").act(actions);
  note_item("keys-card");
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace fl

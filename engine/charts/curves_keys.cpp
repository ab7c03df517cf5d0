#include "engine/charts/curves_keys.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kSampleGap = 7, kKeyGap = 18;
constexpr float kBaseline = 0.7F;     // of a row's height
constexpr float kMostBefore = 0.25F;  // of the width
constexpr float kMostWords = 0.55F;   // of the width, of one key

CurveKeys with_before(const std::vector<CurveName>& names, const std::string& before, const Rect& area,
                      float row, float size, float scale, const Font& font) {
  CurveKeys out;
  const auto width = [&](const std::string& text) {
    return std::ceil(text_width(font, FontWeight::kRegular, text, size));
  };
  const float mark = std::round(kSampleWidth * scale) + std::round(kSampleGap * scale);
  const float gap = std::round(kKeyGap * scale);
  const int rows = std::max(static_cast<int>(area.height / row), 1);
  const auto rest_words = [&](std::size_t first) {
    return first == 0 ? fmt::format("{} curves", names.size())
                      : fmt::format("and {} more", names.size() - first);
  };
  float x = area.x;
  if (!names.empty() && width(before) < kMostBefore * area.width) {
    out.before = before;
    out.before_place = {x, area.y + std::round(kBaseline * row)};
    if (!before.empty()) x += width(before) + gap;
  }
  const float first_x = x;
  int at_row = 0;
  std::vector<std::pair<int, float>> ends;  // of each key: its row, and where it ends
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& [name, value] = names[i];
    const float room = kMostWords * area.width - (value.empty() ? 0 : width(" " + value));
    std::string text = fit_text(font, FontWeight::kRegular, name, size, std::max(room, 1.0F));
    if (!value.empty()) text += " " + value;
    const float wanted = mark + width(text);
    const float begin = at_row == 0 ? first_x : area.x;
    if (x > begin && x + wanted > area.right()) {
      if (at_row + 1 >= rows) break;
      ++at_row;
      x = area.x;
    }
    const float baseline = area.y + std::round((static_cast<float>(at_row) + kBaseline) * row);
    out.keys.push_back({static_cast<std::uint32_t>(i), {x, baseline}, x + mark, text});
    ends.emplace_back(at_row, x + wanted);
    x += wanted + gap;
  }
  out.rows = names.empty() ? 0 : at_row + 1;
  if (out.keys.size() == names.size()) return out;
  // As many give way as it takes to say that there are more.
  while (!out.keys.empty() && ends.back().first == at_row &&
         ends.back().second + gap + width(rest_words(out.keys.size())) > area.right()) {
    out.keys.pop_back();
    ends.pop_back();
  }
  const bool beside = !out.keys.empty() && ends.back().first == at_row;
  out.rest = rest_words(out.keys.size());
  out.rest_place = {beside        ? ends.back().second + gap
                    : at_row == 0 ? first_x
                                  : area.x,
                    area.y + std::round((static_cast<float>(at_row) + kBaseline) * row)};
  return out;
}

}  // namespace

CurveKeys lay_out_keys(const std::vector<CurveName>& names, const std::string& before, const Rect& area,
                       float row, float size, float scale, const Font& font) {
  CurveKeys keys = with_before(names, before, area, row, size, scale, font);
  // The keys themselves say more.
  if (!keys.before.empty() && !keys.rest.empty()) keys = with_before(names, "", area, row, size, scale, font);
  return keys;
}

}  // namespace fl

#include "engine/text/text_layout.h"

#include <algorithm>

namespace fl {

float text_width(const Font& font, FontWeight weight, std::string_view text, float size) {
  return font.line(weight, text)->width * size;
}

std::string fit_text(const Font& font, FontWeight weight, std::string_view text, float size, float width) {
  const auto line = font.line(weight, text);
  if (line->width * size <= width) return std::string(text);
  constexpr std::string_view kEllipsis = "\u2026";
  constexpr float kKerning = 0.5F;  // em: what the cut may make narrower, and then some
  const float ellipsis = font.line(weight, kEllipsis)->width;
  float before = 0;
  for (const LineCluster& cluster : line->clusters) before += cluster.advance;
  for (std::size_t i = line->clusters.size(); i-- > 0;) {
    before -= line->clusters[i].advance;
    if ((before + ellipsis - kKerning) * size > width) continue;
    // No space before the ellipsis.
    std::string_view kept = text.substr(0, line->clusters[i].byte);
    while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
    if (kept.empty()) break;
    std::string candidate = std::string(kept) + std::string(kEllipsis);
    if (text_width(font, weight, candidate, size) <= width) return candidate;
  }
  return {};
}

std::vector<std::string> wrap_text(const Font& font, FontWeight weight, std::string_view text, float size,
                                   float width, std::size_t most) {
  std::vector<std::string> lines;
  while (lines.size() < most) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    if (text.empty()) break;
    std::size_t end = 0;  // of the line so far
    for (std::size_t next = 0; next < text.size();) {
      next = std::min(text.find_first_of(" \n", next + 1), text.size());
      if (end > 0 && text_width(font, weight, text.substr(0, next), size) > width) break;
      end = next;
      if (end < text.size() && text[end] == '\n') break;
    }
    // The last line takes all that is left, and what of it does not fit is cut.
    if (lines.size() + 1 == most) end = text.size();
    std::string line(text.substr(0, end));
    std::replace(line.begin(), line.end(), '\n', ' ');
    lines.push_back(fit_text(font, weight, line, size, width));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace fl

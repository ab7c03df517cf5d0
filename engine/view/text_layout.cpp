#include "engine/view/text_layout.h"

#include <algorithm>

namespace fl {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Length of the sequence that a lead byte announces, and its payload bits; 0 for bytes that cannot lead.
struct Lead {
  int length = 0;
  char32_t bits = 0, least = 0;
};

Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte < 0xE0) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte < 0xF0) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte < 0xF5) return {4, byte & 0x07U, 0x10000};
  return {};
}

bool is_digit(char32_t code) {
  return code >= U'0' && code <= U'9';
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Lead lead = read_lead(static_cast<unsigned char>(text[i]));
    char32_t code = lead.bits;
    int read = 1;
    while (read < lead.length && i + static_cast<std::size_t>(read) < text.size()) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(read)]);
      if ((next & 0xC0U) != 0x80U) break;
      code = code << 6U | (next & 0x3FU);
      ++read;
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (lead.length == 0 || read < lead.length || code < lead.least || surrogate || code > 0x10FFFF) {
      out.push_back(kReplacement);
      ++i;
      continue;
    }
    out.push_back(code);
    i += static_cast<std::size_t>(lead.length);
  }
  return out;
}

float lay_out_line(const Font& font, FontWeight weight, std::string_view text,
                   std::vector<PlacedGlyph>* out) {
  if (out != nullptr) out->clear();
  float pen = 0;
  char32_t previous = 0;
  for (const char32_t code : decode_utf8(text)) {
    const Glyph& glyph = font.glyph(weight, code);
    float advance = glyph.advance;
    float inset = 0;
    if (is_digit(code)) {
      advance = font.digit_advance(weight);
      inset = (advance - glyph.advance) / 2;
    }
    // Digits keep their column: kerning one against its neighbour would move it as the number changes.
    if (previous != 0 && !is_digit(code) && !is_digit(previous)) pen += font.kerning(weight, previous, code);
    if (out != nullptr && glyph.width > 0) out->push_back({&glyph, pen + inset});
    pen += advance;
    previous = code;
  }
  return pen;
}

float text_width(const Font& font, FontWeight weight, std::string_view text, float size) {
  return lay_out_line(font, weight, text, nullptr) * size;
}

std::string fit_text(const Font& font, FontWeight weight, std::string_view text, float size, float width) {
  if (text_width(font, weight, text, size) <= width) return std::string(text);
  constexpr std::string_view kEllipsis = "\u2026";
  std::size_t end = text.size();
  while (end > 0) {
    do {
      --end;
    } while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
    // No space before the ellipsis.
    std::string_view kept = text.substr(0, end);
    while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
    std::string candidate = std::string(kept) + std::string(kEllipsis);
    if (text_width(font, weight, candidate, size) <= width) return kept.empty() ? std::string() : candidate;
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

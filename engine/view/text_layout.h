#pragma once
// From UTF-8 to pen positions: decoding, kerning, digits of one width, cutting to a width. Knows no device,
// so that passes can measure what they are about to label and tests can check it.

#include <string>
#include <string_view>
#include <vector>

#include "engine/view/font.h"

namespace fl {

// Each malformed byte becomes U+FFFD, which the font shows as a box: a bad class name stays visible.
[[nodiscard]] std::u32string decode_utf8(std::string_view text);

struct PlacedGlyph {
  const Glyph* glyph = nullptr;
  float pen = 0;  // em, along the baseline from the start of the text
};

// One line of text. Every digit takes the widest one's advance, so that a number does not jitter as it
// counts. Returns the advance of the whole line in em; `out`, where given, is cleared and filled.
float lay_out_line(const Font& font, FontWeight weight, std::string_view text, std::vector<PlacedGlyph>* out);

// Width in pixels of one line at a size in pixels.
[[nodiscard]] float text_width(const Font& font, FontWeight weight, std::string_view text, float size);

// The text, or as much of its beginning as fits `width` pixels with an ellipsis; never cuts a character in
// two. Empty where not even the ellipsis fits.
[[nodiscard]] std::string fit_text(const Font& font, FontWeight weight, std::string_view text, float size,
                                   float width);

// The text in lines of at most `width` pixels, broken at spaces; what does not fit `most` lines is cut as
// fit_text does. A word wider than a line is cut too.
[[nodiscard]] std::vector<std::string> wrap_text(const Font& font, FontWeight weight, std::string_view text,
                                                 float size, float width, std::size_t most);

}  // namespace fl

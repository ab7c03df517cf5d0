#pragma once
// Measuring and cutting text, for passes that label and for tests. Knows no device. All of it goes by
// Font::line, so that what is measured is what is drawn.

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/font.h"

namespace fl {

// Width in pixels of one line at a size in pixels.
[[nodiscard]] float text_width(const Font& font, FontWeight weight, std::string_view text, float size);

// The text, or as much of its beginning as fits `width` pixels with an ellipsis; cuts between
// clusters: never an accent off its letter, never a joined group in two. Empty where not even the ellipsis
// fits.
[[nodiscard]] std::string fit_text(const Font& font, FontWeight weight, std::string_view text, float size,
                                   float width);

// The text in lines of at most `width` pixels, broken at spaces; what does not fit `most` lines is cut as
// fit_text does. A word wider than a line is cut too.
[[nodiscard]] std::vector<std::string> wrap_text(const Font& font, FontWeight weight, std::string_view text,
                                                 float size, float width, std::size_t most);

}  // namespace fl

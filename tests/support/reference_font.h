#pragma once

namespace fl::testing {

// Whether words are written in the typeface of the reference pictures. In another version of it they are no
// mistake, but no picture to compare with either.
[[nodiscard]] bool has_reference_font();

}  // namespace fl::testing

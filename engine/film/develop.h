#pragma once
// What happens to pictures between drawing and saving.

#include "engine/film/picture.h"

namespace fl {

// The average of every `factor` x `factor` pixels. Precondition: both sides are multiples of it.
[[nodiscard]] Picture shrink(const Picture& picture, std::uint32_t factor);

// The same scene over black and over white, of one size: what neither ground shows through is opaque. The
// result has straight alpha: colour * alpha + ground * (1 - alpha) is the scene over that ground, to within
// rounding (Smith and Blinn 1996, "Blue screen matting").
[[nodiscard]] Picture cut_out(const Picture& over_black, const Picture& over_white);

}  // namespace fl

#pragma once
// The colours of the stage. All are sRGB as they appear on screen: shaders write sRGB-encoded colour into
// UNORM images, so what stands here is what a projector shows.

#include "shaders/shared/view.h"

namespace fl {

using shared::Theme;

const Theme& dark_theme();   // a calm dark stage: the default
const Theme& light_theme();  // for bright rooms
// The theme over a surface in reds and oranges, in which the descent's own would be lost: it is a pale blue
// there.
Theme over_warm_colors(const Theme& theme);

}  // namespace fl

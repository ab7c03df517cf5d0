#pragma once
// Whether an image has colour that a network should see. Photographs have; a slice of grey has none even where JPEG,
// a scanner or a colour profile has left its pixels a little coloured.

#include "trainer/data/images/image.h"

namespace fl {

// True where a few pixels side by side are clearly coloured, as a mark painted into a grey image is, or where a part of
// the image is faintly coloured throughout, as a dim room is. Both are measured on means over squares of pixels, because
// noise has every hue and cancels out, and colour does not. Only the middle square counts, which is all that a network
// sees (preprocess.h).
bool is_coloured(const Bitmap& image);

}  // namespace fl

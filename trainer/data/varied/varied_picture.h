#pragma once
// From a varied head's Hounsfield units to a picture as people hand them around: some window and gamma, blood
// (and whatever else measures like it) in some reds or not, letters and rulers burnt in, blur, noise, and
// JPEG's artefacts.

#include <cstdint>

#include "trainer/data/images/image.h"
#include "trainer/data/window.h"

namespace fl {

struct VariedPicture {
  Bitmap image;           // as large as the slice, three channels
  bool mirrored = false;  // left to right
};

// Picture `number` of a slice: the same arguments give the same bytes.
VariedPicture draw_varied_picture(const HuView& slice, std::uint64_t seed, std::uint32_t number);

}  // namespace fl

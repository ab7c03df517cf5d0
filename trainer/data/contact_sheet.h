#pragma once
// What the network sees, for a person to look at: one image again as 8-bit pixels, and many on one sheet.

#include "trainer/data/dataset.h"
#include "trainer/data/images/image.h"

namespace fl {

// What it is called beside the class folders that "fallline data" writes.
inline constexpr const char* kContactSheetFile = "sheet.png";

// Image `index` with the very pixels that the network gets (before standardisation), rounded to 8 bits.
Bitmap image_of(const Dataset& data, std::size_t index);

// The first images of every class side by side, class under class, parted by a bright line. As many as keep
// the sheet near 1000 pixels wide and within what a PNG may hold, and no more than `per_class`.
Bitmap contact_sheet(const Dataset& data, std::size_t per_class = 96);

}  // namespace fl

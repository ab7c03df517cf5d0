#pragma once
// Which way up an image is to be shown. Cameras store the sensor's rows as they come and note in the Exif data how the
// camera was held; viewers and browsers turn the image by that note, and so does every image that is read here.

#include <cstddef>
#include <span>

#include "trainer/data/images/image.h"

namespace fl {

// The orientation, 1 to 8, that a block of Exif data notes (CIPA DC-008, tag 0x0112 of the first directory), with or
// without the "Exif" prefix of a JPEG; 1, which is upright, where it notes none or is damaged.
int exif_orientation(std::span<const std::byte> exif);

// The image as `orientation` wants it shown. Precondition: orientation is 1 to 8.
Bitmap upright(Bitmap image, int orientation);

}  // namespace fl

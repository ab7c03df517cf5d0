#pragma once
// An image as its source has it, before anything is done to it: for whoever looks at it through another
// window, makes its pixels once more, or saves it.

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/images/image.h"
#include "trainer/data/window.h"

namespace fl {

struct DataSpec;

struct ImageFile {
  std::string name;  // what errors call it
  std::vector<std::byte> bytes;
};
// A slice is made anew, to the bit.
using Original = std::variant<ImageFile, HuSlice>;
using DecodedOriginal = std::variant<Bitmap, HuSlice>;

// Errors: as decode_image.
Result<DecodedOriginal> decode(Original original);

// Through the window of `spec` where it has Hounsfield units, and with the colour range of `spec` painted
// red, where it has one.
Bitmap picture_of(const DecodedOriginal& image, const DataSpec& spec);

// The pixels that load_dataset makes of it with `spec`, before standardisation. Preconditions: the channels
// of `spec` are decided; out.size() is that of an image of it. Errors: as decode_image.
Result<void> input_of(Original original, const DataSpec& spec, std::span<float> out);

}  // namespace fl

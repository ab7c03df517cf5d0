#include "trainer/data/original.h"

#include <utility>

#include "trainer/base/overloaded.h"
#include "trainer/data/preprocess.h"

namespace fl {

Result<DecodedOriginal> decode(Original original) {
  if (auto* slice = std::get_if<HuSlice>(&original)) return DecodedOriginal(std::move(*slice));
  const auto& file = std::get<ImageFile>(original);
  FL_TRY_LET(image, decode_image(file.bytes, file.name));
  return DecodedOriginal(*std::move(image));
}

Bitmap picture_of(const DecodedOriginal& image, const DataSpec& spec) {
  return std::visit(Overloaded{[&](const HuSlice& slice) { return picture_of(HuView(slice), spec); },
                               [&](const Bitmap& bitmap) { return paint(bitmap, spec); }},
                    image);
}

Result<void> input_of(Original original, const DataSpec& spec, std::span<float> out) {
  FL_TRY_LET(image, decode(std::move(original)));
  preprocess(picture_of(*image, spec), spec.shape(), out);
  return {};
}

}  // namespace fl

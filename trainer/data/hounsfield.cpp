#include "trainer/data/hounsfield.h"

#include "trainer/data/dataset.h"
#include "trainer/data/preprocess.h"

namespace fl {

Bitmap picture_of(const HuView& slice, const DataSpec& spec) {
  return spec.colour_range ? apply_window(slice, spec.window, *spec.colour_range)
                           : apply_window(slice, spec.window);
}

void hounsfield_input(const HuView& slice, const DataSpec& spec, std::span<float> out) {
  preprocess(picture_of(slice, spec), spec.shape(), out);
}

}  // namespace fl

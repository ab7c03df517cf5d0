#include "trainer/backbone/transfer.h"

#include "trainer/backbone/tm_export.h"

namespace fl {

DataSpec for_backbone(DataSpec spec) {
  spec.image_size = kTmImageSize;
  spec.channels = 3;
  spec.standardise = false;
  return spec;
}

}  // namespace fl

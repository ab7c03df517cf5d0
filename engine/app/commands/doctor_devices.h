#pragma once
// fallline doctor, the engine's part: typefaces, Vulkan, and on which device pictures are drawn.

#include "trainer/base/result.h"

namespace fl {

// Prints to stdout. Errors: no picture can be drawn here.
Result<void> say_devices();

}  // namespace fl

#pragma once
// The network that [network] backbone of a scene names.

#include <string>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/result.h"

namespace fl {

// What the program's own is called, beside the program.
inline constexpr const char* kBackboneFile = "backbone.safetensors";

// "phantom": the program's own; a file of "fallline backbone"; or what Teachable Machine exported. Errors: as
// read_phantom_backbone and read_tm_export; there is none beside the program.
Result<KnownNetwork> open_backbone(const std::string& backbone);

}  // namespace fl

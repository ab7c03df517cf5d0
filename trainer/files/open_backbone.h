#pragma once
// The network that [network] backbone of a scene names.

#include <string>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

// What the program's own is called, beside the program.
inline constexpr const char* kBackboneFile = "backbone.safetensors";

// "phantom": the program's own; a file of "fallline backbone"; or a model that Teachable Machine or "fallline
// export" has saved. Errors: as
// read_phantom_backbone and read_tm_export; there is none beside the program.
Result<KnownNetwork> open_backbone(const std::string& backbone);

// Images as large as an export's backbone reads them; and its numbers standardised where they come from
// several layers, so differ in size, and a new head is to learn from them. Of any other backbone the scene
// has said so. One that cannot be read changes nothing: open_backbone says why.
void suit_export(RunSpec& spec);

}  // namespace fl

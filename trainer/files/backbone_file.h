#pragma once
// The file of a backbone that "fallline backbone" trained: its parameters and statistics by name, and in its
// metadata how it came about. A training that was interrupted is such a file with what it needs to go on.

#include <filesystem>
#include <map>
#include <string>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/files/safetensors.h"

namespace fl {

inline constexpr const char* kBackboneFormat = "fall-line-backbone";
inline constexpr const char* kBackboneVersion = "1";

struct PhantomBackbone {
  KnownNetwork network;                      // phantom_backbone(): its outputs are the features
  std::map<std::string, std::string> facts;  // the file's metadata: seed, recipe, figures
};

// Errors: cannot be read, damaged, a file of another kind, a training that has not ended.
Result<PhantomBackbone> read_phantom_backbone(const std::filesystem::path& path);

}  // namespace fl

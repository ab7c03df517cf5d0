#pragma once
// Where the cells of a map that is trained here are kept.

#include <memory>

#include "engine/app/held_folder.h"

namespace fl {

class KeptMap;

struct CellPlace {
  HeldFolder folder{};                // with the sweep's plan; null: in no folder
  std::shared_ptr<KeptMap> window{};  // in no folder: until the window closes; null: with the map they go
};

}  // namespace fl

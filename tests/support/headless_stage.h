#pragma once
// A stage on the software rasteriser under the validation layer, for tests that draw. Pictures are compared
// bit by bit, so only that one device will do.

#include <memory>
#include <optional>
#include <string>

#include "engine/bridge/host_ring.h"
#include "engine/film/capture.h"
#include "tests/support/headless_device.h"

namespace fl::testing {

struct HeadlessStage {
  std::unique_ptr<HeadlessDevice> headless;
  const Instance* instance = nullptr;  // its parts
  Device* device = nullptr;
  std::optional<Font> font;
  std::optional<Stage> stage;

  // A reason to skip, or null. Made once, kept for the process.
  static HeadlessStage* get(std::string& reason);
};

}  // namespace fl::testing

#pragma once
// A stage on the software rasteriser under the validation layer, for tests that draw. Pictures are compared
// bit by bit, so only that one device will do.

#include <memory>
#include <optional>
#include <string>

#include "engine/bridge/host_ring.h"
#include "engine/capture/capture.h"

namespace fl::testing {

// Must run before the first instance of the process: the layer reads the environment when it is loaded.
void want_validation();

struct HeadlessStage {
  std::optional<Instance> instance;
  std::unique_ptr<Device> device;
  std::optional<Font> font;
  std::optional<Stage> stage;

  // A reason to skip, or null. Made once, kept for the process.
  static HeadlessStage* get(std::string& reason);
};

}  // namespace fl::testing

#pragma once
// fallline [SCENE]: the window. Training runs on its own thread; this one turns input into commands and the
// newest frame of the ring into a picture.

#include "engine/app/window_options.h"
#include "trainer/base/result.h"

namespace fl {

// Returns when the window is closed. Errors: no display, no device, a scene that does not open.
Result<void> run_window(const WindowOptions& options);

}  // namespace fl

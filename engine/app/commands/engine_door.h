#pragma once
// The door to what draws. Whatever needs Vulkan, GLFW, X or a typeface is a shared object of its own, loaded
// when a picture is wanted: a machine without those libraries trains all the same, and a command that draws
// nothing does not wait for them.
//
// The trainer's libraries are linked into both sides, and each side keeps its copy to itself, as the CUDA
// module does: then the program's own copy is called directly, and the engine can be built and tested without
// the program. So that there are never two of anything that counts (has an interrupt come, where the log
// goes), a function here is a whole command or a whole part of one: what it catches, logs and remembers stays
// on its side from its first line to its last. The process itself is shared: streams, environment, signals.
// Over the door go options, a Result, and exceptions that a std::exception& catches. Both sides are built
// together; `version` makes sure of it.

#include <cstddef>

#include "engine/app/commands/render_options.h"
#include "engine/app/window_options.h"
#include "trainer/base/result.h"

namespace fl {

struct Engine {
  const char* version;
  Result<void> (*window)(const WindowOptions& options);
  Result<void> (*render)(const RenderOptions& options);
  // What `fallline doctor` says of typefaces and of the devices that draw.
  Result<void> (*doctor)();
  // How many messages the Vulkan validation layer had so far.
  std::size_t (*validation_messages)();
};

inline constexpr const char* kEngineFile = "libfallline_engine.so";
inline constexpr const char* kEngineSymbol = "fallline_engine";

}  // namespace fl

#pragma once
// The interface of the engine, the shared object that draws. All code that needs Vulkan, GLFW, X or a
// typeface is in it. The program loads it when a picture is wanted, so that training works on a machine
// without those libraries, and starts without waiting for them.
//
// Both sides link the trainer's libraries statically and hide the symbols, so there are two copies of their
// global state (the interrupt flag, the place of the log). Therefore each function here runs a whole command,
// or a self-contained part of one: it never needs the state of the other side. Streams, environment and
// signals belong to the process and are shared. Options and Results cross the interface; exceptions must be
// caught as std::exception&. Both sides come from one build, which `version` checks.

#include <cstddef>

#include "engine/app/commands/figure/contour_map.h"
#include "engine/app/commands/figure/figure_command.h"
#include "engine/app/commands/landscape/landscape_command.h"
#include "engine/app/commands/render_options.h"
#include "engine/app/commands/sweep/sweep_picture.h"
#include "engine/app/window_options.h"
#include "trainer/base/result.h"

namespace fl {

struct Engine {
  const char* version;
  Result<void> (*window)(const WindowOptions& options);
  Result<void> (*render)(const RenderOptions& options);
  // Of a picture.
  Result<void> (*landscape)(const LandscapeOptions& options);
  // Of a sweep that has been trained.
  Result<void> (*sweep)(const SweepPictureOptions& options);
  // Of a run that was saved.
  Result<void> (*figure)(const FigureOptions& options);
  Result<void> (*contours)(const ContourMap& map, const std::filesystem::path& out);
  // What `fallline doctor` says of typefaces and of the devices that draw.
  Result<void> (*doctor)();
  // How many messages the Vulkan validation layer had so far.
  std::size_t (*validation_messages)();
  // interrupt_code() of what was done here.
  int (*interrupt_code)();
};

inline constexpr const char* kEngineFile = "libfallline_engine.so";
inline constexpr const char* kEngineSymbol = "fallline_engine";

}  // namespace fl

#pragma once
// Loads the engine: the program's side of engine_door.h.

#include "engine/app/commands/engine_door.h"

namespace fl {

// Loads the engine, once; it stays until the program ends. Error: what it lacks here, and what to install.
Result<const Engine*> load_engine();

// Of the engine; 0 where it was never loaded.
std::size_t validation_messages();
// interrupt_code() of program and engine.
int interrupt_code_of_both();

}  // namespace fl

#pragma once
// How `fallline doctor` writes, on both sides of the door (engine/app/commands/engine_door.h).

#include <string>

#include <fmt/format.h>

namespace fl {

// One line on standard output. `what` is a heading of at most eleven letters, empty under the same one.
inline void say(const char* what, const std::string& value) {
  fmt::print("{:<12}{}\n", what, value);
}

}  // namespace fl

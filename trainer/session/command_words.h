#pragma once
// Commands as a person writes them into a scene: "rate 0.1", "optimizer adam", "start 1, -1".

#include <string>

#include "trainer/base/result.h"
#include "trainer/subjects/command.h"

namespace fl {

// The name and the value of session files, with a blank between them. Errors, without the place: no such
// command, or not its value; one that says how fast it goes, which is not said this way; one that needs what
// words cannot give.
[[nodiscard]] Result<Command> command_in_words(const std::string& words);

}  // namespace fl

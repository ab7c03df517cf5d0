#pragma once
// Commands in session files: {"command": "rate", "value": 0.02}.

#include "trainer/base/json.h"
#include "trainer/base/result.h"
#include "trainer/subjects/command.h"

namespace fl {

// "command", and "value" where the command has one.
[[nodiscard]] Json::Object command_members(const Command& command);
// Of an object with a member "command". Errors, without the place: what is not a command, or not its value.
[[nodiscard]] Result<Command> command_of(const Json& object);

}  // namespace fl

#pragma once
// Where the window says a message: in its bar, or, where there is no bar or the bar's font cannot write it,
// on the stage, which writes every script.

#include <string>

namespace fl {

// Precondition: an ImGuiLayer, whose font decides.
[[nodiscard]] bool said_on_stage(const std::string& message, bool presenter);

}  // namespace fl

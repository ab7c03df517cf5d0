#pragma once
// Where the window puts films and pictures of its lesson.

#include <filesystem>
#include <span>
#include <string>

#include "engine/app/commands/inputs.h"

namespace fl {

// `name`, or with the first number behind it that makes it the name of nothing, and of none of `taken`: where
// the program was started, or, where nothing can be written there or it is among the lesson's images, in the
// user's home. Error: neither will do.
Result<std::filesystem::path> result_place(const Inputs& inputs, const std::string& name,
                                           std::span<const std::filesystem::path> taken = {});

}  // namespace fl

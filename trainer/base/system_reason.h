#pragma once
// What the system says when it refuses, in words for a sentence.

#include <string>

namespace fl {

// Of an errno: "the disk is full".
std::string system_reason(int code);

}  // namespace fl

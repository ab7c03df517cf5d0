#pragma once
// What an exception is to a person: a library's words are for whoever calls it.

#include <exception>
#include <string>

namespace fl {

// One sentence without its full stop: what is wrong and what to do. Of exceptions of ours, and of those that nobody
// has words for, what they say themselves.
std::string failure_text(const std::exception& failure);

}  // namespace fl

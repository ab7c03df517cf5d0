#pragma once
// What is wrong with a line that a TOML parser refuses, in the words of somebody who writes a scene by hand: the
// parser speaks of scalars and sequences.

#include <string>
#include <string_view>

namespace fl {

// What the line does wrong and how to write it, without a full stop; empty where it is none of the common slips.
// `text`: the whole of what was parsed. `line`: from 1. `description`: what the parser said.
std::string toml_slip(std::string_view text, std::size_t line, std::string_view description);

}  // namespace fl

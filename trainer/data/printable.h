#pragma once
// Names that come from files end up in terminals, logs and windows. Control characters in them could move
// a cursor or hide text, so they are replaced where the name enters the program.

#include <string>
#include <string_view>

namespace fl {

// `text` with control characters replaced by '?', and shortened to `max_bytes` with an ellipsis. UTF-8
// sequences stay whole.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace fl

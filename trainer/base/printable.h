#pragma once
// Names that come from files end up in terminals, logs and windows. Control characters in them could move
// a cursor or hide text, so they are replaced where the name enters the program, and once more by the log.

#include <string>
#include <string_view>

namespace fl {

// `text` with '?' for every control character (C0, DEL and the C1 of eight-bit terminals) and every byte that
// is not UTF-8, and shortened to `max_bytes` with an ellipsis. UTF-8 sequences stay whole.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace fl

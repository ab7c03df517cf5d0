#pragma once
// Names that come from files end up in terminals, logs and windows. Control characters in them could move
// a cursor or hide text, and so could characters that turn the direction of writing or have no width: all of them
// are replaced where the name enters the program, and once more by the log.

#include <string>
#include <string_view>

namespace fl {

// `text` with '?' for every control character (C0, DEL and the C1 of eight-bit terminals), every character that
// steers the direction of writing, breaks the line or cannot be seen, and every byte that is not UTF-8, and
// shortened to `max_bytes` with an ellipsis. UTF-8 sequences stay whole. Joiners stay where scripts need them:
// between two characters beyond Latin, Greek and Cyrillic, as in Persian, Indic names and emoji (Unicode Technical
// Standard 39, 3.1.1 "Joining controls"); so do the tags that make a black flag a country's.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace fl

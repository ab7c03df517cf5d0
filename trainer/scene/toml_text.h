#pragma once
// The one place where text becomes TOML. A scene may come from anywhere, from the metadata of a weights file
// too, and the library reads, copies and frees nested tables by recursion: deep nesting would overflow the
// stack. Its own limit counts brackets, not the dots of "a.b.c", so the text is looked through first.

#include <cstddef>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "trainer/base/result.h"

namespace fl {

inline constexpr std::size_t kMaxTomlBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxTomlDots = 16;      // in one key or header
inline constexpr std::size_t kMaxTomlBrackets = 32;  // open at once, [ and { together

// `where` begins the sentence: "x.toml" gives "x.toml, line 3: ...". Errors: longer or nested deeper than
// these bounds, a character outside quotes that TOML does not have there, and whatever else is not TOML.
Result<toml::table> parse_toml(std::string_view text, const std::string& where);

}  // namespace fl

#pragma once
// Changes in the text of a scene that somebody wrote by hand: the lines that are changed are other ones,
// every other byte stays, comments and order included. The parser says where things stand, and afterwards
// whether the text says just what it is to say; where it does not, nothing is changed.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "trainer/base/result.h"

namespace fl {

// One of the tables that are written under [[list]], counted from 0.
struct TomlEntry {
  std::string list;
  std::size_t index = 0;
};

// All return the whole new text. Errors, one sentence each: there is no such entry, it is written in another
// way than under [[list]], or the change cannot be made without touching what it is not of.

// `value`, as TOML, in place of what the key has; a key that is not there gets a line of its own.
Result<std::string> with_value(std::string_view text, const TomlEntry& entry, const std::string& key,
                               const std::string& value);
// A key that is not there is no error.
Result<std::string> without_key(std::string_view text, const TomlEntry& entry, const std::string& key);
// The entry with all that stands in it, and the empty line that parted it from what is around it.
Result<std::string> without_entry(std::string_view text, const TomlEntry& entry);
// Another entry behind that one, or before all others where there is none. `lines`: its keys, each with its
// line end.
Result<std::string> with_entry(std::string_view text, const std::string& list,
                               std::optional<std::size_t> behind, const std::string& lines);

}  // namespace fl

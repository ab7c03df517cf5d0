#pragma once
// What a session's thread did to its subject between two moments. How much landscape work fits between two
// steps is a matter of the clock, so a session that is to be repeated to the byte keeps it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fl {

// Landscape points that one call of Subject::work does at most; some milliseconds on two cores. Part of the
// format of session files: another number would evaluate them in other groups.
inline constexpr std::size_t kTracePoints = 2;

struct Deed {
  enum class Kind { kSteps, kWork, kCatchUp };
  Kind kind = Kind::kSteps;
  std::int64_t count = 1;  // steps; calls of work; 1

  bool operator==(const Deed&) const = default;
};

// In order; two of one kind never follow each other.
using Trace = std::vector<Deed>;

void add_deed(Trace& trace, Deed deed);

// "s4 w2 c": four steps, two calls of work, one catch-up.
[[nodiscard]] std::string trace_text(const Trace& trace);
// Nothing where the text is no such list.
[[nodiscard]] std::optional<Trace> parse_trace(std::string_view text);

}  // namespace fl

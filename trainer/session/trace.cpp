#include "trainer/session/trace.h"

#include <charconv>

#include <fmt/format.h>

namespace fl {
namespace {

constexpr std::string_view kLetters = "swc";        // in the order of Deed::Kind
constexpr std::int64_t kMostDeeds = 1'000'000'000;  // between two marks

}  // namespace

void add_deed(Trace& trace, Deed deed) {
  if (!trace.empty() && trace.back().kind == deed.kind)
    trace.back().count += deed.count;
  else
    trace.push_back(deed);
}

std::string trace_text(const Trace& trace) {
  std::string text;
  for (const Deed& deed : trace) {
    if (!text.empty()) text += ' ';
    text += kLetters[static_cast<std::size_t>(deed.kind)];
    if (deed.kind != Deed::Kind::kCatchUp || deed.count > 1) text += fmt::format("{}", deed.count);
  }
  return text;
}

std::optional<Trace> parse_trace(std::string_view text) {
  Trace trace;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::size_t kind = word.empty() ? std::string_view::npos : kLetters.find(word.front());
    if (kind == std::string_view::npos) return std::nullopt;
    Deed deed{static_cast<Deed::Kind>(kind), 1};
    const std::string_view digits = word.substr(1);
    if (deed.kind != Deed::Kind::kCatchUp || !digits.empty()) {
      const char* end = digits.data() + digits.size();
      const auto [at, failed] = std::from_chars(digits.data(), end, deed.count);
      if (failed != std::errc{} || at != end || deed.count < 1 || deed.count > kMostDeeds)
        return std::nullopt;
    }
    if (!trace.empty() && trace.back().kind == deed.kind) return std::nullopt;
    trace.push_back(deed);
  }
  return trace;
}

}  // namespace fl

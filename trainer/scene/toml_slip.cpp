#include "trainer/scene/toml_slip.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kShown = 60;  // bytes of what the line says

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == kNone) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view line_in(std::string_view text, std::size_t line) {
  for (; line > 1; --line) {
    const auto end = text.find('\n');
    if (end == kNone) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// A line taken apart as far as quotes go.
struct Quotes {
  std::string bare;              // the line without what stands in quotes, nor a comment
  bool escape = false;           // a backslash in double quotes that begins no escape
  bool open = false;             // a text without its closing quote
};

bool is_escape(std::string_view after) {
  if (after.empty()) return false;
  const std::size_t digits = after[0] == 'u' ? 4 : after[0] == 'U' ? 8 : 0;
  if (digits == 0) return std::string_view("btnfr\"\\").find(after[0]) != kNone;
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  return after.size() > digits && after.substr(1, digits).find_first_not_of(kHex) == kNone;
}

Quotes look_at_quotes(std::string_view line) {
  Quotes found;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0) {
      if (c == '#') return found;
      found.bare += c;
      if (c == '"' || c == '\'') quote = c;
    } else if (c == quote) {
      found.bare += c;
      quote = 0;
    } else if (c == '\\' && quote == '"') {
      found.escape = found.escape || !is_escape(line.substr(i + 1));
      ++i;
    }
  }
  found.open = quote != 0;
  return found;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(words, lower) != words.end();
}

std::string slip_of_value(std::string_view key, std::string_view value) {
  const auto shown = [&](std::string_view text) { return printable(text, kShown); };
  if (value.empty()) return fmt::format("{} has no value; write one after the equals sign", shown(key));
  if (is_one_of(value, {"true", "false", "yes", "no"}))
    return fmt::format("write true or false, in small letters and without quotes, not {}", shown(value));
  if (is_one_of(value, {"none", "null", "nil", "nan", "auto"}) && value != "nan")
    return fmt::format("{} cannot stand here; leave the key out, or put text in quotes", shown(value));
  const auto other = std::ranges::find_if_not(value, [](char c) { return is_digit(c); });
  const bool digits = other != value.begin();
  if (digits && other != value.end() && *other == ',')
    return fmt::format("write {} with a decimal point, not a comma", shown(value));
  if (value.ends_with('%')) return fmt::format("write {} as a share, for example 0.15 for 15 %", shown(value));
  if (value.front() == '.' && value.size() > 1 && is_digit(value[1])) return fmt::format("write 0{}", shown(value));
  if (digits && value.ends_with('.')) return fmt::format("write {}0", shown(value));
  const char first = value.front();
  if (is_letter(first) || first == '/' || first == '~' || first == '.' || first == '\\')
    return fmt::format("text needs quotes; write {} = '{}'", shown(key), shown(value));
  if (first == '"' || first == '\'') return "only a comment with # may follow the closing quote";
  if (digits) return fmt::format("{} is not a number; put it in quotes if it is text", shown(value));
  return "";
}

bool is_bare_key(std::string_view key) {
  return std::ranges::all_of(
      key, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '"' || c == '\''; });
}

}  // namespace

std::string toml_slip(std::string_view text, std::size_t line, std::string_view description) {
  const std::string_view whole = trimmed(line_in(text, line));
  const Quotes quotes = look_at_quotes(whole);
  const std::string_view bare = trimmed(quotes.bare);
  if (quotes.escape)
    return "a backslash in double quotes begins a special character; write paths in single quotes or with /";
  if (quotes.open) return "the text has no closing quote";
  for (const char* sign : {"redefin", "duplicat", "already", "existing"})
    if (description.find(sign) != kNone)
      return fmt::format("{} appears a second time here; keep only one", printable(trimmed(bare.substr(0, bare.find('='))), kShown));
  if (bare.starts_with("//") || bare.starts_with(";") || bare.starts_with("--") || bare.starts_with("%"))
    return "a comment begins with #";
  if (bare.starts_with('[') && bare.find('=') == kNone)
    return bare.find(']') == kNone ? "the name of the table has no closing bracket, ]" : "";
  const auto equals = bare.find('='), colon = bare.find(':');
  if (colon != kNone && (equals == kNone || colon < equals)) return "write key = value, with an equals sign, not a colon";
  if (equals == kNone) return "write key = value, or [table] above the keys of a table";
  const std::string_view key = trimmed(bare.substr(0, equals));
  if (key.empty()) return "there is no key before the equals sign";
  if (!is_bare_key(key)) return fmt::format("the key {} is not one word; join words with _", printable(key, kShown));
  const std::string_view value = trimmed(bare.substr(equals + 1));
  if (value.starts_with('=')) return "write one equals sign";
  if (value.starts_with('[') || value.starts_with('{'))
    return "write a list in [ ], with commas between its values and quotes around text";
  return slip_of_value(key, value);
}

}  // namespace fl

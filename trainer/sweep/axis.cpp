#include "trainer/sweep/axis.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr const char* kHow =
    "write KEY=LOW..HIGH, KEY=LOW..HIGH:log:COUNT or KEY=ONE,TWO,THREE, for example train.rate=1e-5..1:log:16";
constexpr double kAllOfThem = 64;  // whole numbers, where no count is given

template <typename T>
std::optional<T> number_in(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end) return std::nullopt;
  return value;
}

// At the commas that stand in no list and no text.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0)
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    if (c == ',' && depth == 0 && quote == 0)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& part : parts) {
    part.erase(0, std::min(part.find_first_not_of(' '), part.size()));
    part.erase(part.find_last_not_of(' ') + 1);
  }
  return parts;
}

bool takes_whole_numbers(const std::string& key, const std::vector<TableText>& tables) {
  if (key == kStartAxis) return true;
  for (const TableText& table : tables)
    for (const KeyText& row : table.keys) {
      // "[train] augment" holds train.augment.flip.
      std::string place = table.title;
      std::erase(place, '[');
      std::erase(place, ']');
      std::ranges::replace(place, ' ', '.');
      if (key == (place.empty() ? row.name : place + "." + row.name)) return row.kind == "whole number";
    }
  return false;
}

// Each training would be the same with any other value.
bool changes_training(const std::string& key) {
  return key == kStartAxis || key.starts_with("data.") || key.starts_with("network.") ||
         key.starts_with("train.");
}

struct Range {
  double low = 0, high = 0;
  bool log = false;
  std::size_t count = 0;  // 0: it says none
};

// Nothing where it is none.
std::optional<Range> read_ends(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos || text.substr(dots).starts_with("...")) return std::nullopt;
  const auto low = number_in<double>(text.substr(0, dots));
  const auto high = number_in<double>(text.substr(dots + 2));
  if (!low || !high) return std::nullopt;
  return Range{.low = *low, .high = *high};
}

// `said`: option and text, for errors; the same below.
Result<void> read_rest(std::string_view rest, const std::string& said, Range& range) {
  while (!rest.empty()) {
    const auto end = rest.find(':');
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (part == "log") {
      range.log = true;
    } else if (const auto count = number_in<std::size_t>(part);
               count && *count >= 2 && *count <= kMostOnAxis) {
      range.count = *count;
    } else {
      return error("{}: \"{}\" is neither log nor a count from 2 to {}; {}.", said,
                   printable(std::string(part)), kMostOnAxis, kHow);
    }
  }
  return {};
}

Result<void> check_range(const Range& range, const std::string& said) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high))
    return error("{}: the ends of a range must be finite numbers; {}.", said, kHow);
  if (range.low >= range.high)
    return error("{}: the range is empty, because {} is not below {}; put the smaller number first.", said,
                 range.low, range.high);
  if (range.log && range.low <= 0) return error("{}: a range in log steps must begin above 0.", said);
  return {};
}

std::vector<std::string> values_of(Range range, bool whole) {
  if (range.count == 0) {
    const double all = std::floor(range.high) - std::ceil(range.low) + 1;
    range.count =
        whole && !range.log && all >= 2 && all <= kAllOfThem ? static_cast<std::size_t>(all) : kUsualOnAxis;
  }
  std::vector<std::string> values;
  for (std::size_t i = 0; i < range.count; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(range.count - 1);
    double value =
        range.log ? range.low * std::pow(range.high / range.low, t) : std::lerp(range.low, range.high, t);
    if (whole) value = std::round(value);
    // Digits beyond those are nobody's wish, and rounding noise would get into names and pictures.
    std::string text = whole ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value);
    if (values.empty() || values.back() != text) values.push_back(std::move(text));
  }
  return values;
}

}  // namespace

Result<Axis> parse_axis(const std::string& text, const std::vector<TableText>& tables,
                        const std::string& option) {
  const std::string called = fmt::format("{} {}", option, printable(text));
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return error("{} has no key or no values; {}.", called, kHow);
  Axis axis{.key = text.substr(0, equals), .values = {}};
  if (!changes_training(axis.key))
    return error(
        "{}: {} is no key of [data], [network] or [train], and no other one changes a training, but for start; "
        "{}.",
        called, printable(axis.key), kHow);
  const std::string_view said = std::string_view(text).substr(equals + 1);
  const auto colon = std::min(said.find(':'), said.size());
  if (auto range = read_ends(said.substr(0, colon))) {
    if (colon < said.size()) FL_TRY(read_rest(said.substr(colon + 1), called, *range));
    FL_TRY(check_range(*range, called));
    axis.values = values_of(*range, takes_whole_numbers(axis.key, tables));
    axis.log = range->log;
  } else {
    axis.values = split_list(said);
  }
  if (axis.values.size() < 2) return error("{} has one value only, so nothing varies; {}.", called, kHow);
  if (axis.values.size() > kMostOnAxis)
    return error("{} {} has {} values; at most {} can be swept.", option, printable(axis.key),
                 axis.values.size(), kMostOnAxis);
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    if (axis.values[i].empty()) return error("{}: a value is missing; {}.", called, kHow);
    if (std::find(axis.values.begin(), axis.values.begin() + static_cast<std::ptrdiff_t>(i),
                  axis.values[i]) != axis.values.begin() + static_cast<std::ptrdiff_t>(i))
      return error("{}: {} appears twice; remove one.", called, printable(axis.values[i]));
  }
  return axis;
}

}  // namespace fl

#include "engine/pass/ticks.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace fl {
namespace {

// Smallest of 1, 2, 5 times a power of ten that is at least `rough`.
double round_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  // The slack keeps 0.2 / 0.1 = 2.0000000000000004 from becoming a 5.
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string superscript(int number) {
  constexpr std::string_view kDigits[] = {"\u2070", "\u00B9", "\u00B2", "\u00B3", "\u2074",
                                          "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  std::string text = number < 0 ? "\u207B" : "";
  for (const char digit : std::to_string(std::abs(number))) text += kDigits[digit - '0'];
  return text;
}

// Of a text like "1.40e+38": noughts at the mantissa's end say nothing and are left out, as is a mantissa of 1.
std::string power_of_ten(std::string text) {
  const bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  const std::string power = "10" + superscript(std::stoi(text.substr(e + 1)));
  return (negative ? "\u2212" : "") + (mantissa == "1" ? power : mantissa + "\u00D7" + power);
}

std::string power_of_ten(double value, int digits) {
  return power_of_ten(fmt::format("{:.{}e}", value, std::max(0, digits - 1)));
}

}  // namespace

Ticks nice_ticks(double low, double high, int most, bool whole) {
  if (!std::isfinite(low) || !std::isfinite(high) || !(high > low) || most < 2) return {};
  Ticks ticks;
  ticks.step = round_step((high - low) / most);
  if (whole) ticks.step = std::max(1.0, ticks.step);
  // A range that is no multiple of the step may hold one tick more than its length suggests.
  for (int attempt = 0; attempt < 3; ++attempt) {
    const double first = std::ceil(low / ticks.step - 1e-9);
    const double last = std::floor(high / ticks.step + 1e-9);
    ticks.first = first * ticks.step;
    ticks.count = static_cast<int>(last - first) + 1;
    if (ticks.count <= most) break;
    ticks.step = round_step(ticks.step * 1.5);
  }
  ticks.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(ticks.step) + 1e-9)));
  return ticks;
}

double nice_ceiling(double high, int most) {
  if (!std::isfinite(high) || high <= 0) return 1;
  const double step = round_step(high / most);
  return std::ceil(high / step - 1e-9) * step;
}

std::string format_tick(double value, int decimals) {
  if (!std::isfinite(value)) return format_value(value);
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? "\u2212" + text : text;
}

std::string format_tick(const Ticks& ticks, int i) {
  const double value = ticks.value(i);
  if (std::max(std::abs(ticks.first), std::abs(ticks.last())) < kExponentFrom)
    return format_tick(value, ticks.decimals);
  // As many digits as tell neighbours apart.
  if (std::abs(value) < 0.5 * ticks.step) return "0";
  const auto exponent = [](double x) { return static_cast<int>(std::floor(std::log10(x) + 1e-9)); };
  return power_of_ten(value, 1 + exponent(std::abs(value)) - exponent(ticks.step));
}

std::string format_round(double value) {
  if (!std::isfinite(value)) return format_value(value);
  const double size = std::abs(value);
  if (size > 0 && (size >= kExponentFrom * (1 - 1e-5) || size < 1e-4)) return power_of_ten(value, 3);
  return (value < 0 ? "\u2212" : "") + fmt::format("{:g}", size);
}

std::string format_rate(double value) {
  const std::string text = rate_text(value);
  return std::isfinite(value) && text.find('e') != std::string::npos ? power_of_ten(text) : text;
}

std::string format_value(double value, int digits) {
  if (std::isnan(value)) return "\u2013";
  if (std::isinf(value)) return value > 0 ? "\u221E" : "\u2212\u221E";
  const std::string text = number_text(value, digits, digits);
  if (text.find('e') != std::string::npos) return power_of_ten(text);
  return value < 0 ? "\u2212" + text.substr(1) : text;
}

}  // namespace fl

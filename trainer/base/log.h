#pragma once
// Log lines for the person at the terminal: stderr, one line each, so that stdout stays for results.
// A program that shows its log elsewhere (a status line, a test) sets a sink.

#include <functional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace fl {

enum class LogLevel { kInfo, kWarning, kError };

using LogSink = std::function<void(LogLevel, std::string_view line)>;

// Replaces the sink (an empty one restores stderr). Thread-safe.
void set_log_sink(LogSink sink);
// Thread-safe; never throws. Whatever names a line holds, it stays one line and steers no terminal
// (printable.h).
void log_line(LogLevel level, std::string_view line) noexcept;

template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fl

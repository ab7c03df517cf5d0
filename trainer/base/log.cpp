#include "trainer/base/log.h"

#include <cstdio>
#include <limits>
#include <mutex>

#include "trainer/base/printable.h"

namespace fl {
namespace {
std::mutex mutex;
LogSink current_sink;
}  // namespace

void set_log_sink(LogSink sink) {
  const std::scoped_lock lock(mutex);
  current_sink = std::move(sink);
}

void log_line(LogLevel level, std::string_view text) noexcept {
  try {
    const std::string line = printable(text, std::numeric_limits<std::size_t>::max());
    const std::scoped_lock lock(mutex);
    if (current_sink) return current_sink(level, line);
    const char* prefix = level == LogLevel::kInfo      ? ""
                         : level == LogLevel::kWarning ? "warning: "
                                                       : "error: ";
    std::fprintf(stderr, "%s%s\n", prefix, line.c_str());
  } catch (...) {  // a log line is never worth a crash
  }
}

}  // namespace fl

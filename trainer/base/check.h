#pragma once
// FL_CHECK: conditions that only a mistake in this program can break. They stay on in release. A broken
// one throws CheckFailure, so that main can save what there is and leave with a message instead of a core.

#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace fl {

class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws CheckFailure with file, line, the expression and a detail that may be empty.
[[noreturn]] void check_failed(const char* file, int line, std::string_view expression,
                               std::string_view detail);

}  // namespace fl

#define FL_CHECK(expression)                                   \
  do {                                                         \
    if (!(expression)) [[unlikely]]                            \
      ::fl::check_failed(__FILE__, __LINE__, #expression, {}); \
  } while (false)

#define FL_CHECK_MSG(expression, ...)                                                  \
  do {                                                                                 \
    if (!(expression)) [[unlikely]]                                                    \
      ::fl::check_failed(__FILE__, __LINE__, #expression, ::fmt::format(__VA_ARGS__)); \
  } while (false)

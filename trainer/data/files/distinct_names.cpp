#include "trainer/data/files/distinct_names.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <utf8proc.h>

#include "trainer/base/printable.h"

namespace fl {
namespace {

// What two names that look alike have in common.
std::string look_of(const std::string& shown) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                                      UTF8PROC_IGNORE | UTF8PROC_STRIPCC | UTF8PROC_STRIPNA);
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(shown.data()),
                                               static_cast<utf8proc_ssize_t>(shown.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype([](utf8proc_uint8_t* p) { std::free(p); })> owner(mapped);
  std::string look =
      length < 0 ? shown
                 : std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  while (!look.empty() && look.back() == ' ') look.pop_back();
  while (!look.empty() && look.front() == ' ') look.erase(0, 1);
  return look;
}

}  // namespace

DistinctNames distinct_names(const std::vector<std::string>& names, const std::string& source) {
  DistinctNames result;
  std::set<std::string> taken;
  for (const std::string& name : names) {
    const std::string plain = printable(name);
    std::string shown = plain;
    for (int n = 2; !taken.insert(look_of(shown)).second; ++n) shown = fmt::format("{} ({})", plain, n);
    if (shown != plain)
      result.notes.push_back(
          fmt::format("Two classes of {} have names that look the same, \"{}\"; the second is shown as "
                      "\"{}\". If they are one class, put their images into one folder.",
                      source, plain, shown));
    result.shown.push_back(std::move(shown));
  }
  return result;
}

}  // namespace fl

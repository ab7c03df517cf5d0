#include "engine/ui/timeline/scene_saving.h"

#include <chrono>
#include <functional>
#include <system_error>
#include <utility>

#include "trainer/base/atomic_file.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/printable.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// It may be written; root may write what nobody is to.
bool read_only(const fs::path& path) {
  constexpr auto kWrite = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  std::error_code code;
  const fs::perms permissions = fs::status(path, code).permissions();
  return !code && (permissions & kWrite) == fs::perms::none;
}

Result<fs::path> write_over(const fs::path& path, const std::string& read, const std::string& text) {
  const std::string name = printable(path.string());
  auto now = read_text_file(path, kMaxTomlBytes);
  if (!now || *now != read)
    return error(
        "{} {} since it was opened, so the timeline is not written over it; save a copy, or open it again.",
        name, now ? "has changed" : "has gone");
  if (read_only(path))
    return error("{} is read-only; make it writable and save again, or save a copy.", name);
  FL_TRY(write_file_atomic(path, text));
  return path;
}

Result<fs::path> write_beside(const fs::path& path, const std::string& text) {
  const fs::path free = free_path(path);
  FL_TRY(write_file_atomic(free, text));
  return free;
}

std::future<Result<fs::path>> on_a_thread(std::function<Result<fs::path>()> write) {
  const auto safe = [write = std::move(write)]() -> Result<fs::path> {
    try {
      return write();
    } catch (const std::exception& e) {
      return Error{failure_text(e) + "."};
    }
  };
  try {
    return std::async(std::launch::async, safe);
  } catch (const std::system_error&) {  // no thread is to be had
    std::promise<Result<fs::path>> done;
    done.set_value(safe());
    return done.get_future();
  }
}

}  // namespace

SceneSaving SceneSaving::over(fs::path path, std::string read, std::string text) {
  auto coming = on_a_thread(
      [path = std::move(path), read = std::move(read), text] { return write_over(path, read, text); });
  return {std::move(text), false, std::move(coming)};
}

SceneSaving SceneSaving::beside(fs::path path, std::string text) {
  auto coming = on_a_thread([path = std::move(path), text] { return write_beside(path, text); });
  return {std::move(text), true, std::move(coming)};
}

bool SceneSaving::done() const {
  return coming_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace fl

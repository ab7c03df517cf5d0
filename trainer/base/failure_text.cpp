#include "trainer/base/failure_text.h"

#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;

std::string failure_text(const std::exception& failure) {
  if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
      dynamic_cast<const std::length_error*>(&failure) != nullptr)
    return "There is not enough memory; use fewer images, smaller ones, or a smaller picture";
  if (const auto* file = dynamic_cast<const fs::filesystem_error*>(&failure)) {
    std::error_code gone;
    const fs::path here = fs::current_path(gone);
    if (gone || here.empty())
      return "The current folder no longer exists or cannot be reached; change to another folder and start again";
    return fmt::format("Cannot use {}: {}", printable(file->path1().string()), file->code().message());
  }
  if (const auto* system = dynamic_cast<const std::system_error*>(&failure)) {
    if (system->code() == std::errc::resource_unavailable_try_again)
      return "No more threads can be started; close other programs, or raise the limit on processes (ulimit -u)";
    return fmt::format("The operating system refused a request: {}", system->code().message());
  }
  if (dynamic_cast<const CheckFailure*>(&failure) != nullptr)
    return fmt::format("This is a bug in Fall Line; please report it: {}", failure.what());
  std::string text = failure.what();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace fl

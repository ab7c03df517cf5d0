#include "engine/app/start/first_use.h"

#include <filesystem>
#include <system_error>

#include "engine/app/loading/own_folders.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

fs::path said_file() {
  const fs::path folder = state_folder();
  return folder.empty() ? folder : folder / "first-use";
}

}  // namespace

FirstUse::FirstUse() {
  const fs::path file = said_file();
  std::error_code failed;
  hint_ = !file.empty() && !fs::exists(file, failed) && !failed;
}

void FirstUse::done() {
  if (!hint_) return;
  hint_ = false;
  noting_ = std::async(std::launch::async, [file = said_file()] {
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    if (const auto written = write_file_atomic(file, ""); !written)
      log_warning("The hint of the first start will come again: {}", written.error().message);
  });
}

}  // namespace fl

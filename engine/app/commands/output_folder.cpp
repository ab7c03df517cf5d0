#include "engine/app/commands/output_folder.h"

#include <algorithm>
#include <cctype>

#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

bool is_run_file(const std::string& name) {
  return std::ranges::any_of(run_files(), [&](const RunFile& file) { return name == file.name; });
}

// Where nobody can tell, it is free: making it then says why it cannot be had.
bool is_free(const fs::path& path) {
  std::error_code code;
  const fs::file_type type = fs::symlink_status(path, code).type();
  if (type == fs::file_type::not_found || type == fs::file_type::none) return true;
  return fs::is_directory(path, code) && fs::is_empty(path, code) && !code && FolderLock::take(path).ok();
}

// A folder that nothing of an earlier run, and nothing else, lies in.
Result<void> check_unused(const fs::path& folder, bool replace) {
  std::error_code code;
  if (replace || fs::is_empty(folder, code) || code) return {};
  if (holds_run(folder))
    return error("{} holds an earlier run; choose another folder with --out, {}or replace it with --replace.",
                 folder.string(),
                 fs::exists(folder / kCheckpointFile, code)
                     ? fmt::format("go on with that run with \"fallline train --resume {}\", ", folder.string())
                     : "");
  return error("The folder {} is not empty; choose a new one with --out, or add --replace to use it as it is.",
               folder.string());
}

Result<OutputFolder> claim(const fs::path& path, bool replace) {
  auto folder = OutputFolder::make_own(path);
  if (!folder) return folder;
  sweep_leftovers(path, is_run_file);
  FL_TRY(check_unused(path, replace));
  return folder;
}

// Trainings that begin at the same moment see the same free name; all but one of them look again.
Result<OutputFolder> claim_free(const fs::path& usual) {
  constexpr int kTries = 20;
  for (int tried = 1;; ++tried) {
    const fs::path path = free_folder(usual);
    auto folder = claim(path, false);
    if (!folder && tried < kTries) continue;
    if (folder && path != usual)
      log_info("{} holds an earlier run, so this one is saved in {}.", usual.string(), path.string());
    return folder;
  }
}

}  // namespace

Result<OutputFolder> OutputFolder::make(const fs::path& path) {
  OutputFolder folder;
  folder.path_ = path;
  std::error_code code;
  for (fs::path missing = path; !missing.empty() && !fs::exists(missing, code) && !code;
       missing = missing.parent_path())
    folder.made_.push_back(missing);
  if (path.empty()) return folder;
  FL_TRY(make_folder(path));
  return folder;
}

Result<OutputFolder> OutputFolder::make_own(const fs::path& path) {
  auto folder = make(path);
  if (!folder) return folder;
  auto lock = FolderLock::take(path);
  // Whoever has it may not have written anything yet: then the folder is empty, and not ours to remove.
  if (!lock) folder->made_.clear();
  if (!lock) return lock.error();
  folder->lock_ = *std::move(lock);
  return folder;
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  for (const fs::path& path : made_) fs::remove(path, ignored);  // which spares a folder that holds something
}

bool names_a_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  std::error_code code;
  return extension.size() > 1 && std::isalpha(static_cast<unsigned char>(extension[1])) != 0 &&
         !fs::is_directory(path, code);
}

fs::path free_folder(const fs::path& path) {
  fs::path folder = path;
  for (int n = 2; !is_free(folder); ++n) {
    folder = path;
    folder += fmt::format("-{}", n);
  }
  return folder;
}

Result<OutputFolder> make_run_folder(const RunPlace& place, const Inputs& inputs) {
  const fs::path& wish = place.out.empty() ? place.usual : place.out;
  const bool in_place = same_folder(wish, place.resumed);
  if (!in_place) {
    FL_TRY(inputs.check(wish, "--out"));
    for (const RunFile& file : run_files()) FL_TRY(inputs.check(wish / file.name, "--out"));
  }
  auto folder = place.out.empty() && !in_place ? claim_free(wish) : claim(wish, in_place || place.replace);
  if (!folder) return folder;
  FL_TRY(check_writable(folder->path() / "report.json"));
  return folder;
}

bool same_folder(const fs::path& a, const fs::path& b) {
  std::error_code code;
  return fs::equivalent(a, b, code) && !code;
}

std::string frame_name(std::int64_t frame) {
  return fmt::format("frame-{:05}.png", frame);
}

std::vector<fs::path> frames_in(const fs::path& folder) {
  const auto is_frame = [](const std::string& name) {
    constexpr std::string_view kBefore = "frame-", kAfter = ".png";
    if (!name.starts_with(kBefore) || !name.ends_with(kAfter)) return false;
    const auto number = std::string_view(name).substr(kBefore.size(), name.size() - kBefore.size() - kAfter.size());
    return number.size() >= 5 && std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  sweep_leftovers(folder, is_frame);
  std::vector<fs::path> frames;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator(); entry.increment(code))
    if (is_frame(entry->path().filename().string())) frames.push_back(entry->path());
  return frames;
}

}  // namespace fl

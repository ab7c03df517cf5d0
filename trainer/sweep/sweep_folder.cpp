#include "trainer/sweep/sweep_folder.h"

#include <algorithm>
#include <cerrno>
#include <cmath>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/byte_lock.h"
#include "trainer/base/printable.h"
#include "trainer/base/system_reason.h"
#include "trainer/sweep/cell_text.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kClaims = "claims";
constexpr const char* kResults = "results";
constexpr const char* kResultsEnding = ".jsonl";
constexpr char kFinished = 'x';
constexpr std::size_t kMaxPlanBytes = std::size_t{64} << 20, kMaxResultBytes = std::size_t{1} << 30;

Error disk_says(const char* verb, const fs::path& path) {
  return error("Cannot {} {}: {}.", verb, printable(path.string()), system_reason(errno));
}

Result<Descriptor> open_claims(const fs::path& folder) {
  Descriptor file(::open((folder / kClaims).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return disk_says("write", folder / kClaims);
  return file;
}

bool is_finished(const Descriptor& claims, std::size_t cell) {
  char mark = 0;
  return ::pread(claims.get(), &mark, 1, static_cast<off_t>(cell)) == 1 && mark == kFinished;
}

std::string host_name() {
  char name[65] = "host";
  ::gethostname(name, sizeof name - 1);
  std::string safe;
  for (const char c : std::string_view(name))
    safe += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? c : '_';
  return safe;
}

Result<void> remove_sweep(const fs::path& folder) {
  FL_TRY_LET(claims, open_claims(folder));
  if (lock_bytes(*claims, 0, 0) != ByteLock::kTaken)
    return error(
        "Another program is working on the sweep in {}; wait until it ends, or choose another folder.",
        printable(folder.string()));
  std::error_code code;
  for (const char* name : {kSweepPlanFile, kResults, kSweepTableFile, kSweepPictureFile, kClaims}) {
    fs::remove_all(folder / name, code);
    if (code)
      return error("Cannot remove {}: {}.", printable((folder / name).string()), system_reason(code.value()));
  }
  return {};
}

constexpr const char* kElse = "choose another folder, or replace it with --replace";

Result<SweepPlan> read_plan(const fs::path& folder) {
  FL_TRY_LET(text, read_text_file(folder / kSweepPlanFile, kMaxPlanBytes));
  auto known = SweepPlan::parse(*text);
  if (known) return *std::move(known);
  return error(
      "{} is not the plan of a sweep, or only a part of one; choose another folder, or remove this one.",
      printable((folder / kSweepPlanFile).string()));
}

// Errors: it is another one.
Result<void> check_plan(const fs::path& folder, const SweepPlan& plan) {
  FL_TRY_LET(known, read_plan(folder));
  const std::string where = printable(folder.string());
  if (known->axes != plan.axes) return error("{} holds a sweep over other axes; {}.", where, kElse);
  if (known->scene != plan.scene) return error("{} holds a sweep of another scene; {}.", where, kElse);
  return {};
}

// A line that was not written whole: the next one must not be glued to it.
bool ends_in_line(int file) {
  char last = '\n';
  const off_t size = ::lseek(file, 0, SEEK_END);
  return size <= 0 || (::pread(file, &last, 1, size - 1) == 1 && last == '\n');
}

}  // namespace

bool is_sweep_folder(const fs::path& folder) {
  std::error_code code;
  return fs::exists(folder / kSweepPlanFile, code);
}

Result<SweepFolder> SweepFolder::open(const fs::path& path, const SweepPlan& plan, bool replace) {
  FL_TRY(plan.check());
  FL_TRY(make_folder(path));
  std::error_code code;
  // Of one that is replaced, what others put beside it stays.
  const bool replaces = replace && is_sweep_folder(path);
  if (replaces) FL_TRY(remove_sweep(path));
  if (!is_sweep_folder(path)) {
    // One that joins in the same moment writes the same plan.
    for (fs::directory_iterator entry(path, code), end; !replaces && !code && entry != end;
         entry.increment(code))
      if (const std::string name = entry->path().filename().string();
          name != kClaims && name != kResults && !name.starts_with(kSweepPlanFile))
        return error("The folder {} is not empty; choose a new one for the sweep with -o.",
                     printable(path.string()));
    FL_TRY(write_file_atomic(path / kSweepPlanFile, plan.json()));
  }
  FL_TRY(check_plan(path, plan));
  FL_TRY(make_folder(path / kResults));
  FL_TRY(open_claims(path));
  return SweepFolder(path, plan);
}

Result<SweepFolder> SweepFolder::join(const fs::path& path) {
  FL_TRY_LET(plan, read_plan(path));
  return SweepFolder(path, *std::move(plan));
}

Result<SweepFolder::Worker> SweepFolder::worker(std::size_t number) const {
  Worker worker;
  FL_TRY_LET(claims, open_claims(path_));
  worker.claims_ = *std::move(claims);
  worker.order_ = plan_.order();
  worker.file_ =
      path_ / kResults / fmt::format("{}-{}-{}{}", host_name(), ::getpid(), number, kResultsEnding);
  return worker;
}

Result<std::optional<std::size_t>> SweepFolder::Worker::next() {
  // Once around: a cell that another had, and let go when it was killed, is taken at the end.
  for (int round = 0; round < 2; ++round) {
    for (; at_ < order_.size(); ++at_) {
      const std::size_t cell = order_[at_];
      if (is_finished(claims_, cell)) continue;
      const ByteLock lock = lock_bytes(claims_, cell, 1);
      if (lock == ByteLock::kOthers) continue;
      if (lock == ByteLock::kNone)
        return error("The file system of {} has no locks, so a sweep cannot be shared there: {}.",
                     printable(file_.parent_path().string()), system_reason(errno));
      if (!is_finished(claims_, cell)) return std::optional(cell);
      unlock_bytes(claims_, cell, 1);
    }
    at_ = 0;
  }
  return std::optional<std::size_t>();
}

Result<void> SweepFolder::Worker::finish(const CellResult& result) {
  if (results_.get() < 0) {
    results_ = Descriptor(::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (results_.get() < 0) return disk_says("write", file_);
  }
  std::string line = cell_line(result) + "\n";
  if (!ends_in_line(results_.get())) line.insert(line.begin(), '\n');
  const ssize_t written = ::write(results_.get(), line.data(), line.size());
  if (written >= 0 && static_cast<std::size_t>(written) != line.size()) errno = ENOSPC;
  if (written != static_cast<ssize_t>(line.size()) || ::fdatasync(results_.get()) != 0)
    return disk_says("write", file_);
  if (::pwrite(claims_.get(), &kFinished, 1, static_cast<off_t>(result.cell)) != 1)
    return disk_says("write", file_.parent_path().parent_path() / kClaims);
  unlock_bytes(claims_, result.cell, 1);
  return {};
}

std::size_t SweepFolder::finished() const {
  const auto marks = read_file(path_ / kClaims, kMostCells);
  if (!marks) return 0;
  return static_cast<std::size_t>(std::ranges::count(*marks, static_cast<std::byte>(kFinished)));
}

Result<std::vector<std::optional<CellResult>>> SweepFolder::results() const {
  std::vector<std::optional<CellResult>> results(plan_.cells());
  std::error_code code;
  std::vector<fs::path> files;
  // It comes a moment after the plan.
  for (const auto& entry : fs::directory_iterator(path_ / kResults, code)) {
    std::error_code unknown;
    if (entry.path().extension() == kResultsEnding && entry.is_regular_file(unknown))
      files.push_back(entry.path());
  }
  if (code && code != std::errc::no_such_file_or_directory)
    return error("Cannot read {}: {}.", printable((path_ / kResults).string()), system_reason(code.value()));
  for (const fs::path& file : files) {
    FL_TRY_LET(text, read_text_file(file, kMaxResultBytes));
    for (std::string_view rest = *text; !rest.empty();) {
      const auto end = rest.find('\n');
      auto result = end == std::string_view::npos ? std::nullopt : parse_cell_line(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      if (result && result->cell < results.size()) results[result->cell] = std::move(result);
    }
  }
  return results;
}

Result<void> SweepFolder::write_table(const std::vector<std::optional<CellResult>>& results) const {
  return write_file_atomic(path_ / kSweepTableFile, sweep_table(plan_, results));
}

}  // namespace fl

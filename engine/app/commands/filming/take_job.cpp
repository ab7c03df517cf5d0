#include "engine/app/commands/filming/take_job.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/byte_lock.h"
#include "trainer/base/threads.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kVariable = "FALLLINE_TAKE";
constexpr int kLess = 10;  // a tenth of what one thread of the window gets, where both want all of a core

// As a shell reads it.
std::string quoted(const std::string& word) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("/._-+=,:").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string text(1, '\'');
  for (const char c : word) {
    if (c == '\'') text.append("'\\'");
    text.push_back(c);
  }
  text.push_back('\'');
  return text;
}

}  // namespace

Result<void> write_take(const TakeJob& job, const SessionFile& session) {
  FL_TRY(make_folder(job.folder));
  const RunFileBytes files[] = {run_file_of(kSceneFile, session.head.scene),
                                run_file_of(kSessionFile, session_text(session, kSceneFile))};
  return write_run_files(job.folder, files);
}

std::vector<std::string> take_arguments(const TakeJob& job) {
  std::vector<std::string> words = {
      "render",    (job.folder / kSessionFile).string(),
      "--take",    std::to_string(job.number),
      "-o",        job.film.string(),
      "--backend", backend_names().at(static_cast<std::size_t>(job.backend.kind))};
  if (job.backend.tf32) words.emplace_back("--tf32");
  if (!job.backend.deterministic) words.emplace_back("--any-order");
  if (!job.device.empty()) words.insert(words.end(), {"--device", job.device});
  return words;
}

std::string take_command(const TakeJob& job) {
  std::string text = "fallline";
  for (const std::string& word : take_arguments(job)) text.append(1, ' ').append(quoted(word));
  return text;
}

fs::path take_log(const TakeJob& job) {
  return job.folder / "log";
}

std::string take_variable(const TakeJob& job) {
  return fmt::format("{}={}", kVariable, job.folder.string());
}

// As FilmProgress and the log say it.
TakeProgress take_progress(std::string_view log) {
  constexpr std::string_view kError = "error: ", kLeft = " left";
  TakeProgress progress;
  while (!log.empty()) {
    const std::string line(log.substr(0, log.find('\n')));
    log.remove_prefix(std::min(line.size() + 1, log.size()));
    if (line.starts_with(kError)) progress.error = line.substr(kError.size());
    long drawn = 0, all = 0;
    int end = 0;
    if (std::sscanf(line.c_str(), "frame %ld of %ld, step %*d of %*d%n", &drawn, &all, &end) != 2 || end == 0)
      continue;
    progress.share = static_cast<double>(drawn) / static_cast<double>(std::max(all, 1L));
    const std::string rest = line.substr(static_cast<std::size_t>(end));
    progress.left = rest.starts_with(", ") && rest.ends_with(kLeft)
                        ? rest.substr(2, rest.size() - 2 - kLeft.size())
                        : std::string();
  }
  return progress;
}

TakeTurn TakeTurn::begin() {
  TakeTurn turn;
  const char* folder = std::getenv(kVariable);
  if (folder == nullptr || *folder == '\0') return turn;
  let_others_first(kLess);
  turn.folder_ = folder;
  turn.turn_ =
      Descriptor(::open((turn.folder_.parent_path() / "turn").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  // Without the lock, renders run side by side.
  if (turn.turn_.get() >= 0) wait_for_bytes(turn.turn_, 0, 1);
  return turn;
}

void TakeTurn::done() const {
  std::error_code code;
  if (!folder_.empty()) fs::remove_all(folder_, code);
}

}  // namespace fl

#include "trainer/files/run_folder.h"

#include <algorithm>
#include <ranges>

#include "trainer/base/atomic_file.h"
#include "trainer/base/limits.h"
#include "trainer/base/log.h"
#include "trainer/base/name_list.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

std::vector<std::byte> text_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> checkpoint_bytes(const Training& training) {
  return encode_safetensors(checkpoint_of(training));
}

constexpr RunFile kRunFiles[] = {
    {kWeightsFile,
     [](const RunContents& run) { return encode_safetensors(weights_of(run.training, run.scene_text)); }},
    {kCheckpointFile, [](const RunContents& run) { return checkpoint_bytes(run.training); }},
    {kHistoryFile, [](const RunContents& run) { return text_bytes(run.training.history().csv()); }},
    {kReportFile, [](const RunContents& run) { return text_bytes(run.report.json()); }},
    {kCurvatureFile,
     [](const RunContents& run) { return text_bytes(run.training.history().curvature_csv()); }},
    {kForksFile, [](const RunContents& run) { return text_bytes(run.training.history().lines_csv()); }},
    {kRaceFile, [](const RunContents&) { return std::vector<std::byte>(); }},  // of several: race_folder.h
    {kSessionFile, [](const RunContents& run) { return text_bytes(run.session_text); }},
    {kSceneFile, [](const RunContents& run) { return text_bytes(run.scene_text); }},
};

Result<void> write_together(const fs::path& folder, std::span<const RunFileBytes> files) {
  FileBatch batch;
  for (const RunFileBytes& file : files)
    if (auto added = batch.add(folder / file.name, file.bytes); !added) return added;
  return batch.commit();
}

// After `failure`: each on its own, so that the dearest are not lost with the rest.
Error write_what_fits(const fs::path& folder, std::span<const RunFileBytes> files, const Error& failure) {
  std::vector<std::string> saved;
  for (const RunFileBytes& file : files)
    if (write_file_atomic(folder / file.name, file.bytes)) saved.push_back(file.name);
  if (saved.empty()) return failure;
  std::error_code code;
  const bool resumable = fs::exists(folder / kCheckpointFile, code);
  const std::string_view what = std::string_view(failure.message).substr(0, failure.message.rfind(';'));
  return error(
      "{}; of the run, {} {} saved; make room{}.", what, name_list(saved), saved.size() == 1 ? "is" : "are",
      resumable ? fmt::format(", then \"fallline train --resume {}\" saves the rest", folder.string())
                : " before you train again");
}

}  // namespace

std::span<const RunFile> run_files() {
  return kRunFiles;
}

bool holds_run(const fs::path& folder) {
  std::error_code code;
  return std::ranges::any_of(kRunFiles,
                             [&](const RunFile& file) { return fs::exists(folder / file.name, code); });
}

bool is_scene_of_run(const fs::path& file) {
  std::error_code code;
  return file.filename() == kSceneFile && std::ranges::any_of(kRunFiles, [&](const RunFile& other) {
           return std::string_view(other.name) != kSceneFile &&
                  fs::exists(file.parent_path() / other.name, code);
         });
}

void remove_run(const fs::path& folder) {
  std::error_code code;
  for (const RunFile& file : kRunFiles) fs::remove(folder / file.name, code);
}

RunFileBytes run_file_of(const char* name, std::string_view text) {
  return {name, text_bytes(text)};
}

Result<void> write_run_files(const fs::path& folder, std::span<const RunFileBytes> files) {
  if (auto made = make_folder(folder); !made) return made;
  if (const auto written = write_together(folder, files); !written)
    return write_what_fits(folder, files, written.error());
  std::error_code code;
  for (const RunFile& other : kRunFiles)
    if (std::ranges::find(files, other.name, &RunFileBytes::name) == files.end())
      fs::remove(folder / other.name, code);
  return {};
}

Result<void> write_run_folder(const fs::path& folder, const Training& training, const Report& report,
                              const std::string& scene_text, const std::string& session_text) {
  std::vector<RunFileBytes> files;
  for (const RunFile& file : kRunFiles)
    if (auto bytes = file.bytes({training, report, scene_text, session_text}); !bytes.empty())
      files.push_back({file.name, std::move(bytes)});
  return write_run_files(folder, files);
}

std::string session_to_keep(const fs::path& folder, const Training& training, const std::string& scene_text) {
  std::error_code code;
  if (!fs::exists(folder / kSessionFile, code) || training.state() != RunState::kFinished) return {};
  const auto scene = read_text_file(folder / kSceneFile, kMaxTomlBytes);
  auto session = read_text_file(folder / kSessionFile, kMostSessionBytes);
  return scene && *scene == scene_text && session ? *std::move(session) : std::string();
}

Result<void> begin_run_folder(const fs::path& folder, const Training& training,
                              const std::string& scene_text) {
  const RunFileBytes files[] = {run_file_of(kSceneFile, scene_text),
                                {kCheckpointFile, checkpoint_bytes(training)}};
  const auto together = write_together(folder, files);
  if (together) return {};
  if (auto alone = write_together(folder, std::span(files).first(1)); !alone) return alone;
  log_warning("no checkpoint was saved: {}", together.error().message);
  return {};
}

}  // namespace fl

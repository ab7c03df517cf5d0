#include "trainer/files/run_folder.h"

#include <algorithm>
#include <ranges>

#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"
#include "trainer/base/name_list.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

struct NamedBytes {
  std::string name;
  std::vector<std::byte> bytes;
};

NamedBytes text_file(const char* name, const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {name, {bytes.begin(), bytes.end()}};
}

Result<void> write_together(const fs::path& folder, const std::vector<NamedBytes>& files) {
  FileBatch batch;
  for (const NamedBytes& file : files)
    if (auto added = batch.add(folder / file.name, file.bytes); !added) return added;
  return batch.commit();
}

// After `failure`: each on its own, so that the dearest are not lost with the rest.
Error write_what_fits(const fs::path& folder, const std::vector<NamedBytes>& files, const Error& failure) {
  std::vector<std::string> saved;
  for (const NamedBytes& file : files)
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

bool holds_run(const fs::path& folder) {
  std::error_code code;
  return std::ranges::any_of(kRunFiles, [&](const char* name) { return fs::exists(folder / name, code); });
}

void remove_run(const fs::path& folder) {
  std::error_code code;
  for (const char* name : kRunFiles) fs::remove(folder / name, code);
}

Result<void> write_run_folder(const fs::path& folder, Training& training, const Report& report,
                              const std::string& scene_text, const std::string& session_text) {
  if (auto made = make_folder(folder); !made) return made;
  std::vector<NamedBytes> files = {{kWeightsFile, encode_safetensors(weights_of(training, scene_text))},
                                   {kCheckpointFile, encode_safetensors(checkpoint_of(training))},
                                   text_file("history.csv", training.history().csv()),
                                   text_file("report.json", report.json()),
                                   text_file(kSceneFile, scene_text)};
  if (!session_text.empty()) files.insert(files.end() - 1, text_file(kSessionFile, session_text));
  const auto written = write_together(folder, files);
  if (written) return {};
  return write_what_fits(folder, files, written.error());
}

Result<void> begin_run_folder(const fs::path& folder, const Training& training,
                              const std::string& scene_text) {
  const NamedBytes scene = text_file(kSceneFile, scene_text);
  const auto together =
      write_together(folder, {scene, {kCheckpointFile, encode_safetensors(checkpoint_of(training))}});
  if (together) return {};
  if (auto alone = write_together(folder, {scene}); !alone) return alone;
  log_warning("no checkpoint was saved: {}", together.error().message);
  return {};
}

}  // namespace fl

#include "trainer/files/race_folder.h"

#include <sstream>

#include "trainer/files/run_folder.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace {

// The scene that its folder keeps, under a title of its own.
Result<std::string> scene_text_of(const std::string& scene_text, const std::string& title,
                                  const RaceSpec& race, std::size_t run) {
  FL_TRY_LET(scene, parse_toml(scene_text, "The scene of the race"));
  FL_TRY_LET(own, scene_of_run(*scene, race, run));
  const std::string called =
      race.names.empty() ? varied_word(race) + " " + run_name(race, run) : run_name(race, run);
  own->insert_or_assign("title", fmt::format("{}: {}", title, called));
  std::ostringstream text;
  text << *own << "\n";
  return text.str();
}

}  // namespace

std::string race_run_folder(std::size_t run) {
  return fmt::format("run-{}", run + 1);
}

Result<std::vector<RaceResult>> write_race_folder(const std::filesystem::path& folder,
                                                  const std::string& title, const RaceSpec& race,
                                                  std::span<Training* const> runs,
                                                  const std::string& scene_text,
                                                  const std::string& session_text) {
  std::vector<RaceResult> results;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Training& training = *runs[i];
    results.push_back(race_result(run_value(race, i), training));
    FL_TRY_LET(own, scene_text_of(scene_text, title, race, i));
    FL_TRY(write_run_folder(folder / race_run_folder(i), training, training.report(), *own));
  }
  std::vector<RunFileBytes> files = {run_file_of(kSceneFile, scene_text),
                                     run_file_of(kRaceFile, race_table(race, results)),
                                     run_file_of(kReportFile, race_json(title, race, results))};
  if (!session_text.empty()) files.push_back(run_file_of(kSessionFile, session_text));
  FL_TRY(write_run_files(folder, files));
  // Of an earlier race with more runs.
  std::error_code code;
  for (std::size_t i = runs.size(); i < kFrameMaxPaths; ++i) {
    const std::filesystem::path old = folder / race_run_folder(i);
    if (!holds_run(old)) continue;
    remove_run(old);
    std::filesystem::remove(old, code);
  }
  return results;
}

}  // namespace fl

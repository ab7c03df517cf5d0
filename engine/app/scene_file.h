#pragma once
// What the user named on the command line, opened by what it holds: a scene, a Teachable Machine project, a
// folder or ZIP of class folders, the folder of a sweep, or nothing (phantoms). Each side then reads its own
// tables.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "engine/view/film_spec.h"
#include "engine/view/timeline_spec.h"
#include "engine/view/view_spec.h"
#include "trainer/data/load_watch.h"
#include "trainer/data/sources/image_source.h"
#include "trainer/seam/sweep_facts.h"
#include "trainer/subjects/descents/descents_spec.h"
#include "trainer/subjects/network/network_choice.h"
#include "trainer/subjects/race/race_spec.h"
#include "trainer/subjects/run_spec.h"
#include "trainer/subjects/sweep_map/map_spec.h"
#include "trainer/subjects/trainability/trainability_spec.h"

namespace fl {

struct SceneFile {
  toml::table table;           // with the overrides applied
  std::filesystem::path base;  // relative paths inside start here
  std::string name;            // the file's stem, for output folders
  RunSpec run;
  std::optional<DescentsSpec> descents;  // instead of a training; `run` then has the title only
  std::optional<TrainabilitySpec> trainability;  // the same
  std::optional<RaceSpec> race;          // several trainings in place of one; `run` is what they share
  // A map of many trainings in place of one; `run` is what they share, and the plan's scene that of all
  // cells.
  std::optional<SweepPlan> sweep;
  std::filesystem::path sweep_folder;                     // where its results are; empty: they are trained
  SweepFigure sweep_figure = SweepFigure::kTestAccuracy;  // that its cells are coloured by
  // The seed of starting weights and image order, where it is not train.seed (kStartAxis).
  std::optional<std::uint64_t> start;
  ViewSpec view;
  FilmSpec film;
  std::vector<TimelineEntry> timeline;
  // The file itself, where it is a scene, and its text as it was read; else both are empty.
  std::filesystem::path own_file;
  std::string own_text;
  std::vector<std::string> overrides;  // that the table has, as they were given
  // It is the one that a run was saved with: what it leaves open is what that run left open.
  bool of_run = false;
  // The images of a Teachable Machine project, or those that were named themselves: listed already. Null:
  // `run.data` says where they are.
  std::shared_ptr<ImageSource> images;
  std::string why_scratch;  // the key for which a project is not trained on a backbone; empty: nothing asked

  // A network on images, as `run` says.
  [[nodiscard]] bool trains() const { return !descents && !trainability; }
  // The scene as it ran, to be saved beside its results: with what `ran` found out of what this leaves open.
  [[nodiscard]] std::string text(const RunSpec& ran) const;
  // The same where nothing is trained.
  [[nodiscard]] std::string text() const;
};

// One training of a sweep: the scene with a cell's values in place of its [map], and with `changes` of those
// ("train.rate=0.1"). Errors: a key or value that does not exist.
Result<SceneFile> scene_of_cell(const SceneFile& scene, const SweepPlan& plan, std::size_t cell,
                                const std::vector<std::string>& changes = {});

// Every key that a scene may have, for people.
std::vector<TableText> scene_tables();

// `overrides`: "table.key=value" each, the value as in TOML; a bare word is a text. `network`: in place of
// what the scene says of it. A scene of a Teachable Machine project is completed by what the project says
// (network_choice.h), however the project was named; not so a scene that a run was saved with.
// Errors: what the file can have wrong with it, with its name and line; load_cancelled().
Result<SceneFile> open_scene(const std::string& argument, const std::vector<std::string>& overrides,
                             const LoadWatch& watch = {}, std::optional<NetworkChoice> network = {});

}  // namespace fl

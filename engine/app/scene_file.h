#pragma once
// What the user named on the command line, opened by what it holds: a scene, a Teachable Machine project, a
// folder or ZIP of class folders, or nothing (phantoms). Each side then reads its own tables.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "engine/view/view_spec.h"
#include "trainer/data/load_watch.h"
#include "trainer/data/sources/image_source.h"
#include "trainer/subjects/descents/descents_spec.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

struct SceneFile {
  toml::table table;           // with the overrides applied
  std::filesystem::path base;  // relative paths inside start here
  std::string name;            // the file's stem, for output folders
  RunSpec run;
  std::optional<DescentsSpec> descents;  // instead of a training; `run` then has the title only
  ViewSpec view;
  std::vector<std::string> overrides;  // that the table has, as they were given
  std::vector<TmFault> faults;         // what a project has wrong and the overrides may set right
  // The images, where they are what was named: listed already. Null: `run.data` says where they are.
  std::shared_ptr<ImageSource> images;

  // The scene as it ran, to be saved beside its results: with what `ran` found out of what this leaves open.
  [[nodiscard]] std::string text(const RunSpec& ran) const;
  // The same where nothing is trained.
  [[nodiscard]] std::string text() const;
};

// Every key that a scene may have, for people.
std::vector<TableText> scene_tables();

// `overrides`: "table.key=value" each, the value as in TOML; a bare word is a text.
// Errors: what the file can have wrong with it, with its name and line; load_cancelled().
Result<SceneFile> open_scene(const std::string& argument, const std::vector<std::string>& overrides,
                             const LoadWatch& watch = {});

}  // namespace fl

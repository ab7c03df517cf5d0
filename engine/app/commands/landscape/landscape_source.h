#pragma once
// What `fallline landscape` shows: a lesson that is trained to its end, or a run's end with the path that led
// there. A run folder keeps no path, so it is gone again: by the session, where there is one, else by the
// scene. Where that leads to other weights, those of the run are shown without a path.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/app/commands/landscape/landscape_command.h"
#include "engine/app/commands/output_folder.h"
#include "engine/app/scene_file.h"
#include "trainer/files/safetensors.h"
#include "trainer/session/session.h"

namespace fl {

struct LandscapeSource {
  SceneFile scene;
  std::filesystem::path run;              // empty: a lesson
  std::optional<Safetensors> checkpoint;  // of the run
  std::optional<SessionFile> session;     // that the run came about in
};

// `first`: overrides that those of the command line may override. Errors: as open_scene; a folder of a run
// that cannot be opened again, or a setting that would make another run of it.
Result<LandscapeSource> open_landscape_source(const LandscapeOptions& options,
                                              const std::vector<std::string>& first = {});

// The folder of the file that is asked for. Errors: the file is an input, is there already, cannot be
// written.
Result<OutputFolder> make_landscape_place(const LandscapeOptions& options, const LandscapeSource& source);

// Trains to the end, or goes a run's way again, and evaluates the surface there. `session` is new and of the
// source's scene. Ctrl-C ends early. Errors: nothing is known of the surface yet; the checkpoint is not of
// this run's images.
Result<void> go_to_landscape(Session& session, const LandscapeSource& source);

// "312 of 1089 points were evaluated, over 256 training images; the others are predicted ...": one sentence.
[[nodiscard]] std::string landscape_sentence(const LandscapeView& view);

// How rough the loss is around the end of a training, or around those of a race whose planes lie there: a
// sentence each, with its line's end. Empty where nothing of that is known. The program's slice is another
// one then.
[[nodiscard]] std::string roughness_lines(Subject& subject);

}  // namespace fl

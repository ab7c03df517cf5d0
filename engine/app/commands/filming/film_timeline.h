#pragma once
// A film by its scene's timeline: what `fallline render` asks of a conductor.

#include <optional>
#include <vector>

#include "engine/app/studio/film.h"
#include "engine/app/timeline/conductor.h"
#include "engine/film/movie_format.h"

namespace fl {

// Nothing where the scene has no timeline; the lesson gets its captions. `seconds` as Conductor::make's.
// Errors: as there, with `name` before them.
Result<std::optional<Conductor>> conductor_of(const SceneFile& scene, Lesson& lesson,
                                              std::optional<double> seconds, const std::string& name);

// All steps that there are, or that the timeline makes, without a picture. Ends early where it is
// interrupted.
void train_all(Session& session, Conductor* conductor);
// What waits of it, where it is measured: a film is in no hurry, and gives up none.
void measure_curvature(Session& session);
// Before the first picture: rehearsal.h.
void rehearse_film(Film& film, Conductor* conductor);
// To what a picture of that second shows.
void go_to(double seconds, Film& film, Conductor& conductor);

// The cue of each picture, as captions.h has them, where the timeline says any; else `others`.
[[nodiscard]] std::vector<std::size_t> cues_of_timeline(const Timeline& timeline,
                                                        std::vector<std::size_t> others, double fps);
// Cues, and what the timeline says, in their order. Null: there is none.
[[nodiscard]] std::vector<Chapter> with_timeline(std::vector<Chapter> cues, const Conductor* conductor);

}  // namespace fl

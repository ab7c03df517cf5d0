#pragma once
// A film of several lessons (part_spec.h), rendered one after the other into one place.

#include <optional>
#include <string>
#include <vector>

#include "engine/app/commands/render_options.h"
#include "engine/app/scene_file.h"

namespace fl {

struct FilmOfParts {
  std::string title{};
  FilmSpec film{};
  struct Part {
    std::string argument{};  // as open_scene takes it
    SceneFile scene{};       // with the film's [film], and the part's timeline
    std::string where{};     // "line 7: [[part]] 3"
  };
  std::vector<Part> parts{};
};

// What that scene file is made of; nothing where it is no film of parts, or no scene at all. Of `overrides`,
// keys of [film] are the film's, all others each part's. Errors: what a scene can have wrong, a part that is
// not there, or is a film of parts itself; with file, line and part.
Result<std::optional<FilmOfParts>> read_film_of_parts(const std::string& argument,
                                                      const std::vector<std::string>& overrides);

// Whether all of it is there; false where it was interrupted. `options`: its scene is the film's.
Result<bool> render_parts(RenderOptions options, const FilmOfParts& film);

}  // namespace fl

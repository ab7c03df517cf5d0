#pragma once
// The lessons that come with the program, with what their files say of themselves: the comment that each
// begins with is a title line, what it shows, and what to watch.

#include <filesystem>
#include <vector>

#include "engine/ui/start_facts.h"

namespace fl {

// Where they lie: beside the program, or where the package puts them; empty where there are none.
[[nodiscard]] std::filesystem::path lessons_folder();
// Where their pictures lie, which assets/lessons/draw.sh makes: NAME.jpg of NAME.toml.
[[nodiscard]] std::filesystem::path pictures_folder(const std::filesystem::path& lessons);
// Those of a folder, by name of file, with their pictures. What cannot be read as a scene is left out; the
// log says why.
[[nodiscard]] std::vector<ShelfLesson> read_shelf(const std::filesystem::path& folder,
                                                  const std::filesystem::path& pictures = {});
// Of a scene's text: the first paragraph of the comment it begins with, without what its first sentence
// repeats of the title, and the second.
void describe_lesson(std::string_view scene, ShelfLesson& lesson);

}  // namespace fl

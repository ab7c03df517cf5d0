#pragma once
// Paths of data as a scene keeps them. A scene is UTF-8, a path any bytes: one that is not UTF-8, or
// holds control characters, is written as a file URI (RFC 8089), whose percent signs keep every byte.

#include <filesystem>
#include <string>
#include <string_view>

namespace fl {

// As a scene says it.
std::string scene_path(const std::filesystem::path& path);
// What a scene says, as a path; what is no file URI is the path itself, with_home().
std::filesystem::path path_in_scene(const std::string& text);

// "~" and "~/..." name the folder that HOME says; without HOME, as all else, they stay as they are.
std::filesystem::path with_home(std::string_view text);

// Absolute, without ".", ".." and a slash at the end. Links on the way are kept, except where ".." has to
// know where they lead.
std::filesystem::path clean_path(const std::filesystem::path& path);

}  // namespace fl

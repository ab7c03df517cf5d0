#pragma once
// Paths of data as a scene keeps them. A scene is UTF-8, a path any bytes: one that is not UTF-8, or
// holds control characters, is written as a file URI (RFC 8089), whose percent signs keep every byte.

#include <filesystem>
#include <string>

namespace fl {

// As a scene says it.
std::string scene_path(const std::filesystem::path& path);
// What a scene says, as a path; what is no file URI is the path itself.
std::filesystem::path path_in_scene(const std::string& text);

// Absolute, without ".", ".." and a slash at the end. Links on the way are kept, except where ".." has to
// know where they lead.
std::filesystem::path clean_path(const std::filesystem::path& path);

}  // namespace fl

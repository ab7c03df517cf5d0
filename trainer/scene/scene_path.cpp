#include "trainer/scene/scene_path.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kUri = "file://";

// Whether a scene holds it as it is: asked of those who write and read scenes. Line breaks and tabs come from
// a slip more often than from a path (toml_slip.h), so that a path with one is written as a URI, too.
bool survives(const std::string& text) {
  if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) return false;
  std::ostringstream scene;
  scene << toml::table{{"path", text}};
  try {
    return toml::parse(scene.str())["path"].value<std::string>() == text;
  } catch (const toml::parse_error&) {
    return false;
  }
}

bool is_plain(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("/-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::string scene_path(const fs::path& path) {
  const std::string text = path.string();
  if (survives(text) && !text.starts_with(kUri) && !text.starts_with('~')) return text;
  std::string uri(kUri);
  for (const char c : text)
    uri += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return uri;
}

fs::path with_home(std::string_view text) {
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0' || (text != "~" && !text.starts_with("~/"))) return text;
  return text.size() <= 2 ? fs::path(home) : fs::path(home) / text.substr(2);
}

fs::path path_in_scene(const std::string& text) {
  if (!text.starts_with(kUri)) return with_home(text);
  std::string path;
  for (std::size_t i = kUri.size(); i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* digits = text.data() + i + 1;
    const bool escaped = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2 && byte != 0;
    path += escaped ? static_cast<char>(byte) : text[i];
    if (escaped) i += 2;
  }
  return path;
}

fs::path clean_path(const fs::path& path) {
  std::error_code code;
  fs::path clean = fs::absolute(path, code);
  if (std::ranges::find(clean, fs::path("..")) != clean.end()) {
    const fs::path known = fs::weakly_canonical(clean, code);
    if (!code) clean = known;
  }
  clean = clean.lexically_normal();
  return clean.has_filename() || clean == clean.root_path() ? clean : clean.parent_path();
}

}  // namespace fl

#include "tests/walls/walls.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

namespace fl::walls {
namespace {

constexpr std::size_t kMaxLines = 400, kMaxFolderLines = 2500;

using Prefixes = std::vector<std::string_view>;

bool begins_with_any(std::string_view text, const Prefixes& prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// A thing that is to be included from some places only.
struct Wall {
  std::string_view thing;
  Prefixes headers;   // how its headers begin
  Prefixes allowed;   // where it may be included: beginnings of paths
  Prefixes watched;   // where the wall stands; beginnings of paths, empty: everywhere
};

// Prefixes of a path end in "/" for a folder, without for the files of one name.
const std::vector<Wall>& all_walls() {
  static const std::vector<Wall> walls = {
      {"the engine", {"engine/"}, {}, {"trainer/"}},
      {"Vulkan", {"vulkan/", "volk", "vk_mem_alloc", "shaders/"}, {}, {"trainer/"}},
      {"GLFW", {"GLFW/"}, {"engine/app/", "engine/vk/", "engine/ui/"}, {}},
      // The seam between the two halves; only the top of the engine knows more of the trainer.
      {"what the trainer does",
       {"trainer/backbone/", "trainer/compute/", "trainer/curvature/", "trainer/data/", "trainer/exports/",
        "trainer/files/", "trainer/landscape/", "trainer/net/", "trainer/optim/", "trainer/pretraining/",
        "trainer/publish/", "trainer/session/", "trainer/subjects/", "trainer/sweep/"},
       {"engine/app/", "engine/ui/"},
       {"engine/"}},
      {"scene files", {"trainer/scene/"}, {"engine/app/", "engine/ui/", "engine/view/"}, {"engine/"}},
      {"CUDA",
       {"cuda", "cudnn", "cublas", "curand", "cub/", "thrust/", "cooperative_groups", "nvrtc", "nvtx3/",
        "device_launch_parameters"},
       {"trainer/compute/cuda/", "engine/bridge/cuda_"},
       {}},
      {"oneDNN", {"oneapi/dnnl/", "dnnl"}, {"trainer/compute/cpu/"}, {}},
      {"ONNX", {"onnx/", "google/protobuf/"}, {"trainer/exports/onnx_"}, {}},
      {"Cairo and Pango", {"cairo", "pango/"}, {"engine/figures/"}, {}},
      {"muParser", {"muParser"}, {"trainer/landscape/own_surface"}, {}},
      {"libav", {"libavcodec/", "libavformat/", "libavutil/", "libswscale/"}, {"engine/film/encoder/"}, {}},
      {"libpng", {"png.h"}, {"trainer/png/"}, {}},
      {"Dear ImGui", {"imgui", "backends/imgui", "imstb", "implot"}, {"engine/ui/"}, {}},
      {"the tests", {"tests/"}, {}, {}},
  };
  return walls;
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash));
}

bool is_ours(std::string_view header) { return header.starts_with("trainer/") || header.starts_with("engine/"); }

// One folder inside the other, or the same: a part and its whole may see each other.
bool nested(const std::string& a, const std::string& b) {
  return (a + "/").starts_with(b + "/") || (b + "/").starts_with(a + "/");
}

void check_walls(const SourceFile& file, const Include& include, std::vector<std::string>& found) {
  const auto where = fmt::format("{}:{}", file.path, include.line);
  if (include.header.find("..") != std::string::npos)
    found.push_back(fmt::format("{} includes \"{}\": write the path from the repository's root.", where, include.header));
  for (const Wall& wall : all_walls()) {
    if (!begins_with_any(include.header, wall.headers)) continue;
    if (!wall.watched.empty() && !begins_with_any(file.path, wall.watched)) continue;
    if (begins_with_any(file.path, wall.allowed)) continue;
    std::string message = fmt::format("{} includes \"{}\", but {} is not to be seen from there", where, include.header, wall.thing);
    for (std::size_t i = 0; i < wall.allowed.size(); ++i)
      message += fmt::format("{}{}", i == 0 ? "; it is from " : " and ", wall.allowed[i]);
    found.push_back(message + ".");
  }
}

// Which folder includes which, with one example each.
using Arrows = std::map<std::string, std::map<std::string, std::string>>;

Arrows arrows_between(const std::vector<SourceFile>& files) {
  Arrows arrows;
  for (const SourceFile& file : files)
    for (const Include& include : includes_of(file.text)) {
      if (!is_ours(include.header)) continue;
      const std::string from = folder_of(file.path), to = folder_of(include.header);
      if (!nested(from, to)) arrows[from].emplace(to, fmt::format("{}:{}", file.path, include.line));
    }
  return arrows;
}

// Every cycle once: depth first, from the folders in their order; a folder left for good is not entered again.
void check_cycles(const Arrows& arrows, std::vector<std::string>& found) {
  std::set<std::string> done;
  std::vector<std::string> way;
  const std::function<void(const std::string&)> visit = [&](const std::string& folder) {
    if (done.contains(folder)) return;
    if (const auto seen = std::ranges::find(way, folder); seen != way.end()) {
      std::string cycle;
      for (auto at = seen; at != way.end(); ++at) {
        const std::string& next = at + 1 == way.end() ? folder : *(at + 1);
        cycle += fmt::format("{} needs {} ({}), ", *at, next, arrows.at(*at).at(next));
      }
      cycle.resize(cycle.size() - 2);
      found.push_back(fmt::format("Folders need each other: {}.", cycle));
      return;
    }
    way.push_back(folder);
    if (const auto out = arrows.find(folder); out != arrows.end())
      for (const auto& [next, example] : out->second) visit(next);
    way.pop_back();
    done.insert(folder);
  };
  for (const auto& [folder, out] : arrows) visit(folder);
}

void check_folders(const std::vector<SourceFile>& files, std::vector<std::string>& found) {
  std::map<std::string, std::size_t> lines;
  for (const SourceFile& file : files)
    lines[folder_of(file.path)] += static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
  for (const auto& [folder, sum] : lines)
    if (sum > kMaxFolderLines)
      found.push_back(fmt::format("{} has {} lines, more than {}: divide it.", folder, sum, kMaxFolderLines));
}

bool is_source(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 5> kExtensions{".h", ".cpp", ".cu", ".cuh", ".inl"};
  return std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

// Comments become spaces; line ends stay, so that lines keep their numbers. String literals are respected,
// because a "//" in one is no comment.
std::string without_comments(std::string_view text) {
  std::string bare(text);
  enum class In { kCode, kLine, kBlock, kString } in = In::kCode;
  for (std::size_t i = 0; i < bare.size(); ++i) {
    const bool pair = i + 1 < bare.size();
    if (bare[i] == '\n') {
      if (in != In::kBlock) in = In::kCode;
    } else if (in == In::kCode) {
      if (bare[i] == '"') in = In::kString;
      if (pair && bare[i] == '/' && text[i + 1] == '/') in = In::kLine;
      if (pair && bare[i] == '/' && text[i + 1] == '*') in = In::kBlock;
      if (in == In::kLine || in == In::kBlock) bare[i] = bare[i + 1] = ' ', ++i;
    } else if (in == In::kString) {
      if (bare[i] == '\\' && pair && text[i + 1] != '\n') ++i;
      else if (bare[i] == '"') in = In::kCode;
    } else if (in == In::kBlock && pair && bare[i] == '*' && text[i + 1] == '/') {
      in = In::kCode;
      bare[i] = bare[i + 1] = ' ', ++i;
    } else {
      bare[i] = ' ';
    }
  }
  return bare;
}

// Takes `word` and the blanks before it off the front, if it is there.
bool take(std::string_view& line, std::string_view word) {
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || !line.substr(begin).starts_with(word)) return false;
  line.remove_prefix(begin + word.size());
  return true;
}

}  // namespace

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> result;
  const std::string bare = without_comments(text);
  std::string_view rest = bare;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!take(line, "#") || !take(line, "include")) continue;
    const bool quoted = take(line, "\"");
    if (!quoted && !take(line, "<")) continue;
    result.push_back({number, std::string(line.substr(0, line.find(quoted ? '"' : '>')))});
  }
  return result;
}

std::vector<std::string> includes_out_of_order(const std::vector<SourceFile>& files) {
  constexpr std::string_view kInclude = "#include ";
  std::vector<std::string> found;
  for (const SourceFile& file : files) {
    std::string_view rest = file.text, above;
    for (std::size_t number = 1; !rest.empty(); ++number) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      line = line.starts_with(kInclude) ? line.substr(kInclude.size()) : std::string_view();
      line = line.substr(0, line.find_last_of("\">") + 1);
      if (!line.empty() && line < above)
        found.push_back(fmt::format("{}:{}: {} belongs above {}.", file.path, number, line, above));
      above = line;
    }
  }
  return found;
}

std::vector<std::string> violations(const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file.text)) check_walls(file, include, found);
    if (const auto lines = static_cast<std::size_t>(std::ranges::count(file.text, '\n')); lines > kMaxLines)
      found.push_back(fmt::format("{} has {} lines, more than {}: it holds more than one thing.", file.path, lines, kMaxLines));
  }
  check_folders(files, found);
  check_cycles(arrows_between(files), found);
  return found;
}

std::vector<SourceFile> read_sources(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const char* half : {"trainer", "engine"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / half)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back({entry.path().lexically_relative(root).generic_string(),
                       {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

}  // namespace fl::walls

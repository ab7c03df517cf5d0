#include "engine/app/commands/load_engine.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fallline_build_info.h"
#include <dlfcn.h>
#include <sys/auxv.h>

#include "engine/app/interrupt.h"
#include "trainer/base/name_list.h"
#include "trainer/base/program_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// What the engine needs beyond the program, and the packages of Debian and Ubuntu that have it.
struct Needed {
  const char* file;
  const char* package;
};
constexpr std::array kNeeded = {
    Needed{"libvulkan.so.1", "libvulkan1"},
    Needed{"libglfw.so.3", "libglfw3"},
    Needed{"libX11.so.6", "libx11-6"},
    Needed{"libfreetype.so.6", "libfreetype6"},
    Needed{"libfontconfig.so.1", "libfontconfig1"},
    Needed{"libharfbuzz.so.0", "libharfbuzz0b"},
    Needed{"libfribidi.so.0", "libfribidi0"},
    Needed{"libpangocairo-1.0.so.0", "libpangocairo-1.0-0"},
    Needed{"libpango-1.0.so.0", "libpango-1.0-0"},
    Needed{"libcairo.so.2", "libcairo2"},
    Needed{"libstb.so.0", "libstb0"},  // Dear ImGui's
};

bool can_load(const char* file) {
  void* library = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (library != nullptr) ::dlclose(library);
  return library != nullptr;
}

// The file that the loader did not find; none where it says something else.
std::optional<std::string> missing_file(const std::string& loader_words) {
  const auto end = loader_words.find(": cannot open shared object file");
  if (end == std::string::npos) return std::nullopt;
  return loader_words.substr(0, end);
}

// The loader names the first file that it does not find; whoever installs wants to know all.
Error no_engine(const fs::path& engine, const std::string& loader_words) {
  constexpr const char* kRest = "train, classify and data still work";
  const auto first = missing_file(loader_words);
  if (!first)
    return error("Nothing can be drawn here, because {} cannot be loaded: {} ({}).", kEngineFile,
                 loader_words, kRest);
  if (*first == engine)
    return error("Nothing can be drawn here, because {} is missing; put it into {}, beside the program ({}).",
                 kEngineFile, engine.parent_path().string(), kRest);
  std::vector<std::string> files, packages;
  for (const Needed& needed : kNeeded) {
    if (can_load(needed.file)) continue;
    files.emplace_back(needed.file);
    packages.emplace_back(needed.package);
  }
  if (std::ranges::find(files, *first) == files.end()) {
    files.push_back(*first);
    if (packages.empty()) packages.push_back("the package that has it");
  }
  return error("Nothing can be drawn here, because {} {} missing; install {} ({}).", name_list(files),
               files.size() == 1 ? "is" : "are", name_list(packages), kRest);
}

const Engine* loaded = nullptr;

}  // namespace

Result<const Engine*> load_engine() {
  if (loaded != nullptr) return loaded;
  // By its whole path: a sanitizer stands between the program and the loader, which would look beside that
  // one. All symbols at once: what is missing is said before the work, not in the middle of it.
  const fs::path file = program_folder() / kEngineFile;
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return no_engine(file, ::dlerror());
  const auto* engine = static_cast<const Engine*>(::dlsym(library, kEngineSymbol));
  if (engine == nullptr || std::string_view(engine->version) != FALLLINE_VERSION)
    return error("{} belongs to another version of this program; build both again.", kEngineFile);
  return loaded = engine;
}

std::size_t validation_messages() {
  return loaded != nullptr ? loaded->validation_messages() : 0;
}

int interrupt_code_of_both() {
  const int own = interrupt_code();
  return own != 0 || loaded == nullptr ? own : loaded->interrupt_code();
}

}  // namespace fl

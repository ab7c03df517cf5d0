#include "engine/app/window/shader_reload.h"

#ifdef FALLLINE_SHADER_FOLDER

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "shaders/shaders.h"
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trainer/base/atomic_file.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr auto kPause = std::chrono::milliseconds(500);
constexpr std::size_t kMostBytes = 1 << 20;

// Null where the folder is the source's own.
const char* chosen_folder() {
  const char* value = std::getenv("FALLLINE_SHADERS");
  return value != nullptr && *value != '\0' ? value : nullptr;
}

std::string folder() {
  const char* chosen = chosen_folder();
  return chosen != nullptr ? chosen : FALLLINE_SHADER_FOLDER;
}

// As one word of a shell's command.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

// SPIR-V of one file, or what the compiler says against it.
Result<std::vector<std::uint32_t>> compile(const std::string& file) {
  const fs::path out = fs::temp_directory_path() / fmt::format("fallline-{}-{}.spv", getpid(), file);
  // From within the folder, so that the compiler's words name the file alone.
  const std::string command =
      fmt::format("cd {} && {} --target-env=vulkan1.3 -Werror -O -I . -I {} -o {} {} 2>&1", quoted(folder()),
                  quoted(FALLLINE_GLSLC), quoted(FALLLINE_SHADER_ROOT), quoted(out.string()), quoted(file));
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return error("{} could not be started.", FALLLINE_GLSLC);
  std::string said;
  std::array<char, 512> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) said += part.data();
  while (said.ends_with('\n')) said.pop_back();
  if (pclose(pipe) != 0) return error("{}", said.empty() ? file + " does not compile." : said);
  const auto bytes = read_file(out, kMostBytes);
  std::error_code code;
  fs::remove(out, code);
  if (!bytes) return bytes.error();
  std::vector<std::uint32_t> words(bytes->size() / sizeof(std::uint32_t));
  std::memcpy(words.data(), bytes->data(), words.size() * sizeof(std::uint32_t));
  return words;
}

// Nothing where the folder cannot be read.
std::optional<std::map<std::string, fs::file_time_type>> times() {
  std::error_code code;
  std::map<std::string, fs::file_time_type> found;
  fs::directory_iterator entries(folder(), code);
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    std::error_code gone;
    found[entries->path().filename().string()] = entries->last_write_time(gone);
  }
  if (code) return {};
  return found;
}

}  // namespace

// What is to be compiled. The first look only remembers, unless the folder is not the one that was built in.
void ShaderReload::note_changes(const Times& now) {
  bool all = !seen_ && chosen_folder() != nullptr;
  std::set<std::string> changed;
  for (const auto& [file, time] : now) {
    if (!seen_ || (seen_->contains(file) && seen_->at(file) == time)) continue;
    changed.insert(file);
    all |= file.ends_with(".glsl");  // any may include it
  }
  for (const shader::Named& named : shader::all())
    if (all || changed.contains(named.file)) stale_.insert(named.file);
  seen_ = now;
}

std::optional<ShaderReload::Change> ShaderReload::poll() {
  if (Clock::now() < next_look_) return {};
  next_look_ = Clock::now() + kPause;
  const std::optional<Times> now = times();
  if (!now) {
    if (std::exchange(unreadable_, true)) return {};
    return Change{
        fmt::format("Shaders are read from {}, which cannot be read; FALLLINE_SHADERS names another "
                    "folder.",
                    folder())};
  }
  unreadable_ = false;
  if (seen_ == now) return {};
  note_changes(*now);
  if (stale_.empty()) return {};
  // In place only when every one is good.
  std::map<std::string, Code> fresh;
  for (const std::string& file : stale_) {
    auto code = compile(file);
    if (!code) return Change{code.error().message};
    fresh[file] = *std::move(code);
  }
  stale_.clear();
  for (const shader::Named& named : shader::all())
    if (const auto found = fresh.find(named.file); found != fresh.end())
      *named.code = code_[named.file] = std::move(found->second);
  return Change{};
}

}  // namespace fl
#else
namespace fl {

std::optional<ShaderReload::Change> ShaderReload::poll() {
  return {};
}

}  // namespace fl
#endif

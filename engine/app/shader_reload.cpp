#include "engine/app/shader_reload.h"

#ifdef FALLLINE_SHADER_FOLDER

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "shaders/shaders.h"

#include "trainer/base/atomic_file.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr auto kPause = std::chrono::milliseconds(500);
constexpr std::size_t kMostBytes = 1 << 20;

// SPIR-V of one file, or what the compiler says against it.
Result<std::vector<std::uint32_t>> compile(const std::string& file) {
  const fs::path out = fs::temp_directory_path() / fmt::format("fallline-{}-{}.spv", getpid(), file);
  const std::string command =
      fmt::format("'{0}' --target-env=vulkan1.3 -Werror -O -I '{1}' -o '{2}' '{1}/{3}' 2>&1", FALLLINE_GLSLC,
                  FALLLINE_SHADER_FOLDER, out.string(), file);
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return error("{} could not be started.", FALLLINE_GLSLC);
  std::string said;
  std::array<char, 512> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) said += part.data();
  if (pclose(pipe) != 0) return error("{}", said.empty() ? file + " does not compile." : said);
  const auto bytes = read_file(out, kMostBytes);
  std::error_code code;
  fs::remove(out, code);
  if (!bytes) return bytes.error();
  std::vector<std::uint32_t> words(bytes->size() / sizeof(std::uint32_t));
  std::memcpy(words.data(), bytes->data(), words.size() * sizeof(std::uint32_t));
  return words;
}

}  // namespace

// True where the folder is not as it was at the last look; the first look only remembers.
bool ShaderReload::files_changed() {
  std::error_code code;
  std::map<fs::path, fs::file_time_type> now;
  for (const auto& entry : fs::directory_iterator(FALLLINE_SHADER_FOLDER, code))
    now[entry.path()] = entry.last_write_time(code);
  const bool changed = !seen_.empty() && now != seen_;
  seen_ = std::move(now);
  return changed;
}

std::optional<ShaderReload::Change> ShaderReload::poll() {
  if (Clock::now() < next_look_) return {};
  next_look_ = Clock::now() + kPause;
  if (!files_changed()) return {};
  // All of them, since any may include what changed; put in place only when every one is good.
  std::map<std::string, Code> fresh;
  for (const shader::Named& named : shader::all()) {
    auto code = compile(named.file);
    if (!code) return Change{code.error().message};
    fresh[named.file] = *std::move(code);
  }
  code_ = std::move(fresh);
  for (const shader::Named& named : shader::all()) *named.code = code_.at(named.file);
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

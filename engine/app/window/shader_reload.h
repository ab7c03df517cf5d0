#pragma once
// Shaders that change while the window is open, for whoever writes them: watches a folder of them, compiles
// what changed and puts it in place of what was built in. The folder is the source's shaders/, or the one
// that the environment variable FALLLINE_SHADERS names, whose shaders then are in place from the start. Only
// in builds with FALLLINE_SHADER_RELOAD (Debug has it); otherwise nothing is watched and nothing can change.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fl {

class ShaderReload {
 public:
  struct Change {
    std::string error;  // the compiler's words; empty: new code is in place, pipelines are to be made anew
  };
  // Looks twice a second at most, and waits for the compiler. Nothing where no file has changed. After an
  // error the old code stays; so it does where the folder cannot be read, which is said once.
  std::optional<Change> poll();

 private:
  using Clock = std::chrono::steady_clock;
  using Code = std::vector<std::uint32_t>;
  using Times = std::map<std::string, std::filesystem::file_time_type>;
  void note_changes(const Times& now);

  Clock::time_point next_look_{};
  std::optional<Times> seen_;         // of the folder's files, by name, at the last look
  bool unreadable_ = false;           // the folder, at the last look
  std::set<std::string> stale_;       // files whose code in place is not what they hold
  std::map<std::string, Code> code_;  // what spans point at, of those that were compiled here
};

}  // namespace fl

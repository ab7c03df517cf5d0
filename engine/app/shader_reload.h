#pragma once
// Shaders that change while the window is open, for whoever writes them: watches shaders/, compiles what
// changed and puts it in place of what was built in. Only in builds with FALLLINE_SHADER_RELOAD (Debug has
// it); otherwise nothing is watched and nothing can change.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fl {

class ShaderReload {
 public:
  struct Change {
    std::string error;  // the compiler's words; empty: new code is in place, pipelines are to be made anew
  };
  // Looks twice a second at most. Nothing where no file has changed. After an error the old code stays.
  std::optional<Change> poll();

 private:
  using Clock = std::chrono::steady_clock;
  using Code = std::vector<std::uint32_t>;
  [[nodiscard]] bool files_changed();

  Clock::time_point next_look_{};
  std::map<std::filesystem::path, std::filesystem::file_time_type> seen_;
  std::map<std::string, Code> code_;  // what the spans point at; empty: what was built in
};

}  // namespace fl

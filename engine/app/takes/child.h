#pragma once
// A process of this same program, which goes on also when this one ends.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "trainer/base/result.h"

namespace fl {

class Child {
 public:
  // `variable`: "NAME=VALUE" of its environment, beside what this process has. What it writes, of both kinds,
  // goes behind what is in the file `log`. It is in a session of its own, so that no terminal ends it. Error:
  // why it cannot be started.
  static Result<Child> start(const std::vector<std::string>& arguments, const std::string& variable,
                             const std::filesystem::path& log);
  Child(Child&& other) noexcept : process_(std::exchange(other.process_, 0)) {}
  Child& operator=(Child&& other) noexcept {
    std::swap(process_, other.process_);
    return *this;
  }
  // It goes on.
  ~Child() = default;

  // Its exit code, or 128 and the signal that ended it; nothing while it runs.
  std::optional<int> ended();
  // Ends it at once.
  void kill();

 private:
  explicit Child(pid_t process) : process_(process) {}
  pid_t process_ = 0;
  std::optional<int> code_;
};

}  // namespace fl

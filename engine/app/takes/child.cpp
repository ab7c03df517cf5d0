#include "engine/app/takes/child.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trainer/base/system_reason.h"

namespace fl {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

struct Actions {
  posix_spawn_file_actions_t all{};
  Actions() { ::posix_spawn_file_actions_init(&all); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&all); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
};

struct Attributes {
  posix_spawnattr_t all{};
  Attributes() { ::posix_spawnattr_init(&all); }
  ~Attributes() { ::posix_spawnattr_destroy(&all); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& arguments, const std::string& variable,
                           const std::filesystem::path& log) {
  std::vector<std::string> words = {"fallline"}, variables;
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::string name = variable.substr(0, variable.find('=') + 1);
  for (char** one = environ; *one != nullptr; ++one)
    if (!std::string_view(*one).starts_with(name)) variables.emplace_back(*one);
  variables.push_back(variable);

  const std::string log_file = log.string();
  Actions actions;
  ::posix_spawn_file_actions_addopen(&actions.all, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions.all, STDOUT_FILENO, log_file.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::posix_spawn_file_actions_adddup2(&actions.all, STDOUT_FILENO, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions.all, STDERR_FILENO + 1);
  Attributes attributes;
  sigset_t usual;
  ::sigemptyset(&usual);
  ::posix_spawnattr_setsigmask(&attributes.all, &usual);
  ::posix_spawnattr_setflags(&attributes.all, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  pid_t process = 0;
  const int failure = ::posix_spawn(&process, "/proc/self/exe", &actions.all, &attributes.all,
                                    pointers(words).data(), pointers(variables).data());
  if (failure != 0) return error("A process to render with cannot be started: {}.", system_reason(failure));
  return Child(process);
}

std::optional<int> Child::ended() {
  if (code_ || process_ == 0) return code_;
  int status = 0;
  const pid_t process = ::waitpid(process_, &status, WNOHANG);
  if (process == 0 || (process < 0 && errno == EINTR)) return std::nullopt;
  code_ = process < 0 ? 1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return code_;
}

void Child::kill() {
  // A process that was waited for may have left its number to another one.
  if (process_ <= 0 || code_) return;
  ::kill(process_, SIGKILL);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  code_ = 128 + SIGKILL;
}

}  // namespace fl

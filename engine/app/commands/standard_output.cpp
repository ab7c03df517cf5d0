#include "engine/app/commands/standard_output.h"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include "trainer/base/system_reason.h"

namespace fl {

void prepare_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // Takes the lowest free number, which is this one. What is printed must fail, so that it is noticed; the log need
    // not.
    ::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Result<void> finish_standard_output(int failure) {
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return {};
  return error("Cannot write to standard output: {}; some of the output is lost.",
               system_reason(failure != 0 ? failure : errno));
}

}  // namespace fl

#pragma once
// A take of a session that becomes a film beside the window: a process of this same program renders it from a
// folder of its own, which has the session until the take's end. Both sides of that are here.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/descriptor.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/session/session_file.h"

namespace fl {

struct TakeJob {
  int number = 1;                // of the take in its session
  std::filesystem::path folder;  // new, of this job alone
  std::filesystem::path film;    // where the film goes
  BackendChoice backend{};       // that the session has
  std::string device{};          // as RenderOptions::device
};

// The window's side. Makes the folder with session and scene. Errors: what the disk says.
Result<void> write_take(const TakeJob& job, const SessionFile& session);
// What the process is started with, beside its own name.
[[nodiscard]] std::vector<std::string> take_arguments(const TakeJob& job);
// The same as a person types it.
[[nodiscard]] std::string take_command(const TakeJob& job);
// What the process writes to: its log.
[[nodiscard]] std::filesystem::path take_log(const TakeJob& job);
// What is set in its environment.
[[nodiscard]] std::string take_variable(const TakeJob& job);

// How far a render is, by the log that it wrote so far.
struct TakeProgress {
  double share = 0;     // of the pictures
  std::string left{};   // "about 12 s"; empty: nobody knows yet
  std::string error{};  // why it ended; empty: it did not, or well
  bool operator==(const TakeProgress&) const = default;
};
[[nodiscard]] TakeProgress take_progress(std::string_view log);

// The process's side. It lets the window go first, and others that render takes one after the other.
class TakeTurn {
 public:
  // Waits for the turn, where this process was started so; else does nothing.
  static TakeTurn begin();
  // The film is there: the job's folder goes.
  void done() const;

 private:
  std::filesystem::path folder_;  // empty: no take
  Descriptor turn_;
};

}  // namespace fl

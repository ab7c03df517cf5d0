#pragma once
// Fills the desk of the panel at the start, and remembers what was opened. Disks are read and written on
// threads of their own.

#include <future>

#include "engine/ui/panels/start/start_desk.h"

namespace fl {

class Starting {
 public:
  Starting();
  [[nodiscard]] StartDesk& desk() { return desk_; }
  // The panel is open: begins to read what it shows. To be called each turn; true where that came.
  bool look(bool open);
  // A lesson was opened, by a name that it can be opened by again.
  void note(RecentLesson lesson);

 private:
  StartDesk desk_;
  bool stale_ = true;  // something was noted since it was read, or it was never read
  std::future<StartFacts> coming_;
  std::future<void> noting_;
};

}  // namespace fl

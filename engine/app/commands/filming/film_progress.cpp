#include "engine/app/commands/filming/film_progress.h"

#include <cmath>

#include "trainer/base/counted.h"

namespace fl {

std::string time_words(double seconds) {
  if (seconds < 60) return fmt::format("about {} s", std::max(1L, std::lround(seconds)));
  const long minutes = std::lround(seconds / 60);
  if (minutes < 120) return fmt::format("about {}", counted(minutes, "minute"));
  return fmt::format("about {} hours", std::lround(seconds / 3600));
}

void FilmProgress::show(std::int64_t drawn, const Subject& subject) {
  if (drawn == frames_) {
    log_info("frame {} of {}, step {} of {}", drawn, frames_, subject.steps(), subject.total_steps());
    return;
  }
  // The first picture, for which shaders are compiled, says nothing of the others.
  const auto now = std::chrono::steady_clock::now();
  if (drawn <= 1) {
    first_ = now;
    return;
  }
  const double seconds = std::chrono::duration<double>(now - first_).count();
  const double left = seconds / static_cast<double>(drawn - 1) * static_cast<double>(frames_ - drawn);
  progress_.show("frame {} of {}, step {} of {}, {} left", drawn, frames_, subject.steps(),
                 subject.total_steps(), time_words(left));
}

}  // namespace fl

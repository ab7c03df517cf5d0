#pragma once
// How far a film is, and how long it may still take: a line every two seconds.

#include <chrono>
#include <cstdint>
#include <string>

#include "engine/app/commands/progress.h"
#include "trainer/subjects/subject.h"

namespace fl {

// "about 12 s", "about 5 minutes", "about 3 hours".
[[nodiscard]] std::string time_words(double seconds);

class FilmProgress {
 public:
  explicit FilmProgress(std::int64_t frames) : frames_(frames) {}
  // So many pictures are drawn.
  void show(std::int64_t drawn, const Subject& subject);

 private:
  std::int64_t frames_;
  std::chrono::steady_clock::time_point first_{};  // picture
  Progress progress_;
};

}  // namespace fl

#pragma once
// Saves the run of a lesson that failed, on a thread of its own: writing takes as long as the disk likes.

#include <future>
#include <string>

#include "engine/app/held_folder.h"
#include "engine/app/studio/studio.h"

namespace fl {

class Rescuing {
 public:
  // Once for a lesson. The studio must be there until the end is known; `folder`: null where Studio::rescue
  // chooses one.
  void begin(Studio& studio, HeldFolder folder);
  // True once: what became of it is known by now.
  bool came();
  // What became of it, half a sentence; empty while nobody knows. `wait`: until it is known, if it has begun.
  const std::string& words(bool wait = false);
  // For the next lesson. Precondition: none is being saved.
  void forget() { words_.clear(); }

 private:
  std::future<std::string> coming_;
  std::string words_;
};

}  // namespace fl

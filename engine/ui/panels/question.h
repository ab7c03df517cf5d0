#pragma once
// A question in the middle of the picture, over everything else, that wants an answer before anything goes
// on.

#include <string>

#include "engine/ui/style.h"

namespace fl {

// While it lives, widgets go into it, where it is true. To be made in each frame until it is answered.
class Question {
 public:
  // `id`: of Dear ImGui.
  explicit Question(const char* id);
  ~Question();
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  explicit operator bool() const { return open_; }

 private:
  BarStyle style_;  // goes last
  bool open_ = false;
};

// One of its answers, a button as wide as it, with the name of its place and its key. True where it is given.
bool question_answer(const std::string& words, const char* place, int key);

}  // namespace fl

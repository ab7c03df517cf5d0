#pragma once
// Films that are still being rendered when the window is to be closed: asks whether they go on without it.

#include <cstddef>
#include <optional>

#include "engine/pass/theme.h"

namespace fl {

class RenderGuard {
 public:
  // Whether closing the window may come at once, with so many renders left; else it waits for the answer.
  bool lets_close(std::size_t renders);
  [[nodiscard]] bool asking() const { return asking_; }

  enum class Answer { kFinish, kDrop, kStay };
  // Into the current ImGui frame, over everything else, while asking(); the answer, once. Where no renders
  // are left by now, there is nothing to ask: kFinish.
  std::optional<Answer> draw(std::size_t renders, const Theme& theme);

 private:
  bool asking_ = false, may_close_ = false;
};

}  // namespace fl

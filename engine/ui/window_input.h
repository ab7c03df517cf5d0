#pragma once
// What happened in a window since it was last asked. Knows no window, so that a test can make one up.

#include <optional>
#include <string>
#include <vector>

#include <glm/vec2.hpp>

namespace fl {

// For WindowInput::keys: the character itself, because each keyboard has it on another key. GLFW has no such
// key.
inline constexpr int kQuestionMark = '?';
// Added to a key that is pressed while Ctrl is down. The key is then the one that the letter stands on, which
// each keyboard has elsewhere.
inline constexpr int kControl = 1 << 16;

struct WindowInput {
  bool any = false;           // anything at all happened: draw
  glm::vec2 turn{0}, pan{0};  // drags since the last call, in pixels
  bool turning = false;       // the button is down
  glm::vec2 pointer{0};       // where it is now, pixels of the picture
  float scroll = 0;           // wheel notches, away from the viewer > 0
  std::optional<glm::vec2> click,
      double_click;                  // where: pressed and let go without a drag; the second of two
  std::vector<int> keys;             // GLFW key codes pressed, as above
  std::vector<int> repeats;          // and of keys held down
  std::vector<std::string> dropped;  // paths
};

}  // namespace fl

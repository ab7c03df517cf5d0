#pragma once
// The GLFW window and what happened in it since last asked. Callbacks only note; the loop decides.

#include <optional>
#include <string>
#include <vector>

#include <glm/vec2.hpp>

#include "trainer/base/result.h"

struct GLFWwindow;

namespace fl {

struct WindowInput {
  bool any = false;           // anything at all happened: draw
  glm::vec2 turn{0}, pan{0};  // drags since the last call, in pixels
  bool turning = false;       // the button is down
  glm::vec2 pointer{0};       // where it is now, pixels of the picture
  float scroll = 0;           // wheel notches, away from the viewer > 0
  std::optional<glm::vec2> click,
      double_click;                  // where: pressed and let go without a drag; the second of two
  std::vector<int> keys;             // GLFW key codes pressed
  std::vector<int> repeats;          // and of keys held down
  std::vector<std::string> dropped;  // paths
};

class Window {
 public:
  // Errors: no display (and what works without one), or no window.
  // Nobody sees it before show().
  static Result<Window> open(int width, int height, const std::string& title);
  Window(Window&& other) noexcept;
  Window& operator=(Window&&) = delete;
  ~Window();

  [[nodiscard]] GLFWwindow* handle() const { return window_; }
  [[nodiscard]] bool closing() const;
  void close();
  void show();
  void set_title(const std::string& title);
  // Zero while minimised.
  [[nodiscard]] glm::ivec2 framebuffer_size() const;
  // Display scale: 2 on a high-density screen.
  [[nodiscard]] float content_scale() const;
  // Waits at most `seconds` for something to happen and returns what did. `ui_has_pointer` and `ui_has_keys`:
  // the user interface claims them, so drags, clicks and keys are not the stage's.
  WindowInput wait(double seconds, bool ui_has_pointer, bool ui_has_keys);

 private:
  explicit Window(GLFWwindow* window) : window_(window) {}
  GLFWwindow* window_ = nullptr;
};

}  // namespace fl

#pragma once
// The GLFW window and what happened in it since last asked. Callbacks only note; the loop decides.

#include <string>

#include <glm/vec2.hpp>

#include "engine/ui/window_input.h"
#include "trainer/base/result.h"

struct GLFWwindow;

namespace fl {

class Window {
 public:
  // Errors: no display (and what works without one), or no window.
  // Nobody sees it before show(). It is smaller where the screen is.
  static Result<Window> open(int width, int height, const std::string& title);
  Window(Window&& other) noexcept;
  Window& operator=(Window&&) = delete;
  ~Window();

  [[nodiscard]] GLFWwindow* handle() const { return window_; }
  [[nodiscard]] bool closing() const;
  // Somebody else destroyed it, or its display is gone.
  [[nodiscard]] static bool lost();
  void close();
  // Somebody asked it to close, and it goes on: it is brought into sight.
  void keep_open();
  void show();
  void hide();
  // Over the whole screen that it is on, or where it was before.
  void toggle_fullscreen();
  // Keys that are pressed in another window count as pressed in this one.
  void take_keys_of(GLFWwindow* other) const;
  void set_title(const std::string& title);
  // Zero while minimised.
  [[nodiscard]] glm::ivec2 framebuffer_size() const;
  [[nodiscard]] bool visible() const {
    const glm::ivec2 size = framebuffer_size();
    return size.x > 0 && size.y > 0;
  }
  // Display scale: 2 on a high-density screen.
  [[nodiscard]] float content_scale() const;
  // Waits at most `seconds` for something to happen and returns what did. `ui_has_pointer` and `ui_has_keys`:
  // the user interface claims them, so drags, clicks and keys are not the stage's.
  WindowInput wait(double seconds, bool ui_has_pointer, bool ui_has_keys);
  // Ends the wait in hand, or the next one. Any thread.
  static void wake();

 private:
  explicit Window(GLFWwindow* window) : window_(window) {}
  GLFWwindow* window_ = nullptr;
  // Where it was before it took the whole screen.
  int x_ = 0, y_ = 0, width_ = 0, height_ = 0;
};

}  // namespace fl

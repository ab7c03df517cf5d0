#include "engine/app/window/window.h"

#include <algorithm>
#include <utility>

#include <GLFW/glfw3.h>
#include <glm/common.hpp>

#include "engine/app/window/display_loss.h"

namespace fl {
namespace {

constexpr double kDoubleClickSeconds = 0.35;
constexpr int kLeastWidth = 480, kLeastHeight = 320;
constexpr float kClickReach = 5;  // pixels that a hand moves while it clicks

// One window, one thread: the callbacks need a place to note things that does not move with Window.
struct Notes {
  WindowInput input;
  glm::vec2 last{0}, pressed{0};
  bool turning = false, panning = false, second_press = false;
  double last_click = -1;
  bool ui_has_pointer = false, ui_has_keys = false;
};
Notes notes;
std::string glfw_failure;

void on_error(int, const char* description) {
  glfw_failure = description;
}

glm::vec2 to_pixels(GLFWwindow* window, double x, double y) {
  int width = 1, height = 1, pixel_width = 1, pixel_height = 1;
  glfwGetWindowSize(window, &width, &height);
  glfwGetFramebufferSize(window, &pixel_width, &pixel_height);
  return {static_cast<float>(x * pixel_width / std::max(width, 1)),
          static_cast<float>(y * pixel_height / std::max(height, 1))};
}

void on_cursor(GLFWwindow* window, double x, double y) {
  const glm::vec2 now = to_pixels(window, x, y);
  if (notes.turning) notes.input.turn += now - notes.last;
  if (notes.panning) notes.input.pan += now - notes.last;
  notes.last = now;
  notes.input.any = true;
}

void on_button(GLFWwindow*, int button, int action, int modifiers) {
  notes.input.any = true;
  if (action == GLFW_RELEASE) {
    const glm::vec2 way = glm::abs(notes.last - notes.pressed);
    if (notes.turning && !notes.second_press && std::max(way.x, way.y) <= kClickReach)
      notes.input.click = notes.pressed;
    notes.turning = notes.panning = false;
    return;
  }
  if (notes.ui_has_pointer) return;
  const bool left = button == GLFW_MOUSE_BUTTON_LEFT && (modifiers & GLFW_MOD_SHIFT) == 0;
  notes.turning = left;
  notes.panning = !left;
  notes.pressed = notes.last;
  if (!left) return;
  const double now = glfwGetTime();
  notes.second_press = now - notes.last_click < kDoubleClickSeconds;
  if (notes.second_press) notes.input.double_click = notes.last;
  notes.last_click = now;
}

void on_scroll(GLFWwindow*, double, double y) {
  notes.input.any = true;
  if (!notes.ui_has_pointer) notes.input.scroll += static_cast<float>(y);
}

// GLFW names keys by their place on an American keyboard.
int with_control(int key, int scancode) {
  const char* name = glfwGetKeyName(key, scancode);
  const bool letter = name != nullptr && name[0] >= 'a' && name[0] <= 'z' && name[1] == '\0';
  return kControl + (letter ? GLFW_KEY_A + name[0] - 'a' : key);
}

void on_key(GLFWwindow*, int key, int scancode, int action, int modifiers) {
  notes.input.any = true;
  if (notes.ui_has_keys) return;
  if ((modifiers & GLFW_MOD_CONTROL) != 0) key = with_control(key, scancode);
  if (action == GLFW_PRESS) notes.input.keys.push_back(key);
  if (action == GLFW_REPEAT) notes.input.repeats.push_back(key);
}

void on_character(GLFWwindow*, unsigned character) {
  if (character == kQuestionMark && !notes.ui_has_keys) notes.input.keys.push_back(kQuestionMark);
}

void on_drop(GLFWwindow*, int count, const char** paths) {
  notes.input.any = true;
  for (int i = 0; i < count; ++i) notes.input.dropped.emplace_back(paths[i]);
}

void on_change(GLFWwindow*, int, int) {
  notes.input.any = true;
}

void on_refresh(GLFWwindow*) {
  notes.input.any = true;
}

// The screen that holds the point, else the first one; null: there is none.
GLFWmonitor* monitor_under(int x, int y) {
  int count = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  for (int i = 0; i < count; ++i) {
    int left = 0, top = 0;
    glfwGetMonitorPos(monitors[i], &left, &top);
    const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
    if (mode != nullptr && x >= left && x < left + mode->width && y >= top && y < top + mode->height)
      return monitors[i];
  }
  return glfwGetPrimaryMonitor();
}

// As far as there is room on the screen.
void fit_to_screen(int& width, int& height) {
  GLFWmonitor* monitor = glfwGetPrimaryMonitor();
  int x = 0, y = 0, most_width = 0, most_height = 0;
  if (monitor != nullptr) glfwGetMonitorWorkarea(monitor, &x, &y, &most_width, &most_height);
  if (most_width >= kLeastWidth) width = std::min(width, most_width);
  if (most_height >= kLeastHeight) height = std::min(height, most_height);
}

}  // namespace

Result<Window> Window::open(int width, int height, const std::string& title) {
  glfwSetErrorCallback(on_error);
  if (glfwInit() != GLFW_TRUE)
    return error("No window can be opened ({}); fallline render and fallline train work without a display.",
                 glfw_failure.empty() ? "no display was found" : glfw_failure);
  if (glfwVulkanSupported() != GLFW_TRUE) {
    glfwTerminate();
    return error(
        "No Vulkan driver that can draw into a window was found; install mesa-vulkan-drivers or your "
        "graphics card's driver.");
  }
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  fit_to_screen(width, height);
  GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
  if (window == nullptr) {
    glfwTerminate();
    return error("The window could not be opened: {}.", glfw_failure);
  }
  notes = {};
  watch_for_display_loss();
  glfwSetWindowSizeLimits(window, kLeastWidth, kLeastHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
  // Before the user interface installs its own, which call these in turn.
  glfwSetCursorPosCallback(window, on_cursor);
  glfwSetMouseButtonCallback(window, on_button);
  glfwSetScrollCallback(window, on_scroll);
  glfwSetKeyCallback(window, on_key);
  glfwSetCharCallback(window, on_character);
  glfwSetDropCallback(window, on_drop);
  glfwSetFramebufferSizeCallback(window, on_change);
  glfwSetWindowRefreshCallback(window, on_refresh);
  return Window(window);
}

Window::Window(Window&& other) noexcept : window_(std::exchange(other.window_, nullptr)) {}

Window::~Window() {
  if (window_ == nullptr) return;
  glfwDestroyWindow(window_);
  glfwTerminate();
}

bool Window::closing() const {
  return glfwWindowShouldClose(window_) == GLFW_TRUE || window_lost();
}

bool Window::lost() {
  return window_lost();
}

void Window::keep_open() {
  glfwSetWindowShouldClose(window_, GLFW_FALSE);
  if (glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE) glfwRestoreWindow(window_);
}

void Window::close() {
  glfwSetWindowShouldClose(window_, GLFW_TRUE);
}

void Window::show() {
  glfwShowWindow(window_);
}

void Window::hide() {
  glfwHideWindow(window_);
}

void Window::toggle_fullscreen() {
  if (glfwGetWindowMonitor(window_) != nullptr) {
    glfwSetWindowMonitor(window_, nullptr, x_, y_, width_, height_, GLFW_DONT_CARE);
    return;
  }
  glfwGetWindowPos(window_, &x_, &y_);
  glfwGetWindowSize(window_, &width_, &height_);
  GLFWmonitor* monitor = monitor_under(x_ + width_ / 2, y_ + height_ / 2);
  const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr;
  if (mode != nullptr)
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

void Window::take_keys_of(GLFWwindow* other) const {
  glfwSetKeyCallback(other, on_key);
  glfwSetCharCallback(other, on_character);
}

void Window::set_title(const std::string& title) {
  glfwSetWindowTitle(window_, title.c_str());
}

void Window::wake() {
  glfwPostEmptyEvent();
}

glm::ivec2 Window::framebuffer_size() const {
  glm::ivec2 size{0};
  glfwGetFramebufferSize(window_, &size.x, &size.y);
  if (glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE) size = {0, 0};
  return size;
}

float Window::content_scale() const {
  float x = 1, y = 1;
  glfwGetWindowContentScale(window_, &x, &y);
  return x > 0 ? x : 1;
}

WindowInput Window::wait(double seconds, bool ui_has_pointer, bool ui_has_keys) {
  notes.ui_has_pointer = ui_has_pointer;
  notes.ui_has_keys = ui_has_keys;
  if (seconds > 0)
    glfwWaitEventsTimeout(seconds);
  else
    glfwPollEvents();
  WindowInput input = std::exchange(notes.input, {});
  input.turning = notes.turning;
  input.pointer = notes.last;
  return input;
}

}  // namespace fl

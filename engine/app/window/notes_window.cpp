#include "engine/app/window/notes_window.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <GLFW/glfw3.h>
#include <fmt/chrono.h>

#include "engine/ui/places.h"

namespace fl {
namespace {

constexpr const char* kTitle = "Lecturer's notes";
constexpr int kWidth = 760, kHeight = 560, kBorder = 60;  // of the display, around it

struct Area {
  int x = 0, y = 0, width = 0, height = 0;
};

// Of a display that no part of the window's middle is on; nothing where there is none.
std::optional<Area> other_display(GLFWwindow* window) {
  int count = 0, x = 0, y = 0, width = 0, height = 0;
  GLFWmonitor** monitors = glfwGetMonitors(&count);
  glfwGetWindowPos(window, &x, &y);
  glfwGetWindowSize(window, &width, &height);
  x += width / 2;
  y += height / 2;
  for (int i = 0; count > 1 && i < count; ++i) {
    Area area;
    glfwGetMonitorWorkarea(monitors[i], &area.x, &area.y, &area.width, &area.height);
    if (x < area.x || x >= area.x + area.width || y < area.y || y >= area.y + area.height) return area;
  }
  return std::nullopt;
}

std::string state_words(const Status& status) {
  const char* word = status.state == RunState::kFinished   ? "finished"
                     : status.state == RunState::kDiverged ? "diverged"
                     : status.playing                      ? "running"
                                                           : "paused";
  return fmt::format("{}, step {} of {}", word, status.step, status.total_steps);
}

}  // namespace

struct NotesWindow::Happened {
  std::optional<glm::vec2> click;
  bool refresh = true;

  static Happened& of(GLFWwindow* window) {
    return *static_cast<Happened*>(glfwGetWindowUserPointer(window));
  }
};

Result<std::unique_ptr<NotesWindow>> NotesWindow::open(const Window& beside, Device& device,
                                                       const Font& font) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHint(GLFW_FOCUS_ON_SHOW, GLFW_FALSE);
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  const std::optional<Area> area = other_display(beside.handle());
  const int width = area ? std::max(area->width - 2 * kBorder, kWidth / 2) : kWidth,
            height = area ? std::max(area->height - 2 * kBorder, kHeight / 2) : kHeight;
  GLFWwindow* window = glfwCreateWindow(width, height, kTitle, nullptr, nullptr);
  if (window == nullptr)
    return error("The window of the notes could not be opened; N shows them beside the stage.");
  auto surface = WindowSurface::create(device.instance(), window);
  if (!surface) {
    glfwDestroyWindow(window);
    return surface.error();
  }
  auto swapchain = Swapchain::create(device, surface->handle(), PresentMode::kFifo);
  if (!swapchain) {
    { const WindowSurface gone = *std::move(surface); }  // before its window
    glfwDestroyWindow(window);
    return swapchain.error();
  }
  if (area) glfwSetWindowPos(window, area->x + kBorder, area->y + kBorder);
  auto notes = std::unique_ptr<NotesWindow>(
      new NotesWindow(window, *std::move(surface), *std::move(swapchain), device, font));
  beside.take_keys_of(window);
  glfwShowWindow(window);
  return notes;
}

NotesWindow::NotesWindow(GLFWwindow* window, WindowSurface surface, std::unique_ptr<Swapchain> swapchain,
                         Device& device, const Font& font)
    : window_(window),
      happened_(std::make_unique<Happened>()),
      surface_(std::move(surface)),
      swapchain_(std::move(swapchain)),
      font_(font),
      frames_(device),
      page_(device, font, swapchain_->format()) {
  glfwSetWindowUserPointer(window, happened_.get());
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* of) { Happened::of(of).refresh = true; });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* of, int button, int action, int) {
    if (button != GLFW_MOUSE_BUTTON_LEFT || action != GLFW_PRESS) return;
    double x = 0, y = 0;
    int width = 1, height = 1, across = 1, down = 1;
    glfwGetCursorPos(of, &x, &y);
    glfwGetWindowSize(of, &width, &height);
    glfwGetFramebufferSize(of, &across, &down);
    Happened::of(of).click = glm::vec2(x * across / std::max(width, 1), y * down / std::max(height, 1));
  });
}

NotesWindow::~NotesWindow() {
  frames_.wait_all();
  swapchain_.reset();
  { const WindowSurface gone = std::move(surface_); }
  glfwDestroyWindow(window_);
}

bool NotesWindow::closing() const {
  return glfwWindowShouldClose(window_) == GLFW_TRUE;
}

std::string_view NotesWindow::clicked() {
  const auto click = std::exchange(happened_->click, std::nullopt);
  if (!click) return {};
  for (const auto& [action, rect] : layout_.buttons)
    if (click->x >= rect.x && click->x < rect.right() && click->y >= rect.y && click->y < rect.bottom())
      return action;
  return {};
}

void NotesWindow::note_places() const {
  for (const auto& [action, rect] : layout_.buttons) note_place("notes-" + std::string(action), rect);
}

void NotesWindow::show(const NotesWords& words, const Theme& theme) {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  if (glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE || width <= 0 || height <= 0) return;
  const VkExtent2D extent{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
  const bool same_size = extent.width == extent_.width && extent.height == extent_.height;
  if (same_size && !happened_->refresh && words == shown_ && &theme == theme_) return;
  if (!swapchain_->ensure(extent)) return;
  const FrameInFlight frame = frames_.begin();
  const auto image = swapchain_->acquire(frame.index);
  if (!image) return;
  happened_->refresh = false;
  float scale = 1, other = 1;
  glfwGetWindowContentScale(window_, &scale, &other);
  layout_ = lay_out_notes(font_, theme, image->extent, scale > 0 ? scale : 1, words);
  page_.record(frame.cmd, frame.index, {image->image, image->view, image->extent}, layout_, theme);
  swapchain_->prepare_present(frame.cmd, *image);
  frames_.submit(frame, std::array{image->acquired}, std::array{image->rendered});
  swapchain_->present(*image);
  shown_ = words;
  theme_ = &theme;
  extent_ = extent;
}

bool NotesKeeper::has_window() const {
  return wanted_ || notes_ || other_display(window_.handle());
}

Result<void> NotesKeeper::toggle() {
  if (notes_) {
    notes_.reset();
    return {};
  }
  FL_TRY_LET(opened, NotesWindow::open(window_, device_, font_));
  notes_ = *std::move(opened);
  return {};
}

std::string_view NotesKeeper::turn(const LessonInfo& lesson, const Status& status, const ViewState& view,
                                   bool may_draw) {
  if (std::exchange(lesson_, lesson.number) != lesson.number || view.cue == 0) begun_.reset();
  if (view.cue > 0 && !begun_) begun_ = Clock::now();
  if (!notes_) return {};
  if (notes_->closing()) {
    notes_.reset();
    return {};
  }
  if (may_draw) {
    const auto passed =
        std::chrono::floor<std::chrono::seconds>(Clock::now() - begun_.value_or(Clock::now()));
    const bool over = status.over();
    notes_->show({.title = lesson.trains || !lesson.run.title.empty() ? lesson.run.title : "Fall Line",
                  .state = state_words(status),
                  .cues = lesson.cues,
                  .cue = view.cue,
                  .clock = fmt::format("{:%H:%M}", fmt::localtime(std::time(nullptr))),
                  .passed = begun_ ? fmt::format("{}:{:02} since the first cue", passed.count() / 60,
                                                 passed.count() % 60)
                                   : "",
                  .controls = {{"cue-before", "Before", view.cue > 0},
                               {"cue-after", "Next", view.cue < lesson.cues.size()},
                               {"train-or-pause", status.playing && !over ? "Pause" : "Train", !over},
                               {"one-step", "Step", !over},
                               {"reset", "Rewind"},
                               {"presenter", view.presenter ? "Controls" : "Presenter"},
                               {"blank", view.blank ? "Picture" : "Blank", view.presenter}}},
                 *view.theme);
  }
  return notes_->clicked();
}

}  // namespace fl

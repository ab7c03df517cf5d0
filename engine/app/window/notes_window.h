#pragma once
// A window of its own for the lecturer: the notes, the next cue, the time, and buttons for what a lecture
// needs, while the hall sees the stage alone. It opens on a display that the main window is not on. Keys that
// are pressed in it count as pressed in the main window.

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/app/window/window.h"
#include "engine/notes/notes_page.h"
#include "engine/stage/view_state.h"
#include "engine/ui/lesson_info.h"
#include "engine/vk/surface.h"
#include "engine/vk/swapchain.h"
#include "trainer/session/status.h"

namespace fl {

class NotesWindow {
 public:
  // Errors: no window, or none that can be drawn to. All arguments must outlive it.
  static Result<std::unique_ptr<NotesWindow>> open(const Window& beside, Device& device, const Font& font);
  ~NotesWindow();
  NotesWindow(const NotesWindow&) = delete;
  NotesWindow& operator=(const NotesWindow&) = delete;

  [[nodiscard]] bool closing() const;
  // Draws where it differs from what is seen. Nobody else uses the device's queue meanwhile for long.
  void show(const NotesWords& words, const Theme& theme);
  // The action of a button that was clicked since last asked; empty: none.
  [[nodiscard]] std::string_view clicked();
  // For tests that click: "notes-" and the action's name.
  void note_places() const;

 private:
  struct Happened;
  NotesWindow(GLFWwindow* window, WindowSurface surface, std::unique_ptr<Swapchain> swapchain, Device& device,
              const Font& font);

  GLFWwindow* window_;
  std::unique_ptr<Happened> happened_;
  WindowSurface surface_;
  std::unique_ptr<Swapchain> swapchain_;
  const Font& font_;
  FramesInFlight frames_;
  NotesPage page_;
  NotesLayout layout_;
  NotesWords shown_;
  const Theme* theme_ = nullptr;  // of what is seen
  VkExtent2D extent_{};
};

// Opens and closes it, at the key of the panel "Notes" where there is a second display, or wherever it was
// asked for; says what stands in it.
class NotesKeeper {
 public:
  // All arguments must outlive it.
  NotesKeeper(const Window& window, Device& device, const Font& font)
      : window_(window), device_(device), font_(font) {}
  // The window is wanted, also where there is a single display.
  void want() { wanted_ = true; }
  // Whether the notes have a window of their own here, in place of the panel.
  [[nodiscard]] bool has_window() const;
  // Opens or closes it. Error: it does not open.
  Result<void> toggle();
  void close() { notes_.reset(); }
  // In each turn of the main window's loop. `may_draw`: nothing is being presented. The action that was
  // clicked; empty: none.
  std::string_view turn(const LessonInfo& lesson, const Status& status, const ViewState& view, bool may_draw);
  void note_places() const {
    if (notes_) notes_->note_places();
  }
  [[nodiscard]] bool wanted() const { return wanted_; }

 private:
  using Clock = std::chrono::steady_clock;
  const Window& window_;
  Device& device_;
  const Font& font_;
  bool wanted_ = false;
  std::unique_ptr<NotesWindow> notes_;
  std::uint64_t lesson_ = 0;
  std::optional<Clock::time_point> begun_;  // the lecture: its first cue
};

}  // namespace fl

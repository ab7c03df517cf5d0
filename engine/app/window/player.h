#pragma once
// The window's loop: input becomes commands and camera moves, the newest frame of the ring becomes a picture.
// It draws when there is something new and sleeps otherwise, so that two cores are enough for both sides.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/app/start/first_use.h"
#include "engine/app/start/starting.h"
#include "engine/app/takes/filming.h"
#include "engine/app/window/first_times.h"
#include "engine/app/window/lessons.h"
#include "engine/app/window/live_log.h"
#include "engine/app/window/notes_window.h"
#include "engine/app/window/shader_reload.h"
#include "engine/app/window/shared_time.h"
#include "engine/app/window/window.h"
#include "engine/stage/stage.h"
#include "engine/ui/control_bar.h"
#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/data/draft_guard.h"
#include "engine/ui/panels/panels.h"
#include "engine/ui/panels/render_guard.h"
#include "engine/ui/viewer.h"
#include "engine/vk/presenter.h"
#include "engine/vk/swapchain.h"
#include "trainer/base/frequency.h"

namespace fl {

class Player {
 public:
  // All arguments must outlive the player; `swapchain` has no images yet.
  Player(Window& window, Device& device, Swapchain& swapchain, Font& font, const BackendChoice& backend,
         Background& background);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // As Lessons::await.
  void await(std::unique_ptr<Opening> first, const std::filesystem::path& out) {
    lessons_.await(std::move(first), out);
  }
  // Begins with this panel open.
  void open_panel(std::string_view name) { panel_ = name; }
  // The lecturer's notes have a window of their own, from the start.
  void want_notes_window() { notes_.want(); }
  // Until the window is closed. Throws VulkanError, for one when the device is lost. Error: the first lesson
  // does not open.
  Result<void> loop();
  // After the window was closed: saves run and session. Errors: as write_run_folder.
  Result<void> finish() { return lessons_.finish(); }
  [[nodiscard]] bool has_lesson() { return studio().has_lesson(); }
  // Saves the lesson's run after loop() threw: half a sentence, as rescue_run() says it.
  std::string rescue() { return lessons_.rescue(); }

 private:
  using Clock = std::chrono::steady_clock;

  void handle(const WindowInput& input);
  void hear_lessons();
  // Begins anew with a studio that is shown from now on.
  void take_studio();
  // What actions act on; their commands go to the session.
  void act(const std::function<void(const ActionContext&)>& ask);
  void draw();
  // Whether a picture can be drawn: the last one is presented. Throws what that threw.
  bool ready();
  void record(const FrameInFlight& frame, const SwapchainImage& image, const StageView& view);
  void draw_controls(VkExtent2D extent, bool on_stage);
  void update_message();
  void hear_surface();
  void turn_notes();
  void toggle_notes();
  void make_stage();
  void reload_shaders();
  // Panels are drawn, and may want the pointer and the keys.
  [[nodiscard]] bool panels() {
    return !panel_.empty() || !studio().view().presenter || draft_guard_.asking() || render_guard_.asking();
  }
  // Pixels of the lower edge that the bar takes.
  [[nodiscard]] Insets insets(VkExtent2D extent);
  [[nodiscard]] Studio& studio() { return lessons_.studio(); }
  [[nodiscard]] float ui_scale() const {
    return widget_scale(window_.content_scale(), static_cast<float>(window_.framebuffer_size().y));
  }
  void say(const std::string& message, bool is_error);
  // It is to close, and no draft speaks against it.
  [[nodiscard]] bool closes();
  void answer_for_draft(const DraftGuard::Outcome& outcome);
  void answer_for_renders(RenderGuard::Answer answer);
  // Nothing without a lesson.
  [[nodiscard]] std::optional<FilmedLesson> filmed_lesson();
  void hear_filming();

  Window& window_;
  Device& device_;
  Swapchain& swapchain_;
  Presenter presenter_;
  FramesInFlight frames_;
  Font& font_;
  std::unique_ptr<Stage> stage_;
  ShaderReload shaders_;            // does something in developer builds only
  std::unique_ptr<ImGuiLayer> ui_;  // needs a swapchain with images: made at the first frame
  float ui_made_for_ = 0;           // ui_scale() then: its fonts are of that size
  SharedTime shared_time_;
  Lessons lessons_;
  Starting starting_;
  FirstUse first_use_;
  FirstTimes first_;

  Filming filming_;
  NotesKeeper notes_;
  Viewer viewer_;
  // A ray of the viewer's, and the frame whose device looks where it meets the surface.
  struct Asked {
    Ray ray;
    std::uint64_t frame = 0;
    bool by_pointer = false;  // else by a double click
  };
  std::optional<Asked> asked_;
  ControlBar bar_;
  Controls controls_;
  DraftGuard draft_guard_;
  RenderGuard render_guard_;
  WindowFacts facts_;
  LiveLog live_;
  Frame shown_;             // of the content that is shown
  std::string_view panel_;  // the open one
  Frequency drawn_often_;
  std::optional<bool> presented_;  // the picture that is on its way to the display: whether it shows a lesson
  bool changed_ = true;
  std::uint64_t drawn_publish_ = ~0ull;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point awake_until_{}, last_draw_{}, last_input_ = Clock::now(), message_until_{};
};

}  // namespace fl

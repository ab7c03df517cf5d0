#pragma once
// The window's loop: input becomes commands and camera moves, the newest frame of the ring becomes a picture.
// It draws when there is something new and sleeps otherwise, so that two cores are enough for both sides.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/app/live_lesson.h"
#include "engine/app/shader_reload.h"
#include "engine/app/window.h"
#include "engine/ui/control_bar.h"
#include "engine/view/stage.h"
#include "engine/vk/imgui_layer.h"
#include "engine/vk/swapchain.h"

namespace fl {

class Player {
 public:
  // All arguments must outlive the player; `swapchain` has no images yet.
  Player(Window& window, Device& device, Swapchain& swapchain, const Font& font);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // Opens a lesson in place of the one there is, which stays if this one does not open.
  Result<void> open(const std::string& what, const std::vector<std::string>& overrides);
  // Until the window is closed.
  void loop();

 private:
  using Clock = std::chrono::steady_clock;

  void handle(const WindowInput& input);
  void press(int key);
  void draw();
  void record(const FrameInFlight& frame, const SwapchainImage& image, const AcquiredFrame* shown);
  void draw_controls(VkExtent2D extent);
  void update_message();
  void make_stage();
  void reload_shaders();
  void apply_choices();
  [[nodiscard]] float ui_scale() const { return window_.content_scale(); }
  [[nodiscard]] Rect landscape_rect() const;
  void fit_camera();
  void next_colors();
  void say(const std::string& message, bool is_error);

  Window& window_;
  Device& device_;
  Swapchain& swapchain_;
  FramesInFlight frames_;
  const Font& font_;
  std::unique_ptr<Stage> stage_;
  ShaderReload shaders_;  // does something in developer builds only
  std::string font_path_;
  std::unique_ptr<ImGuiLayer> ui_;  // needs a swapchain with images: made at the first frame
  std::unique_ptr<LiveLesson> lesson_;

  StageView view_;
  ViewChoices choices_;
  ControlBar bar_;
  ControlFacts facts_;
  VkExtent2D extent_{};
  bool fitted_ = true;  // the camera frames the landscape and follows resizes
  bool changed_ = true;
  std::uint64_t drawn_publish_ = ~0ull;
  std::uint64_t opened_ = 0;  // lessons so far
  Clock::time_point begun_ = Clock::now();
  Clock::time_point awake_until_{}, last_draw_{}, message_until_{};
};

}  // namespace fl

#pragma once
// The window's loop: input becomes commands and camera moves, the newest frame of the ring becomes a picture.
// It draws when there is something new and sleeps otherwise, so that two cores are enough for both sides.

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/app/first_times.h"
#include "engine/app/live_log.h"
#include "engine/app/opening/arrivals.h"
#include "engine/app/shader_reload.h"
#include "engine/app/shared_time.h"
#include "engine/app/studio/leaving.h"
#include "engine/app/studio/rescuing.h"
#include "engine/app/studio/studio.h"
#include "engine/app/window.h"
#include "engine/stage/stage.h"
#include "engine/ui/control_bar.h"
#include "engine/ui/imgui_layer.h"
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

  // Shows `first` when it is ready. `out`: what the folders are named after where the runs and sessions of
  // the lessons after it are saved (run_place.h); empty: nowhere.
  void await(std::unique_ptr<Opening> first, const std::filesystem::path& out);
  // Until the window is closed. Throws VulkanError, for one when the device is lost. Error: the first lesson
  // does not open.
  Result<void> loop();
  // After the window was closed: saves run and session. Errors: as write_run_folder.
  Result<void> finish();
  [[nodiscard]] bool has_lesson() const { return studio_->has_lesson(); }
  // Saves the lesson's run after loop() threw: half a sentence, as rescue_run() says it.
  std::string rescue();

 private:
  using Clock = std::chrono::steady_clock;

  void handle(const WindowInput& input);
  // Opens another lesson; the present one stays until that is ready, and also if it fails.
  void open(OpeningRequest request);
  void hear_arrivals();
  void hear_leaving();
  // Replaces the present lesson. Error: no memory for the new one; the present one stays.
  Result<void> show(Opened opened);
  void set_studio(std::unique_ptr<Studio> studio);
  // What actions act on; their commands go to the session.
  template <typename Ask>
  void act(const Ask& ask);
  void draw();
  // Whether a picture can be drawn: the last one is presented. Throws what that threw.
  bool ready();
  void record(const FrameInFlight& frame, const SwapchainImage& image, const StageView& view);
  void draw_controls(VkExtent2D extent, bool on_stage);
  void update_message();
  void hear_surface();
  void make_stage();
  void reload_shaders();
  // Panels are drawn, and may want the pointer and the keys.
  [[nodiscard]] bool panels() const { return !panel_.empty() || !studio_->view().presenter; }
  // Pixels of the lower edge that the bar takes.
  [[nodiscard]] Insets insets(VkExtent2D extent) const;
  [[nodiscard]] float ui_scale() const { return window_.content_scale(); }
  void say(const std::string& message, bool is_error);

  Window& window_;
  Device& device_;
  const std::shared_future<Device*> device_there_;
  Swapchain& swapchain_;
  Presenter presenter_;
  BackendChoice backend_;
  Background& background_;
  FramesInFlight frames_;
  Font& font_;
  std::unique_ptr<Stage> stage_;
  ShaderReload shaders_;            // does something in developer builds only
  std::unique_ptr<ImGuiLayer> ui_;  // needs a swapchain with images: made at the first frame
  std::unique_ptr<Studio> studio_;
  Arrivals arrivals_;
  std::vector<std::unique_ptr<Leaving>> leaving_;  // lessons that were shown
  std::optional<ViewSpec> dressed_;                // what the empty stage looks like
  std::optional<Error> failed_;                    // why the first lesson does not open
  std::optional<OpeningRequest> other_;            // Opened::other of the lesson that is shown
  std::filesystem::path out_root_;
  HeldFolder out_;  // for the lesson's run; null: it is saved nowhere, or already
  Rescuing rescuing_;
  FirstTimes first_;

  Viewer viewer_;
  // The viewer's ray, and the frame whose device looks where it meets the surface.
  struct Asked {
    Ray ray;
    std::uint64_t frame = 0;
  };
  std::optional<Asked> asked_;
  ControlBar bar_;
  WindowFacts facts_;
  LiveLog live_;
  Frame shown_;             // of the content that is shown
  std::string_view panel_;  // the open one
  SharedTime shared_time_;
  Frequency drawn_often_;
  std::optional<bool> presented_;  // the picture that is on its way to the display: whether it shows a lesson
  bool changed_ = true;
  std::uint64_t drawn_publish_ = ~0ull;
  std::uint64_t opened_ = 0;  // lessons so far
  std::uint64_t last_picture_ = 0;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point awake_until_{}, last_draw_{}, last_input_{}, message_until_{};
};

}  // namespace fl

#include "engine/app/player.h"

#include <algorithm>
#include <cmath>

#include <GLFW/glfw3.h>

#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/vk/barrier.h"
#include "engine/vk/check.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr float kZoomPerNotch = 0.9f;  // one notch of the wheel comes a tenth closer
constexpr float kUiFontSize = 16;
// After input, widgets need frames for hover and tooltips even when training publishes none.
constexpr auto kAwake = 700ms;
constexpr auto kMessageTime = 12s;

// A software renderer shares its cores with the training: half the frames leave it twice the time.
std::chrono::microseconds frame_interval(const Device& device) {
  return device.is_cpu() ? 33'333us : 16'667us;
}

}  // namespace

Player::Player(Window& window, Device& device, Swapchain& swapchain, const Font& font)
    : window_(window),
      device_(device),
      swapchain_(swapchain),
      frames_(device),
      font_(font),
      font_path_([] {
        const auto path = font_path(FontWeight::kRegular);
        return path ? *path : std::string();
      }()) {
  facts_.renderer = device.name();
  make_stage();
}

void Player::make_stage() {
  // Four samples cost a software renderer twice the time: there the edge filter has to do.
  const StageOptions options{.color_format = swapchain_.format(), .samples = device_.is_cpu() ? 1u : 4u};
  stage_ = std::make_unique<Stage>(device_, font_, options);
}

void Player::reload_shaders() {
  const auto changed = shaders_.poll();
  if (!changed) return;
  if (!changed->error.empty()) return say(changed->error, true);
  device_.wait_idle();  // frames in flight use the old pipelines
  try {
    make_stage();
    say("shaders reloaded", false);
  } catch (const VulkanError& e) {
    say(e.what(), true);  // the old stage stays
  }
}

Player::~Player() {
  device_.wait_idle();
}

Result<void> Player::open(const std::string& what, const std::vector<std::string>& overrides) {
  auto scene = open_scene(what, overrides);
  if (!scene) return scene.error();
  auto lesson = LiveLesson::open(*scene, device_);
  if (!lesson) return lesson.error();
  device_.wait_idle();  // frames in flight read the old lesson's ring
  lesson_ = *std::move(lesson);
  ++opened_;
  const StageView before = view_;
  view_ = stage_view(*scene);
  choices_.light_theme = scene->view.theme == "light";
  if (scene->view.distance <= 0)
    fit_camera();
  else
    fitted_ = false;
  view_.text_scale = before.text_scale;
  facts_.header = {};
  drawn_publish_ = ~0ull;
  changed_ = true;
  window_.set_title(fmt::format("Fall Line – {}", scene->run.title));
  return {};
}

void Player::loop() {
  const auto interval = frame_interval(device_);
  while (!window_.closing() && !interrupted()) {
    const glm::ivec2 size = window_.framebuffer_size();
    const bool visible = size.x > 0 && size.y > 0;
    const auto now = Clock::now();
    const bool due = visible && (changed_ || now < awake_until_ || lesson_->published() != drawn_publish_);
    const auto next = last_draw_ + interval;
    double wait = 0.1;  // a minimised or finished lesson looks around ten times a second
    if (due)
      wait = std::chrono::duration<double>(next - now).count();
    else if (visible)
      wait = std::chrono::duration<double>(interval).count() / 2;
    const WindowInput input =
        window_.wait(std::max(wait, 0.0), ui_ && ui_->wants_pointer(), ui_ && ui_->wants_keys());
    handle(input);
    reload_shaders();
    if (due && Clock::now() >= next) draw();
  }
}

void Player::handle(const WindowInput& input) {
  if (input.any) awake_until_ = Clock::now() + kAwake;
  const Rect area = landscape_rect();
  if (input.turn != glm::vec2(0)) {
    view_.camera.drag(input.turn, area.height);
    changed_ = true;
  }
  if (input.pan != glm::vec2(0)) {
    view_.camera.pan(input.pan, area.height);
    fitted_ = false;
    changed_ = true;
  }
  if (input.scroll != 0) {
    view_.camera.zoom(std::pow(kZoomPerNotch, input.scroll));
    fitted_ = false;
    changed_ = true;
  }
  if (input.double_click) fit_camera();
  for (const int key : input.keys) press(key);
  if (!input.dropped.empty()) {
    if (auto opened = open(input.dropped.front(), {}); !opened) say(opened.error().message, true);
  }
}

void Player::press(int key) {
  const auto state = static_cast<RunState>(facts_.header.state);
  switch (key) {
    case GLFW_KEY_SPACE:
      lesson_->post({state == RunState::kTraining ? CommandKind::kPause : CommandKind::kPlay});
      break;
    case GLFW_KEY_RIGHT:
      lesson_->post({CommandKind::kStep});
      break;
    case GLFW_KEY_R:
      lesson_->post({CommandKind::kReset, static_cast<double>(lesson_->seed())});
      break;
    case GLFW_KEY_L:
      lesson_->height().choose(!view_.log_height);
      break;
    case GLFW_KEY_T:
      choices_.light_theme = !choices_.light_theme;
      break;
    case GLFW_KEY_C:
      next_colors();
      break;
    case GLFW_KEY_P:
      choices_.presenter = !choices_.presenter;
      break;
    case GLFW_KEY_ESCAPE:
      choices_.presenter = false;
      break;
    case GLFW_KEY_F:
      fit_camera();
      break;
    default:
      return;
  }
  changed_ = true;
}

void Player::next_colors() {
  const std::vector<std::string>& names = color_map_names();
  const auto now = std::ranges::find(names, view_.colors->name);
  view_.colors = &color_map(now + 1 < names.end() ? *(now + 1) : names.front());
}

Rect Player::landscape_rect() const {
  return Stage::layout(extent_, view_).landscape;
}

void Player::fit_camera() {
  fitted_ = true;
  changed_ = true;
  const Rect area = landscape_rect();
  if (area.height > 0) view_.camera.fit(area.width / area.height);
}

void Player::say(const std::string& message, bool is_error) {
  facts_.message = message;
  facts_.message_is_error = is_error;
  message_until_ = Clock::now() + kMessageTime;
  if (is_error) log_line(LogLevel::kError, message);
  changed_ = true;
}

void Player::apply_choices() {
  view_.theme = choices_.light_theme ? &light_theme() : &dark_theme();
  view_.bottom_inset = choices_.presenter ? 0 : bar_.height(ui_scale());
  view_.text_scale = choices_.presenter ? 1.6f : 1.0f;
}

void Player::draw() {
  const auto now = Clock::now();
  if (!swapchain_.ensure({static_cast<std::uint32_t>(window_.framebuffer_size().x),
                          static_cast<std::uint32_t>(window_.framebuffer_size().y)}))
    return;
  if (!ui_)
    ui_ = std::make_unique<ImGuiLayer>(device_, window_.handle(), swapchain_,
                                       ImGuiOptions{font_path_, kUiFontSize * ui_scale()});
  const FrameInFlight frame = frames_.begin();
  const auto image = swapchain_.acquire(frame.index);
  if (!image) return;  // the surface changed: the next round makes new images
  const Rect before = landscape_rect();
  extent_ = image->extent;

  // One look at the ring a frame; what is drawn and what the controls say come from the same slot.
  const std::uint64_t published = lesson_->published();
  const AcquiredFrame* shown = lesson_->begin_frame(frames_.completed());
  if (shown != nullptr) facts_.header = shown->header;
  view_.log_height = choices_.log_height = lesson_->height().log_for(facts_.header);
  view_.content = shown != nullptr ? (opened_ << 32) + shown->number : 0;
  view_.time = std::chrono::duration<double>(now - begun_).count();
  apply_choices();
  // Resizes, another height of the bar and presenter mode all change what there is to fit into.
  const Rect area = landscape_rect();
  if (fitted_ && (before.width != area.width || before.height != area.height)) fit_camera();

  record(frame, *image, shown);
  frames_.submit(frame, image->acquired, image->rendered);
  lesson_->end_frame(frame.number);
  swapchain_.present(*image);

  const double seconds = std::chrono::duration<double>(now - last_draw_).count();
  if (seconds > 0 && seconds < 2) facts_.frames_per_second += 0.1 * (1 / seconds - facts_.frames_per_second);
  last_draw_ = now;
  drawn_publish_ = published;
  changed_ = stage_->moving();
}

void Player::record(const FrameInFlight& frame, const SwapchainImage& image, const AcquiredFrame* shown) {
  static const FrameHeader kNoHeader{};
  update_message();
  StageTexts texts = lesson_->texts();
  if (choices_.presenter) {  // there is no bar to say it
    texts.message = facts_.message;
    texts.message_is_error = facts_.message_is_error;
  }
  stage_->record(frame.cmd, frame.index, {image.image, image.view, image.extent},
                shown != nullptr ? lesson_->slot_set(*shown) : VK_NULL_HANDLE,
                shown != nullptr ? shown->header : kNoHeader, view_, texts);
  if (!choices_.presenter) {
    ui_->begin_frame();
    draw_controls(image.extent);
    ui_->record(frame.cmd, image);
  }
  swapchain_.prepare_present(frame.cmd, image);
}

void Player::draw_controls(VkExtent2D extent) {
  lesson_->describe(facts_);
  const auto commands = bar_.draw(static_cast<float>(extent.width), static_cast<float>(extent.height),
                                  ui_scale(), facts_, choices_);
  for (const Command& command : commands) lesson_->post(command);
  if (choices_.log_height != view_.log_height) lesson_->height().choose(choices_.log_height);
}

void Player::update_message() {
  const std::string failure = lesson_->failure();
  if (!failure.empty()) {
    facts_.message = failure;
    facts_.message_is_error = true;
    facts_.header.state = static_cast<std::uint32_t>(RunState::kStopped);
  } else if (Clock::now() > message_until_) {
    facts_.message.clear();
  }
}

}  // namespace fl

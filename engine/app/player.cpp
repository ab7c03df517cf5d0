#include "engine/app/player.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/loading/cache_folder.h"
#include "engine/app/message_place.h"
#include "engine/app/open_training.h"
#include "engine/app/start_time.h"
#include "engine/ui/panels/panels.h"
#include "engine/ui/places.h"
#include "engine/vk/barrier.h"
#include "engine/vk/check.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

std::shared_future<Device*> there(Device& device) {
  std::promise<Device*> promise;
  promise.set_value(&device);
  return promise.get_future().share();
}

constexpr float kUiFontSize = 16;
// After input, widgets need frames for hover and tooltips even when training publishes none.
constexpr auto kAwake = 700ms;
constexpr auto kMessageTime = 12s;
constexpr double kPresentingLook = 0.004;  // seconds between looks whether a picture is presented

// A software renderer shares its cores with the training: half the frames leave it twice the time.
std::chrono::microseconds frame_interval(const Device& device) {
  return device.is_cpu() ? 33'333us : 16'667us;
}

}  // namespace

Player::Player(Window& window, Device& device, Swapchain& swapchain, Font& font, const BackendChoice& backend,
               Background& background)
    : window_(window),
      device_(device),
      device_there_(there(device)),
      swapchain_(swapchain),
      presenter_(swapchain),
      backend_(backend),
      background_(background),
      frames_(device),
      font_(font) {
  facts_.renderer = device.name();
  make_stage();
  set_studio(std::make_unique<Studio>(ViewState()));
}

void Player::make_stage() {
  stage_ = std::make_unique<Stage>(
      device_, font_, live_stage_options(device_, swapchain_.format(), swapchain_.takes_copies()));
  asked_.reset();  // the stage before took the answer with it: the next picture is asked again
}

void Player::reload_shaders() {
  const auto changed = shaders_.poll();
  if (!changed) return;
  if (!changed->error.empty()) {
    say(changed->error, true);
    message_until_ = Clock::time_point::max();  // until it is mended
    return;
  }
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

void Player::await(std::unique_ptr<Opening> first, const std::filesystem::path& out) {
  arrivals_.await(std::move(first));
  out_root_ = out;
}

void Player::open(OpeningRequest request) {
  log_info("opening {}{}", printable(request.what), request.again ? " with the other network" : "");
  request.backend = backend_;
  request.cache = cache_folder();
  request.background = &background_;
  request.device = device_there_;
  request.place = next_place(request.what, out_root_);
  arrivals_.open(std::move(request));
  changed_ = true;
}

void Player::hear_arrivals() {
  if (auto arrival = arrivals_.take()) {
    const auto shown =
        arrival->opened ? show(std::move(*arrival->opened)) : Result<void>(arrival->opened.error());
    if (!shown && arrival->first) failed_ = shown.error();
    if (!shown) arrivals_.drop();
    if (!shown && !arrival->first) say(shown.error().message, true);
    changed_ = true;
  }
  if (!arrivals_.look()) return;
  changed_ = true;
  // An empty stage has the colours of the scene that is to come.
  const auto& view = arrivals_.news().view;
  if (view && view != dressed_ && !studio_->has_lesson()) {
    dressed_ = view;
    set_studio(std::make_unique<Studio>(view_state(*view)));
  }
}

void Player::hear_leaving() {
  std::erase_if(leaving_, [this](const auto& leaving) {
    if (!leaving->gone(frames_.completed())) return false;
    if (auto saved = leaving->saved(); !saved) say(saved.error().message, true);
    return true;
  });
}

std::string Player::rescue() {
  const std::string& rescued = rescuing_.words(true);
  if (!rescued.empty()) return rescued;
  const HeldFolder folder = std::exchange(out_, nullptr);
  return studio_->rescue(path_of(folder));
}

Result<void> Player::show(Opened opened) {
  const SceneFile& scene = opened.scene;
  // A training on a device leaves the renderer's processor alone.
  const bool shares = device_.is_cpu() && !opened.lesson.subject->gpu();
  const bool strange = opened.lesson.strange_images;
  std::unique_ptr<Studio> studio;
  try {
    studio = std::make_unique<Studio>(scene, std::move(opened.lesson), device_, scene.view.autoplay);
  } catch (const VulkanError& e) {
    if (e.device_lost()) throw;
    return Error{failure_text(e) + "."};
  }
  shared_time_.begin(*studio->session().governor(),
                     shares ? std::optional(scene.view.training_share) : std::nullopt);
  studio->session().start(studio->ring());
  if (opened.again)
    studio->view().look_like(studio_->view());
  else
    studio->view().presenter |= studio_->view().presenter;
  set_studio(std::move(studio));
  out_ = std::move(opened.folder);
  other_ = std::move(opened.other);
  if (opened.again) facts_.message.clear();  // of the other network
  if (strange) say(kStrangeImagesInWindow, false);
  window_.set_title(fmt::format("Fall Line – {}", scene.run.title));
  return {};
}

// Pictures in flight read the old one's ring, and its session is in the middle of a step: it leaves in its
// own time.
void Player::set_studio(std::unique_ptr<Studio> studio) {
  static_cast<void>(rescuing_.words(true));
  if (studio_ && studio_->has_lesson())
    leaving_.push_back(
        std::make_unique<Leaving>(std::move(studio_), std::exchange(out_, nullptr), last_picture_));
  studio_ = std::move(studio);
  ++opened_;
  rescuing_.forget();
  font_.cover(all_words(studio_->texts()));
  viewer_.watch(studio_->view());
  facts_.shares.reset();
  facts_.ring = studio_->sharing();
  shown_ = {};
  drawn_publish_ = ~0ull;
  changed_ = true;
}

Result<void> Player::finish() {
  static_cast<void>(rescuing_.words(true));
  Result<void> all = {};
  for (const auto& leaving : leaving_)
    if (auto saved = leaving->saved(); !saved) all = saved;
  const HeldFolder folder = std::exchange(out_, nullptr);
  if (!folder) return all;
  auto saved = studio_->save(*folder);
  if (saved) log_info("saved in {}", folder->string());
  return saved ? all : saved;
}

Result<void> Player::loop() {
  const auto interval = frame_interval(device_);
  hear_arrivals();  // what is wrong with a file is often known by now: no window need flash up to say it
  if (!failed_) window_.show();
  while (!window_.closing() && !interrupted() && !failed_) {
    const glm::ivec2 size = window_.framebuffer_size();
    const bool visible = size.x > 0 && size.y > 0;
    const auto now = Clock::now();
    const bool asked_for = changed_ || (ui_ && ui_->has_input()) || (viewer_.question() && !asked_);
    const bool due = visible && (asked_for || viewer_.moving() || now < awake_until_ ||
                                 studio_->published() != drawn_publish_);
    const bool drawn = ready();
    if (studio_->has_lesson()) {
      shared_time_.look(*studio_->session().governor(), *studio_->status(), viewer_.moving(), now);
      facts_.shares = shared_time_.had();
    }
    const auto next = std::max(last_draw_ + interval, now + studio_->until_picture(due));
    double wait = 0.1;  // a minimised or finished lesson looks around ten times a second
    if (!drawn)
      wait = kPresentingLook;
    else if (due)
      wait = std::chrono::duration<double>(next - now).count();
    else if (visible)
      wait = std::chrono::duration<double>(interval).count() / 2;
    const bool asks = ui_ && panels();
    const WindowInput input =
        window_.wait(std::max(wait, 0.0), asks && ui_->wants_pointer(), asks && ui_->wants_keys());
    const auto turn = Clock::now();
    const double worked = thread_seconds();
    const bool stood = first_.window_stands();
    handle(input);
    hear_arrivals();
    hear_leaving();
    changed_ |= rescuing_.came();
    hear_surface();
    first_.steps(studio_->status()->step);
    reload_shaders();
    if (due && Clock::now() >= next && ready()) draw();
    if (!stood) continue;
    if (const auto line = arrivals_.note_turn({Clock::now() - turn, thread_seconds() - worked}))
      log_info("{}", *line);
  }
  window_.hide();  // what still has to end, or to be saved, takes its time
  arrivals_.drop();
  return failed_ ? Result<void>(*failed_) : Result<void>();
}

void Player::handle(const WindowInput& input) {
  const auto now = Clock::now();
  const double seconds = std::chrono::duration<double>(now - last_input_).count();
  last_input_ = now;
  if (input.any) {
    live_.input(seconds);
    awake_until_ = now + kAwake;
    shared_time_.touched(now);
  }
  const std::optional<TileChoice> tile = studio_->view().wall.tile;
  changed_ |= viewer_.handle(input, shown_, seconds);
  for (const int key : input.repeats) act([&](ActionContext c) { changed_ |= press(key, true, c); });
  for (const int key : input.keys) act([&](ActionContext c) { changed_ |= press(key, false, c); });
  if (const auto& now_tile = studio_->view().wall.tile; now_tile != tile && now_tile)
    log_info("enlarged: {}, channel {}", layer_name(studio_->texts(), now_tile->layer),
             now_tile->channel + 1);
  if (!input.dropped.empty()) open({.what = input.dropped.front()});
}

// Where a double click's ray met the surface, once the frame that looked is done.
void Player::hear_surface() {
  if (!asked_ || frames_.completed() < asked_->frame) return;
  const std::optional<glm::vec3> hit = stage_->hit();
  if (hit) log_info("the pointer meets the surface at {:.3f}, {:.3f}, {:.3f}", hit->x, hit->y, hit->z);
  viewer_.answer(asked_->ray, hit);
  asked_.reset();
}

template <typename Ask>
void Player::act(const Ask& ask) {
  const std::shared_ptr<const Status> status = studio_->status();
  std::vector<Command> commands;
  bool other = false;
  ask(ActionContext{
      *status, shown_, studio_->view(), viewer_, panel_, commands, {}, other_ ? &other : nullptr});
  for (const Command& command : commands) studio_->post(command);
  if (other && !arrivals_.on_its_way()) open(*other_);
}

Insets Player::insets(VkExtent2D extent) const {
  return {.left = panel_width(panel_, static_cast<float>(extent.width), ui_scale()),
          .bottom = studio_->view().presenter ? 0 : bar_.height(ui_scale())};
}

void Player::say(const std::string& message, bool is_error) {
  facts_.message = message;
  facts_.message_is_error = is_error;
  font_.cover(std::span(&message, 1));
  message_until_ = Clock::now() + kMessageTime;
  log_line(is_error ? LogLevel::kError : LogLevel::kInfo, message);
  changed_ = true;
}

void Player::draw() {
  const auto now = Clock::now();
  if (!swapchain_.ensure({static_cast<std::uint32_t>(window_.framebuffer_size().x),
                          static_cast<std::uint32_t>(window_.framebuffer_size().y)}))
    return;
  if (!ui_)
    ui_ = std::make_unique<ImGuiLayer>(
        device_, window_.handle(), swapchain_,
        ImGuiOptions{font_.path(FontWeight::kRegular), kUiFontSize * ui_scale()});
  const FrameInFlight frame = frames_.begin();
  const auto image = swapchain_.acquire(frame.index);
  if (!image) return;  // the surface changed: the next round makes new images
  // One look at the ring a frame; what is drawn and what the controls say come from the same slot.
  const std::uint64_t published = studio_->published();
  const AcquiredFrame* shown = studio_->begin_picture(frames_.completed());
  if (shown != nullptr) shown_ = *shown;
  // Resizes, another height of the bar and presenter mode all change what there is to fit into.
  viewer_.resize(image->extent, insets(image->extent));
  StageView view = studio_->picture();
  view.insets = insets(image->extent);
  if (view.content != 0) view.content += opened_ << 32;
  if (shown != nullptr) view.contents = shown->contents;
  view.time = std::chrono::duration<double>(now - begun_).count();
  if (const auto& question = viewer_.question(); question && !asked_) view.ray = question->ray;
  auto drawn = studio_->drawing(now);
  record(frame, *image, view);
  live_.picture(*studio_->status(), stage_->redrawn());
  studio_->note_view(viewer_.aspect());
  const SlotReading reading = studio_->reading();
  frames_.submit(frame, std::array{image->acquired, reading.wait},
                 std::array{image->rendered, reading.signal});
  studio_->end_picture(frame.number);
  last_picture_ = frame.number;
  if (view.ray) asked_ = {*view.ray, frame.number};
  presenter_.present(*image, std::move(drawn));
  presented_ = studio_->has_lesson();

  // A window that slept is not slow.
  const double seconds = std::chrono::duration<double>(now - last_draw_).count();
  if (seconds < 2) drawn_often_.add(1, seconds);
  facts_.frames_per_second = drawn_often_.per_second();
  last_draw_ = now;
  drawn_publish_ = published;
  changed_ = stage_->moving();
}

bool Player::ready() {
  if (presenter_.busy()) return false;
  if (const auto lesson = std::exchange(presented_, std::nullopt)) {
    first_.picture(*lesson);
    live_.presented();
  }
  return true;
}

void Player::record(const FrameInFlight& frame, const SwapchainImage& image, const StageView& view) {
  update_message();
  StageTexts texts = studio_->texts();
  const bool on_stage = said_on_stage(facts_.message, view.presenter);
  if (on_stage) {
    texts.message = facts_.message;
    texts.message_is_error = facts_.message_is_error;
  }
  if (arrivals_.on_its_way()) texts.loading = arrivals_.news().note;
  stage_->record(frame.cmd, frame.index, {image.image, image.view, image.extent}, studio_->slot_set(), shown_,
                 view, texts);
  if (panels()) {
    ui_->begin_frame();
    draw_controls(image.extent, on_stage);
    ui_->record(frame.cmd, image);
  } else {
    ui_->forget_input();
  }
  viewer_.note_places(shown_);
  end_places();
  swapchain_.prepare_present(frame.cmd, image);
}

void Player::draw_controls(VkExtent2D extent, bool on_stage) {
  WindowFacts facts = facts_;
  facts.lesson = studio_->has_lesson();
  if (on_stage) facts.message.clear();
  const auto width = static_cast<float>(extent.width), height = static_cast<float>(extent.height);
  act([&](const ActionContext& context) {
    if (!context.view.presenter) bar_.draw(width, height, ui_scale(), facts, context);
    draw_panels(context, height - insets(extent).bottom, ui_scale());
  });
}

void Player::update_message() {
  const std::string failure = studio_->status()->failure;
  if (!failure.empty()) {
    rescuing_.begin(*studio_, std::exchange(out_, nullptr));
    const std::string& rescued = rescuing_.words();
    facts_.message = rescued.empty() ? failure : fmt::format("{}; {}", failure, rescued);
    facts_.message_is_error = true;
  } else if (Clock::now() > message_until_) {
    facts_.message.clear();
  }
}

}  // namespace fl

#include "engine/app/window/player.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "engine/app/interrupt.h"
#include "engine/app/lesson.h"
#include "engine/app/window/message_place.h"
#include "engine/app/window/start_time.h"
#include "engine/ui/panels/landscape_panel.h"
#include "engine/ui/panels/panels.h"
#include "engine/ui/panels/preview.h"
#include "engine/ui/places.h"
#include "engine/ui/rail.h"
#include "engine/ui/run_actions.h"
#include "engine/ui/timeline/film_desk.h"
#include "engine/vk/barrier.h"
#include "engine/vk/check.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr float kUiFontSize = 16;
constexpr float kLeastScale = 0.74f;  // of the stage's words, the smallest of which are 15 pixels at scale 1
// After input, widgets need frames for hover and tooltips even when training publishes none.
constexpr auto kAwake = 700ms;
constexpr const char* kDropOne =
    "Drop one project, folder or scene at a time. For several images to look at, open the preview first (5).";
constexpr double kPresentingLook = 0.02;  // seconds between looks at the rest while a picture is presented

// A software renderer shares its cores with the training: half the frames leave it twice the time.
std::chrono::microseconds frame_interval(const Device& device) {
  return device.is_cpu() ? 33'333us : 16'667us;
}

}  // namespace

Player::Player(Window& window, Device& device, Swapchain& swapchain, Font& font, const BackendChoice& backend,
               Background& background)
    : window_(window),
      device_(device),
      swapchain_(swapchain),
      presenter_(swapchain, Window::wake),
      frames_(device),
      font_(font),
      lessons_(device, backend, background, shared_time_),
      filming_(device.name()),
      notes_(window, device, font) {
  facts_.renderer = device.name();
  make_stage();
  take_studio();
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

void Player::hear_lessons() {
  const bool asked = draft_guard_.asking();
  const bool may_show = !lessons_.arrived() || draft_guard_.lets_arrive(lessons_.info());
  const Lessons::News news = lessons_.hear(frames_.completed(), may_show);
  changed_ |= draft_guard_.asking() != asked;
  changed_ |= news.changed;
  if (news.other_studio) take_studio();
  if (news.other_lesson) {
    facts_.message.clear();  // about the one before
    window_.set_title(fmt::format("Fall Line – {}", lessons_.title()));
    const LessonInfo& info = lessons_.info();
    starting_.note({info.what, info.settings, info.run.title});
    act([&](ActionContext c) { controls_.begin(c.lesson, c.commands); });
  }
  for (const auto& [text, error] : news.words) say(text, error);
  if (const auto& desk = lessons_.info().film_desk) changed_ |= desk->hear();
  changed_ |= starting_.look(panel_ == "start");
}

void Player::take_studio() {
  font_.cover(all_words(studio().texts()));
  viewer_.watch(studio().view());
  facts_.shares.reset();
  facts_.ring = studio().sharing();
  shown_ = {};
  drawn_publish_ = ~0ull;
  changed_ = true;
}

Result<void> Player::loop() {
  const auto interval = frame_interval(device_);
  hear_lessons();  // what is wrong with a file is often known by now: no window need flash up to say it
  if (!lessons_.failed()) window_.show();
  if (notes_.wanted() && !lessons_.failed()) toggle_notes();
  while (!closes() && !interrupted() && !lessons_.failed()) {
    const bool visible = window_.visible();
    const auto now = Clock::now();
    const bool asked_for = changed_ || (ui_ && ui_->wants_frame()) || (viewer_.question() && !asked_);
    const bool due = visible && (asked_for || viewer_.moving() || now < awake_until_ ||
                                 studio().published() != drawn_publish_);
    const bool drawn = ready();
    if (studio().has_lesson()) {
      shared_time_.look(*studio().session().governor(), *studio().status(), viewer_.moving(), now);
      facts_.shares = shared_time_.had();
    }
    const auto next = std::max(last_draw_ + interval, now + studio().until_picture(due));
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
    hear_lessons();
    hear_surface();
    hear_filming();
    first_.steps(studio().status()->step);
    reload_shaders();
    turn_notes();
    studio().note_shown(visible);
    if (drawn && due && Clock::now() >= next) draw();  // `next` knows what the picture before took
    if (!stood) continue;
    if (const auto line = lessons_.note_turn({Clock::now() - turn, thread_seconds() - worked}))
      log_info("{}", *line);
  }
  window_.hide();  // what still has to end, or to be saved, takes its time
  notes_.close();
  lessons_.drop();
  for (const auto& [text, error] : filming_.finish())
    log_line(error ? LogLevel::kError : LogLevel::kInfo, text);
  return lessons_.failed() ? Result<void>(*lessons_.failed()) : Result<void>();
}

bool Player::closes() {
  if (!window_.closing()) return false;
  if (Window::lost() ||
      (draft_guard_.lets_close(lessons_.info()) && render_guard_.lets_close(filming_.queue().left())))
    return true;
  window_.keep_open();
  changed_ = true;
  return false;
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
  const std::optional<TileChoice> tile = studio().view().wall.tile;
  changed_ |= viewer_.handle(input, shown_, seconds);
  if (const auto rates = viewer_.take_rates()) studio().post(*rates);
  const bool looks = panel_ == kLandscapePanel && !(ui_ && ui_->wants_pointer());
  viewer_.point_at(looks ? std::optional(input.pointer) : std::nullopt, shown_);
  if (studio().has_lesson() && !viewer_.pointer_ray())
    studio().session().look_at(viewer_.place_on_map(input.pointer, shown_));
  if (viewer_.take_cell()) act([](ActionContext c) { action("open-cell").act(c); });
  for (const int key : input.repeats) act([&](ActionContext c) { changed_ |= press(key, true, c); });
  for (const int key : input.keys) act([&](ActionContext c) { changed_ |= press(key, false, c); });
  if (const auto& now_tile = studio().view().wall.tile; now_tile != tile && now_tile)
    log_info("enlarged: {}, channel {}", layer_name(studio().texts(), now_tile->layer),
             now_tile->channel + 1);
  if (!input.dropped.empty())
    act([&](ActionContext c) {
      if (preview_takes(input.dropped, c)) return;
      if (input.dropped.size() == 1)
        c.wishes.open = input.dropped.front();
      else
        say(kDropOne, true);
    });
}

// Where a double click's ray, or the pointer's, met the surface, once the frame that looked is done.
void Player::hear_surface() {
  if (!asked_ || frames_.completed() < asked_->frame) return;
  const std::optional<glm::vec3> hit = stage_->hit();
  if (hit && !asked_->by_pointer)
    log_info("the pointer meets the surface at {:.3f}, {:.3f}, {:.3f}", hit->x, hit->y, hit->z);
  viewer_.answer(asked_->ray, hit);
  if (const auto start = place_on_plane(shown_.header, viewer_.take_start()))
    act([&](ActionContext c) { c.commands.push_back(command::SetStart{{start->a, start->b}}); });
  if (studio().has_lesson() && asked_->by_pointer && viewer_.pointer_ray())
    studio().session().look_at(place_on_plane(shown_.header, hit));
  asked_.reset();
}

void Player::act(const std::function<void(const ActionContext&)>& ask) {
  const std::shared_ptr<const Status> status = studio().status();
  std::vector<Command> commands;
  Wishes wishes;
  const std::string_view panel = panel_;
  ask(ActionContext{*status,
                    lessons_.info(),
                    shown_,
                    studio().view(),
                    viewer_,
                    panel_,
                    commands,
                    wishes,
                    controls_,
                    {},
                    &starting_.desk()});
  controls_.note(commands, *status, ui_ && ui_->widget_held());
  if (panel_ == "notes" && panel != panel_ && notes_.has_window()) {
    panel_ = panel;
    toggle_notes();
  }
  const bool strip = lessons_.info().film_desk && lessons_.info().film_desk->open;
  if (!commands.empty() || panel_ != panel || studio().view().cue > 0 || strip)
    first_use_.done();  // it was found without
  for (const Command& command : commands) studio().post(command);
  if (wishes == Wishes()) return;
  if (!wishes.say.empty()) say(wishes.say, true);
  if (wishes.fullscreen) window_.toggle_fullscreen();
  const auto filmed = filmed_lesson();
  for (const auto& [text, error] : filming_.fulfil(wishes, filmed ? &*filmed : nullptr)) say(text, error);
  if (draft_guard_.lets(wishes, lessons_.info())) lessons_.fulfil(wishes);
  changed_ = true;
}

void Player::draw() {
  const auto now = Clock::now();
  if (!swapchain_.ensure({static_cast<std::uint32_t>(window_.framebuffer_size().x),
                          static_cast<std::uint32_t>(window_.framebuffer_size().y)}))
    return;
  if (std::exchange(ui_made_for_, ui_scale()) != ui_scale()) ui_.reset();  // another display, or size
  if (!ui_)
    ui_ = std::make_unique<ImGuiLayer>(
        device_, window_.handle(), swapchain_,
        ImGuiOptions{font_.path(FontWeight::kRegular), kUiFontSize * ui_scale()});
  const FrameInFlight frame = frames_.begin();
  const auto image = swapchain_.acquire(frame.index);
  if (!image) return;  // the surface changed: the next round makes new images
  // One look at the ring a frame; what is drawn and what the controls say come from the same slot.
  const std::uint64_t published = studio().published();
  const AcquiredFrame* shown = studio().begin_picture(frames_.completed());
  if (shown != nullptr) shown_ = *shown;
  if (shown != nullptr && studio().view().hidden_runs != 0)
    act([](ActionContext c) { forget_gone_forks(c); });
  // Resizes, another height of the bar and presenter mode all change what there is to fit into.
  viewer_.resize(image->extent, insets(image->extent), kLeastScale * ui_scale());
  const bool plays = lessons_.play_film(now, viewer_.aspect());
  StageView view = studio().picture();
  view.insets = insets(image->extent);
  view.least_scale = kLeastScale * ui_scale();
  if (view.content != 0) view.content += lessons_.number() << 32;
  if (shown != nullptr) view.contents = shown->contents;
  view.time = std::chrono::duration<double>(now - begun_).count();
  const std::shared_ptr<const Status> status = studio().status();
  view.hurried = facts_.shares && status->playing && !status->over();
  if (const auto& question = viewer_.question(); question && !asked_)
    view.ray = question->ray;
  else if (!asked_)
    view.ray = viewer_.pointer_ray();
  auto drawn = studio().drawing(now);
  record(frame, *image, view);
  live_.picture(*status, stage_->redrawn());
  studio().note_view(viewer_.aspect());
  const SlotReading reading = studio().reading();
  frames_.submit(frame, std::array{image->acquired, reading.wait},
                 std::array{image->rendered, reading.signal});
  studio().end_picture(frame.number);
  lessons_.note_picture(frame.number);
  if (view.ray) asked_ = {*view.ray, frame.number, !viewer_.question()};
  presenter_.present(*image, std::move(drawn));
  presented_ = studio().has_lesson();
  // A window that slept is not slow.
  const double seconds = std::chrono::duration<double>(now - last_draw_).count();
  if (seconds < 2) drawn_often_.add(1, seconds);
  facts_.frames_per_second = drawn_often_.per_second();
  last_draw_ = now;
  drawn_publish_ = published;
  changed_ = stage_->moving() || plays;
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
  StageTexts texts = studio().texts();
  const bool on_stage = said_on_stage(facts_.message, view.presenter);
  if (on_stage) {
    texts.message = facts_.message;
    texts.message_is_error = facts_.message_is_error;
  }
  texts.readout = studio().status()->told;
  if (const LoadingNote* note = lessons_.on_its_way()) texts.loading = *note;
  stage_->record(frame.cmd, frame.index, {image.image, image.view, image.extent}, studio().slot_set(), shown_,
                 view, texts);
  filming_.stills().record(frame.cmd, device_, studio(), frame.number);
  if (panels()) {
    ui_->begin_frame(frame.index, *studio().view().theme);
    draw_controls(image.extent, on_stage);
    ui_->record(frame.cmd, image);
  } else {
    ui_->forget_input();
  }
  viewer_.note_places(shown_);
  notes_.note_places();
  end_places();
  swapchain_.prepare_present(frame.cmd, image);
}

}  // namespace fl

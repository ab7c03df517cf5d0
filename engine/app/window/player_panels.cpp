// What the player shows beside the stage, and what it says.
#include "engine/app/window/player.h"
#include "engine/ui/first_hint.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/rail.h"
#include "engine/ui/timeline/film_desk.h"
#include "engine/ui/timeline/strip/strip.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr auto kMessageTime = 12s;

}  // namespace

void Player::answer_for_draft(const DraftGuard::Outcome& outcome) {
  if (!outcome.saved.empty())
    say(fmt::format("The draft is saved as {}", printable(outcome.saved.string())), false);
  if (!outcome.failure.empty()) {
    say(outcome.failure, true);
    const LessonInfo& info = lessons_.info();
    if (info.desk && info.desk->unsaved())
      panel_ = "data";  // where another name can be given
    else if (info.film_desk)
      info.film_desk->open = true;
  }
  if (outcome.stays && outcome.arrived) lessons_.drop();
  if (outcome.close) window_.close();
  lessons_.fulfil(outcome.wishes);
  changed_ = true;
}

void Player::answer_for_renders(RenderGuard::Answer answer) {
  if (answer == RenderGuard::Answer::kDrop) filming_.queue().drop();
  if (answer != RenderGuard::Answer::kStay) window_.close();
  changed_ = true;
}

std::optional<FilmedLesson> Player::filmed_lesson() {
  if (!studio().has_lesson()) return std::nullopt;
  return FilmedLesson{studio(), lessons_.info(), lessons_.inputs(), lessons_.backend()};
}

void Player::hear_filming() {
  const std::string before = filming_.words();
  const auto filmed = filmed_lesson();
  for (const auto& [text, error] : filming_.turn(filmed ? &*filmed : nullptr, frames_.completed()))
    say(text, error);
  changed_ |= filming_.words() != before;
}

void Player::toggle_notes() {
  if (const auto done = notes_.toggle(); !done) say(done.error().message, true);
}

void Player::turn_notes() {
  const std::string_view clicked = notes_.turn(lessons_.info(), *studio().status(), studio().view(), ready());
  if (!clicked.empty()) act([&](ActionContext c) { changed_ |= action(clicked).act(c); });
}

Insets Player::insets(VkExtent2D extent) {
  const auto width = static_cast<float>(extent.width);
  const bool presenter = studio().view().presenter;
  return {.left = (presenter ? 0 : rail_width(width, ui_scale())) + panel_width(panel_, width, ui_scale()),
          .bottom = presenter ? 0
                              : bar_.height(ui_scale()) + strip_height(lessons_.info(), studio().view(),
                                                                       static_cast<float>(extent.height),
                                                                       ui_scale())};
}

void Player::say(const std::string& message, bool is_error) {
  facts_.message = message;
  facts_.message_is_error = is_error;
  font_.cover(std::span(&message, 1));
  message_until_ = Clock::now() + kMessageTime;
  log_line(is_error ? LogLevel::kError : LogLevel::kInfo, message);
  changed_ = true;
}

void Player::draw_controls(VkExtent2D extent, bool on_stage) {
  WindowFacts facts = facts_;
  facts.lesson = studio().has_lesson();
  facts.film = filming_.words();
  if (on_stage) facts.message.clear();
  const auto width = static_cast<float>(extent.width), height = static_cast<float>(extent.height);
  const float scale = ui_scale();
  act([&](ActionContext context) {
    const bool controls = !context.view.presenter;
    if (controls) bar_.draw(width, height, scale, facts, context);
    const float strip = strip_height(context.lesson, context.view, height, scale);
    const float above = height - insets(extent).bottom;
    if (strip > 0) draw_strip(context, above + strip, strip, scale);
    if (controls) draw_rail(context, above, scale);
    draw_panels(context, controls ? rail_width(width, scale) : 0, above, scale);
  });
  if (first_use_.hint() && !studio().view().presenter && panel_ != "keys" &&
      draw_first_hint(insets(extent).left, width, height - insets(extent).bottom, *studio().view().theme))
    first_use_.done();
  if (const auto outcome = draft_guard_.draw(lessons_.info(), *studio().view().theme))
    answer_for_draft(*outcome);
  if (const auto answer = render_guard_.draw(filming_.queue().left(), *studio().view().theme))
    answer_for_renders(*answer);
}

void Player::update_message() {
  if (const std::string failure = lessons_.failure(); !failure.empty()) {
    facts_.message = failure;
    facts_.message_is_error = true;
  } else if (Clock::now() > message_until_) {
    facts_.message.clear();
  }
}

}  // namespace fl

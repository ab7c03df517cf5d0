#include "engine/ui/controls.h"

#include <algorithm>
#include <utility>

#include "trainer/base/overloaded.h"
#include "trainer/optim/optimizer.h"

namespace fl {

const Setting* Draft::find(std::string_view key) const {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : &*found;
}

void Draft::set(Setting setting) {
  const auto found = std::ranges::find(settings, setting.key, &Setting::key);
  if (found != settings.end())
    *found = std::move(setting);
  else
    settings.push_back(std::move(setting));
}

void Draft::erase(std::string_view key) {
  std::erase_if(settings, [&](const Setting& one) { return one.key == key; });
}

void Controls::begin(const LessonInfo& lesson, std::vector<Command>& commands) {
  const auto has = [&](const std::string& one) { return std::ranges::count(lesson.settings, one) > 0; };
  const std::optional<Again> again = std::exchange(again_, std::nullopt);
  const bool ours = again && std::ranges::all_of(again->settings, has);
  draft_ = {};
  refused_.clear();
  formula_ = {};
  changes_.clear();
  open_ = false;
  rate_.reset();
  optimizer_.reset();
  pace_.reset();
  reset_.reset();
  preset_ = ours ? again->draft.preset : "";
  if (!ours) {
    own_ = lesson.run;
    return;
  }
  if (!again->undone.empty()) changes_.emplace_back(again->undone);
  if (again->seed != lesson.run.seed) commands.push_back(*(reset_ = command::Reset{again->seed}));
  if (again->pace) commands.push_back(*(pace_ = again->pace));
  commands.push_back(command::Play{});
  taking_back_ = true;
}

void Controls::change_draft(Draft draft) {
  refused_.clear();
  if (draft == draft_) return;
  remember(std::exchange(draft_, std::move(draft)));
}

RunSpec Controls::in_use(const LessonInfo& lesson, const Status& status) const {
  RunSpec run = lesson.run;
  if (const double rate = rate_ ? rate_->rate : status.rate; rate >= kMinRate) run.rate = rate;
  if (status.optimizer) run.optimizer = with_kind(run.optimizer, *status.optimizer);
  return run;
}

void Controls::start_again(const LessonInfo& lesson, const Status& status, Wishes& wishes) {
  const RunSpec now = in_use(lesson, status);
  Settings settings = draft_.settings;
  // What was changed while it trained goes on, too.
  for (const char* key : {"train.rate", "train.optimizer"})
    if (std::string value = run_value(now, key);
        draft_.find(key) == nullptr && value != run_value(lesson.run, key))
      settings.push_back({key, std::move(value)});
  again_ = Again{.draft = draft_, .seed = status.seed, .pace = pace_};
  wishes.again.emplace();
  for (const Setting& one : settings) {
    wishes.again->push_back(one.text());
    again_->undone.push_back({one.key, run_value(now, one.key)});
  }
  again_->settings = *wishes.again;
}

void Controls::remember(Change undone) {
  if (changes_.size() >= kMostChanges) changes_.erase(changes_.begin());
  changes_.push_back(std::move(undone));
}

template <typename C, typename T>
void Controls::note_value(const C& asked, T C::*value, std::optional<C>& last, const T& now) {
  C before{};
  before.*value = last ? (*last).*value : now;
  last = asked;
  if (taking_back_ || asked == before) return;
  if (!open_ || changes_.empty() || !std::holds_alternative<C>(changes_.back())) remember(before);
}

void Controls::note(std::span<const Command> commands, const Status& status, bool held) {
  const std::size_t before = changes_.size();
  if (!commands.empty()) refused_.clear();
  for (const Command& command : commands)
    std::visit(Overloaded{[&](const command::SetRate& set) {
                            note_value(set, &command::SetRate::rate, rate_, status.rate);
                            if (!taking_back_) preset_.clear();
                          },
                          [&](const command::SetOptimizer& set) {
                            if (!status.optimizer) return;
                            note_value(set, &command::SetOptimizer::kind, optimizer_, *status.optimizer);
                            if (!taking_back_) preset_.clear();
                          },
                          [&](const command::SetPace& set) {
                            note_value(set, &command::SetPace::steps_per_second, pace_, status.pace);
                          },
                          [&](const command::Reset& reset) {
                            note_value(reset, &command::Reset::seed, reset_, status.seed);
                          },
                          [](const auto&) {}},
               command);
  taking_back_ = false;
  open_ = held && (open_ || changes_.size() > before);
}

bool Controls::take_back(const Status& status, std::vector<Command>& commands, Wishes& wishes) {
  if (changes_.empty()) return false;
  const Change last = std::move(changes_.back());
  changes_.pop_back();
  open_ = false;
  std::visit(Overloaded{[&](const Draft& draft) { draft_ = draft; },
                        [&](const Settings& settings) {
                          again_ = Again{.draft = {}, .seed = status.seed, .pace = pace_};
                          wishes.again.emplace();
                          for (const Setting& one : settings) wishes.again->push_back(one.text());
                          again_->settings = *wishes.again;
                        },
                        [&](const auto& command) {
                          commands.push_back(command);
                          taking_back_ = true;
                        }},
             last);
  return true;
}

}  // namespace fl

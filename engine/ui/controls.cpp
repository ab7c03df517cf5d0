#include "engine/ui/controls.h"

#include <algorithm>
#include <utility>

#include "trainer/base/overloaded.h"
#include "trainer/optim/optimizer.h"

namespace fl {
namespace {

// What takes this command back: one of its kind that asks for what there is now, and what else it changes.
// Nothing where it is not a control's.
std::vector<Command> taken_back(const Command& asked, const Status& status) {
  using namespace command;
  using Commands = std::vector<Command>;
  const auto of = [](const auto& there, const auto& commands) {
    return there ? commands(*there) : Commands();
  };
  using Landscape = const LandscapeChoice&;
  using Facts = const DescentsFacts&;
  return std::visit(
      Overloaded{
          [&](const SetRate&) { return Commands{SetRate{status.rate}}; },
          [&](const SetPace&) { return Commands{SetPace{status.pace}}; },
          [&](const Reset&) { return Commands{Reset{status.seed}}; },
          [&](const SetOptimizer&) {
            return of(status.optimizer, [](OptimizerKind kind) { return Commands{SetOptimizer{kind}}; });
          },
          [&](const SetPlane&) {
            return of(status.landscape, [](Landscape now) { return Commands{SetPlane{now.plane}}; });
          },
          [&](const SetSurfaces&) {
            return of(status.landscape, [](Landscape now) { return Commands{SetSurfaces{now.surfaces}}; });
          },
          [&](const SetProbe&) {
            return of(status.landscape, [](Landscape now) { return Commands{SetProbe{now.probe_images}}; });
          },
          [&](const SetGrid&) {
            return of(status.landscape, [](Landscape now) { return Commands{SetGrid{now.grid}}; });
          },
          [&](const MeasureCurvature&) {
            return of(status.curvature, [](const MeasuringFacts& now) {
              return Commands{MeasureCurvature{static_cast<std::int32_t>(now.every)}};
            });
          },
          [&](const ShowPhases&) {
            return of(status.descents, [](Facts now) { return Commands{ShowPhases{now.phases}}; });
          },
          [&](const SetStart&) {
            return of(status.descents, [](Facts now) { return Commands{SetStart{now.start}}; });
          },
          [&](const SetSurface&) {
            return of(status.descents, [](Facts now) {
              return Commands{SetSurface{now.surface, now.surface.empty() ? now.formula : ""},
                              SetStart{now.start}};
            });
          },
          [](const auto&) { return Commands(); }},
      asked);
}

}  // namespace

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
  asked_.clear();
  preset_ = ours ? again->draft.preset : "";
  if (!ours) {
    own_ = lesson.run;
    return;
  }
  if (!again->undone.empty()) changes_.emplace_back(again->undone);
  if (again->seed != lesson.run.seed) commands.push_back(command::Reset{again->seed});
  if (again->pace) commands.push_back(*again->pace);
  for (const Command& command : commands) ask(command);
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
  const auto asked_rate = asked<command::SetRate>();
  if (const double rate = asked_rate ? asked_rate->rate : status.rate; rate >= kMinRate) run.rate = rate;
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
  again_ = Again{.draft = draft_, .seed = status.seed, .pace = asked<command::SetPace>()};
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

// The widget that is held has given one of the same kind before.
bool Controls::goes_on(const Command& command) const {
  if (!open_ || changes_.empty()) return false;
  const auto* last = std::get_if<Commands>(&changes_.back());
  return last != nullptr && last->front().index() == command.index();
}

void Controls::note_one(const Command& command, const Status& status) {
  Commands before = taken_back(command, status);
  if (before.empty()) return;
  for (Command& one : before)
    if (const auto last = asked_.find(one.index()); last != asked_.end()) one = last->second;
  ask(command);
  // Each surface has a start of its own.
  if (std::holds_alternative<command::SetSurface>(command))
    asked_.erase(Command(command::SetStart()).index());
  if (taking_back_) return;
  if (std::holds_alternative<command::SetRate>(command) ||
      std::holds_alternative<command::SetOptimizer>(command))
    preset_.clear();
  if (command != before.front() && !goes_on(command)) remember(std::move(before));
}

void Controls::note(std::span<const Command> commands, const Status& status, bool held) {
  const std::size_t before = changes_.size();
  if (!commands.empty()) refused_.clear();
  for (const Command& command : commands) note_one(command, status);
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
                          again_ = Again{.draft = {}, .seed = status.seed, .pace = asked<command::SetPace>()};
                          wishes.again.emplace();
                          for (const Setting& one : settings) wishes.again->push_back(one.text());
                          again_->settings = *wishes.again;
                        },
                        [&](const Commands& before) {
                          commands.insert(commands.end(), before.begin(), before.end());
                          taking_back_ = true;
                        }},
             last);
  return true;
}

}  // namespace fl

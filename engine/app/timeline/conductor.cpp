#include "engine/app/timeline/conductor.h"

#include <algorithm>
#include <array>

#include "engine/app/studio/view_json.h"
#include "trainer/base/counted.h"
#include "trainer/session/command_words.h"
#include "trainer/subjects/descents/shown_phase.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

// Of the view, but said by keys of their own, or nobody's to say.
constexpr std::array kNotShown = {"camera", "framed", "aspect", "cue"};

Json json_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return Json(*text);
  if (const auto flag = node.value_exact<bool>()) return Json(*flag);
  if (const auto whole = node.value_exact<std::int64_t>()) return Json(*whole);
  if (const auto number = node.value_exact<double>()) return Json(*number);
  Json::Array list;
  if (const toml::array* array = node.as_array())
    for (const toml::node& one : *array) list.push_back(json_of(one));
  return list;
}

// Errors: no view has that.
Result<Json> read_show(const TimelineEntry& entry, ViewState view) {
  Json::Object members;
  for (const auto& [key, value] : *entry.show) {
    if (std::ranges::find(kNotShown, key.str()) != kNotShown.end())
      return error("{} show: {} is not changed here; a key of the camera and a cue have keys of their own.",
                   entry.where, key.str());
    members.push_back({std::string(key.str()), json_of(value)});
  }
  Json all(std::move(members));
  float aspect = 1;
  if (auto done = set_view(all, view, aspect); !done)
    return error("{} show: {}", entry.where, done.error().message);
  return all;
}

Result<void> check_means(const Command& command, const TimelineEntry& entry, const Conducted& lesson) {
  const auto* image = std::get_if<command::ShowImage>(&command);
  if (image != nullptr && lesson.images && static_cast<std::size_t>(image->image) >= *lesson.images)
    return error("{} do: there is no image {}; the lesson has {}, counted from 0.", entry.where, image->image,
                 counted(*lesson.images, "image"));
  return {};
}

// The moves of a step when these phases are told.
std::int64_t moves_of(const std::string& phases, const SubjectFacts& facts) {
  if (!facts.descents || phases == kNoPhases) return 1;
  if (phases == kAllPhases) return static_cast<std::int64_t>(kPhasesTogether);
  for (const OptimizerKind kind : facts.descents->methods)
    if (phases == optimizer_name(kind)) return static_cast<std::int64_t>(phase_count(kind));
  return 1;
}

StepEffect effect_of(const std::vector<Command>& commands, const SubjectFacts& facts) {
  StepEffect effect;
  for (const Command& command : commands) {
    effect.restarts |= std::holds_alternative<command::Reset>(command) ||
                       std::holds_alternative<command::SetStart>(command) ||
                       std::holds_alternative<command::SetSurface>(command);
    if (const auto* phases = std::get_if<command::ShowPhases>(&command))
      effect.moves_a_step = moves_of(phases->of, facts);
  }
  return effect;
}

// A new beginning comes last: it takes rate and optimizer as they are then.
std::vector<Command> beginning_of(const SubjectFacts& facts) {
  std::vector<Command> commands{command::SetRate{facts.rate}};
  if (facts.optimizer) commands.emplace_back(command::SetOptimizer{*facts.optimizer});
  if (facts.descents) {
    commands.emplace_back(command::SetSurface{facts.descents->surface, facts.descents->formula});
    commands.emplace_back(command::SetRate{facts.rate});  // a surface brings its own
    commands.emplace_back(command::ShowPhases{facts.descents->phases});
    commands.emplace_back(command::SetStart{facts.descents->start});
  }
  commands.emplace_back(command::Reset{facts.seed});
  return commands;
}

bool changes_learning(const Command& command) {
  return std::holds_alternative<command::SetRate>(command) ||
         std::holds_alternative<command::SetOptimizer>(command) ||
         std::holds_alternative<command::Reset>(command);
}

}  // namespace

Conducted conducted(const Lesson& lesson, std::optional<double> seconds) {
  Subject& subject = *lesson.subject;
  Conducted all{.facts = subject.facts(),
                .run = {.total_steps = subject.total_steps(),
                        .moves_a_step = subject.moves_a_step(),
                        .seconds = seconds},
                .view = lesson.view};
  if (const Training* training = subject.training()) {
    all.run.steps_per_epoch = training->steps_per_epoch();
    all.images = training->data().size();
  }
  return all;
}

Result<Conductor> Conductor::make(const std::vector<TimelineEntry>& entries, const Conducted& lesson) {
  std::vector<Deeds> deeds;
  std::vector<StepEffect> effects;
  Json::Object first;
  const Json::Object members = view_members(lesson.view, 1);
  for (const TimelineEntry& entry : entries) {
    Deeds& each = deeds.emplace_back();
    for (const std::string& words : entry.does) {
      auto command = command_in_words(words);
      if (!command) return error("{} do: {}", entry.where, command.error().message);
      FL_TRY(check_means(*command, entry, lesson));
      each.commands.push_back(*std::move(command));
    }
    if (entry.show) {
      FL_TRY_LET(show, read_show(entry, lesson.view));
      each.show = *std::move(show);
      for (const Json::Member& member : members)
        if (each.show.find(member.key) != nullptr) first.push_back(member);
    }
    effects.push_back(effect_of(each.commands, lesson.facts));
  }
  FL_TRY_LET(timeline, Timeline::lay_out(entries, effects, lesson.run));
  Conductor conductor(*std::move(timeline));
  conductor.deeds_ = std::move(deeds);
  conductor.beginning_ = beginning_of(lesson.facts);
  conductor.shown_first_ = Json(std::move(first));
  conductor.camera_ = lesson.view.camera;
  conductor.framed_ = lesson.view.framed;
  return conductor;
}

void Conductor::begin() {
  next_ = 0;
  made_ = 0;
}

void Conductor::make_moves(std::int64_t until, Session& session, const std::function<bool()>& go_on) {
  while (made_ < until && go_on()) {
    const std::int64_t made = session.advance(std::min(until - made_, session.subject().burst()));
    if (made == 0) break;
    made_ += made;
  }
  made_ = std::max(made_, until);
}

void Conductor::go_to(double seconds, Session& session, ViewState& view,
                      const std::function<float(const ViewState&)>& aspect) {
  const auto always = [] { return true; };
  const std::vector<Timeline::Event>& events = timeline_.events();
  for (; next_ < events.size() && events[next_].seconds <= seconds; ++next_) {
    make_moves(events[next_].moves, session, always);
    for (const Command& command : commands(events[next_].entry)) session.apply(command);
    show(events[next_].entry, view);
    made_ = timeline_.moves_behind(next_);
  }
  make_moves(timeline_.moves_at(seconds), session, always);
  look(seconds, view, aspect(view));
}

void Conductor::show(std::size_t entry, ViewState& view) const {
  float unused = 0;
  static_cast<void>(set_view(deeds_[entry].show, view, unused));  // it was checked
}

void Conductor::show_until(double seconds, ViewState& view) const {
  float unused = 0;
  static_cast<void>(set_view(shown_first_, view, unused));
  for (const Timeline::Event& event : timeline_.events())
    if (event.seconds <= seconds) show(event.entry, view);
}

void Conductor::look(double seconds, ViewState& view, float aspect) {
  view.caption = timeline_.caption_at(seconds);
  view.card = timeline_.card_at(seconds);
  if (timeline_.says_cues()) view.cue = timeline_.cue_at(seconds);
  if (path_aspect_ != aspect) {
    path_.reset();
    if (const auto keys = timeline_.camera_keys(); !keys.empty())
      path_.emplace(keys, camera_, framed_, aspect, timeline_.seconds());
    path_aspect_ = aspect;
  }
  if (!path_) return;
  view.framed = false;
  view.camera = path_->at(seconds);
}

void Conductor::rehearse(Session& session, const std::function<bool()>& go_on) {
  begin();
  for (; next_ < timeline_.events().size(); ++next_) {
    const Timeline::Event& event = timeline_.events()[next_];
    if (event.seconds > timeline_.seconds()) break;
    make_moves(event.moves, session, go_on);
    for (const Command& command : deeds_[event.entry].commands)
      if (changes_learning(command)) session.subject().apply(command);
    made_ = timeline_.moves_behind(next_);
  }
  make_moves(timeline_.moves_at(timeline_.seconds()), session, go_on);
  begin();
}

}  // namespace fl

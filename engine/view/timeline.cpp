#include "engine/view/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr double kTrainingShare = 5.0 / 6;  // of a film without a pace
constexpr double kUsualSeconds = 8, kLinger = 2;
constexpr double kSame = 1e-6;  // moves, or seconds
constexpr double kNever = std::numeric_limits<double>::infinity();

std::int64_t whole(double moves) {
  return static_cast<std::int64_t>(std::floor(moves + kSame));
}

// The step that an entry waits for; negative: it waits for a time.
double awaited_step(const TimelineEntry& entry, std::int64_t steps_per_epoch) {
  if (entry.epoch) return *entry.epoch * static_cast<double>(steps_per_epoch);
  return entry.step ? static_cast<double>(*entry.step) : -1;
}

std::string moment_of(const TimelineEntry& entry) {
  return entry.epoch ? fmt::format("epoch {}", *entry.epoch) : fmt::format("step {}", *entry.step);
}

Result<void> check_reachable(const TimelineEntry& entry, const TimelineRun& run) {
  if (entry.epoch && run.steps_per_epoch == 0)
    return error("{} waits for an epoch, and this lesson has none; give it a step or a time.", entry.where);
  if (awaited_step(entry, run.steps_per_epoch) > static_cast<double>(run.total_steps))
    return error("{} waits for {}, but the lesson ends at {}; give it an earlier one.", entry.where,
                 moment_of(entry),
                 entry.epoch ? fmt::format("epoch {}", run.total_steps / run.steps_per_epoch)
                             : fmt::format("step {}", run.total_steps));
  return {};
}

float eased(double share) {
  const double t = std::clamp(share, 0.0, 1.0);
  return static_cast<float>(t * t * (3 - 2 * t));
}

}  // namespace

Result<Timeline> Timeline::lay_out(std::vector<TimelineEntry> entries, const std::vector<StepEffect>& effects,
                                   const TimelineRun& run) {
  FL_CHECK(effects.size() == entries.size());
  Timeline timeline;
  timeline.entries_ = std::move(entries);
  timeline.steps_per_epoch_ = run.steps_per_epoch;
  timeline.total_steps_ = run.total_steps;
  for (const TimelineEntry& entry : timeline.entries_) FL_TRY(check_reachable(entry, run));
  FL_TRY(timeline.walk(effects, run));
  double end = 0;
  for (const Event& event : timeline.events_) {
    const TimelineEntry& entry = timeline.entries_[event.entry];
    end = std::max(end, event.seconds + entry.seconds.value_or(entry.card ? kCardSeconds : kLinger));
  }
  const bool paced =
      std::ranges::any_of(timeline.entries_, [](const auto& entry) { return entry.pace.has_value(); });
  timeline.seconds_ = run.seconds.value_or(paced ? end : std::max(end, kUsualSeconds));
  timeline.lay_words();
  std::optional<double> before;  // the key of the camera
  for (const Event& event : timeline.events_) {
    const TimelineEntry& entry = timeline.entries_[event.entry];
    if (!entry.camera) continue;
    if (before && event.seconds - *before < kSame)
      return error("{} has a key of the camera at {:.2f} s, where another entry has one, too; leave out one.",
                   entry.where, event.seconds);
    before = event.seconds;
  }
  return timeline;
}

// Time goes on from one event to the next: at each, what comes first of what waits for a time and what waits
// for a step.
Result<void> Timeline::walk(const std::vector<StepEffect>& effects, const TimelineRun& run) {
  std::vector<std::size_t> timed, stepped;
  for (std::size_t i = 0; i < entries_.size(); ++i) (entries_[i].time ? timed : stepped).push_back(i);
  std::ranges::stable_sort(timed, {}, [&](std::size_t i) { return *entries_[i].time; });
  std::ranges::stable_sort(stepped, {},
                           [&](std::size_t i) { return awaited_step(entries_[i], run.steps_per_epoch); });
  auto a_step = static_cast<double>(run.moves_a_step);
  Piece now{.moves_a_step = a_step};
  if (std::ranges::none_of(entries_, [](const TimelineEntry& entry) { return entry.pace.has_value(); }))
    now.pace = static_cast<double>(run.total_steps) * a_step /
               (kTrainingShare * run.seconds.value_or(kUsualSeconds));
  pieces_ = {now};
  std::size_t next_timed = 0, next_stepped = 0;
  while (next_timed < timed.size() || next_stepped < stepped.size()) {
    const double at_time = next_timed < timed.size() ? *entries_[timed[next_timed]].time : kNever;
    double at_step = kNever;
    if (next_stepped < stepped.size()) {
      const double left =
          awaited_step(entries_[stepped[next_stepped]], run.steps_per_epoch) * a_step - now.moves;
      at_step = left <= kSame ? now.seconds : now.pace > 0 ? now.seconds + left / now.pace : kNever;
    }
    if (at_time == kNever && at_step == kNever) {
      const TimelineEntry& entry = entries_[stepped[next_stepped]];
      return error(
          "{} waits for {}, which is never reached: the pace before it is 0; give a pace that leads there.",
          entry.where, moment_of(entry));
    }
    const bool by_time = at_time <= at_step;
    const std::size_t entry = by_time ? timed[next_timed++] : stepped[next_stepped++];
    const double seconds = std::max(by_time ? at_time : at_step, now.seconds);
    now.moves += now.pace * (seconds - now.seconds);
    now.moves = std::min(now.moves, static_cast<double>(run.total_steps) * a_step);
    now.seconds = seconds;
    events_.push_back({seconds, entry, whole(now.moves)});
    if (const StepEffect& effect = effects[entry]; effect.restarts || effect.moves_a_step > 0) {
      const double steps = effect.restarts ? 0 : std::floor(now.moves / a_step + kSame);
      if (effect.moves_a_step > 0) a_step = static_cast<double>(effect.moves_a_step);
      now.moves = steps * a_step;
      now.moves_a_step = a_step;
    }
    if (entries_[entry].pace) now.pace = *entries_[entry].pace;
    pieces_.push_back(now);
  }
  return {};
}

const Timeline::Piece& Timeline::piece_at(double seconds) const {
  const auto after =
      std::ranges::upper_bound(pieces_.begin() + 1, pieces_.end(), seconds, {}, &Piece::seconds);
  return *(after - 1);
}

std::int64_t Timeline::moves_at(double seconds) const {
  const Piece& piece = piece_at(seconds);
  return whole(piece.moves + piece.pace * std::max(0.0, seconds - piece.seconds));
}

std::int64_t Timeline::steps_at(double seconds) const {
  return std::min(total_steps_,
                  static_cast<std::int64_t>(
                      static_cast<double>(moves_at(seconds)) / piece_at(seconds).moves_a_step + kSame));
}

std::optional<std::int64_t> Timeline::step_of(const Event& event) const {
  const TimelineEntry& entry = entries_[event.entry];
  return entry.time ? std::nullopt : std::optional(whole(awaited_step(entry, steps_per_epoch_)));
}

std::int64_t Timeline::moves_behind(std::size_t event) const {
  return whole(pieces_.at(event + 1).moves);
}

bool Timeline::rests_at(double seconds) const {
  const Piece* piece = &piece_at(seconds);
  return std::all_of(piece, pieces_.data() + pieces_.size(),
                     [](const Piece& each) { return each.pace == 0; });
}

std::vector<TimedCameraKey> Timeline::camera_keys() const {
  std::vector<TimedCameraKey> keys;
  for (const Event& event : events_)
    if (const auto& camera = entries_[event.entry].camera) keys.push_back({event.seconds, *camera});
  return keys;
}

void Timeline::lay_words() {
  // What is said ends at the latest where the next one of its kind begins.
  const auto cut = [](std::vector<Span>& spans, double seconds) {
    if (!spans.empty()) spans.back().end = std::min(spans.back().end, seconds);
  };
  for (const Event& event : events_) {
    const TimelineEntry& entry = entries_[event.entry];
    const double end = entry.seconds ? event.seconds + *entry.seconds : kNever;
    const double fade = entry.fade.value_or(kFadeSeconds);
    if (entry.caption) {
      cut(caption_spans_, event.seconds);
      if (entry.caption->empty()) continue;
      captions_.push_back({*entry.caption, entry.place.value_or(CaptionPlace::kBottom)});
      caption_spans_.push_back({event.seconds, end, fade, event.entry});
    }
    if (entry.card) {
      cut(card_spans_, event.seconds);
      cards_.push_back({*entry.card, entry.subtitle.value_or("")});
      // A film begins with it, not with a glimpse of what it covers.
      card_spans_.push_back({event.seconds, entry.seconds ? end : event.seconds + kCardSeconds, fade,
                             event.entry, event.seconds > 0});
    }
  }
  for (std::vector<Span>* spans : {&caption_spans_, &card_spans_})
    for (Span& span : *spans) {
      span.goes = span.end < seconds_ - kSame;
      span.end = std::min(span.end, std::max(seconds_, span.begin));
    }
  // One card behind another takes its place, again without a glimpse of what both cover.
  for (std::size_t i = 0; i + 1 < card_spans_.size(); ++i)
    if (card_spans_[i].end > card_spans_[i + 1].begin - kSame)
      card_spans_[i].goes = card_spans_[i + 1].comes = false;
}

ShownWords Timeline::shown(const std::vector<Span>& spans, double seconds) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Span& span = spans[i];
    if (seconds < span.begin || (span.goes && seconds >= span.end)) continue;
    if (i + 1 < spans.size() && seconds >= spans[i + 1].begin) continue;
    const double fade = std::min(span.fade, (span.end - span.begin) / 2);
    float share = 1;
    if (span.comes && fade > 0) share = std::min(share, eased((seconds - span.begin) / fade));
    if (span.goes && fade > 0) share = std::min(share, eased((span.end - seconds) / fade));
    return {i + 1, share};
  }
  return {};
}

ShownWords Timeline::caption_at(double seconds) const {
  return shown(caption_spans_, seconds);
}

ShownWords Timeline::card_at(double seconds) const {
  return shown(card_spans_, seconds);
}

std::size_t Timeline::cue_at(double seconds) const {
  std::size_t cue = 0;
  for (const Event& event : events_)
    if (event.seconds <= seconds + kSame && entries_[event.entry].cue)
      cue = static_cast<std::size_t>(*entries_[event.entry].cue);
  return cue;
}

bool Timeline::says_cues() const {
  return std::ranges::any_of(entries_, [](const TimelineEntry& entry) { return entry.cue.has_value(); });
}

std::vector<Timeline::Said> Timeline::said() const {
  std::vector<Said> all;
  for (std::size_t i = 0; i < captions_.size(); ++i)
    all.push_back({caption_spans_[i].begin, caption_spans_[i].end, captions_[i].words});
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const auto& [title, subtitle] = cards_[i];
    all.push_back(
        {card_spans_[i].begin, card_spans_[i].end, subtitle.empty() ? title : title + ": " + subtitle});
  }
  std::ranges::stable_sort(all, {}, &Said::begin);
  std::erase_if(all, [](const Said& one) { return one.end <= one.begin; });
  return all;
}

Timeline::Seen Timeline::seen(std::size_t entry) const {
  for (const std::vector<Span>* spans : {&caption_spans_, &card_spans_})
    for (const Span& span : *spans)
      if (span.entry == entry) return {span.begin, span.end};
  const auto event = std::ranges::find(events_, entry, &Event::entry);
  return {event->seconds, event->seconds};
}

}  // namespace fl

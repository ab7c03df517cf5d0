#include "trainer/session/session_log.h"

#include <algorithm>
#include <utility>

#include "trainer/base/overloaded.h"

namespace fl {
namespace {

constexpr double kPictureSeconds = 1.0 / 60;

// What a value holds besides itself.
std::size_t held_bytes(const Json& json) {
  std::size_t bytes = json.text() != nullptr ? json.text()->capacity() : 0;
  if (const auto* array = json.array())
    for (const Json& value : *array) bytes += sizeof(Json) + held_bytes(value);
  if (const auto* object = json.object())
    for (const Json::Member& member : *object)
      bytes += sizeof(member) + member.key.capacity() + held_bytes(member.value);
  return bytes;
}

std::size_t held_bytes(const EarlierRuns& runs) {
  std::size_t bytes = 0;
  for (const EarlierRun& run : runs) {
    bytes += sizeof(run) + run.points.capacity() * sizeof(EpochPoint);
    for (const Setting& one : run.settings) bytes += sizeof(one) + one.key.capacity() + one.value.capacity();
  }
  return bytes;
}

std::size_t held_bytes(const std::variant<Command, Trace, ViewChange>& what) {
  const Overloaded cases{
      [](const Command& command) {
        if (const auto* show = std::get_if<command::ShowPixels>(&command))
          return sizeof(*show->image) + show->image->name.capacity();
        const auto* earlier = std::get_if<command::SetEarlier>(&command);
        return earlier != nullptr ? held_bytes(*earlier->runs) : 0;
      },
      [](const Trace& trace) { return trace.capacity() * sizeof(Deed); },
      [](const ViewChange& view) { return held_bytes(view.members); },
  };
  return std::visit(cases, what);
}

}  // namespace

double SessionLog::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begun_).count();
}

bool SessionLog::take_room(std::size_t bytes) {
  cut_ |= bytes > most_bytes_ - bytes_;
  if (!cut_) bytes_ += bytes;
  return !cut_;
}

void SessionLog::add(std::variant<Command, Trace, ViewChange> what) {
  if (auto* trace = std::get_if<Trace>(&what)) trace->shrink_to_fit();
  if (take_room(sizeof(SessionEvent) + held_bytes(what)))
    events_.push_back({seconds(), step_, std::move(what)});
}

void SessionLog::did(Deed deed, std::int64_t step) {
  add_deed(open_, deed);
  if (Clock::now() - marked_ >= kMarkInterval) close(step);
}

void SessionLog::close(std::int64_t step) {
  if (open_.empty()) return;
  marked_ = Clock::now();
  const std::scoped_lock lock(mutex_);
  step_ = step;
  add(std::exchange(open_, {}));
}

std::optional<double> SessionLog::add(const Command& command, std::int64_t step) {
  close(step);
  const std::scoped_lock lock(mutex_);
  step_ = step;
  if (const auto* show = std::get_if<command::ShowPixels>(&command))
    add(command::show_pixels({show->image->name}));
  else
    add(command);
  return cut_ ? std::nullopt : std::optional(events_.back().seconds);
}

void SessionLog::add_view(Json members) {
  const std::scoped_lock lock(mutex_);
  if (!cut_ && !merge_view(members)) add(ViewChange{std::move(members)});
}

bool SessionLog::merge_view(const Json& members) {
  if (events_.empty() || seconds() - events_.back().seconds >= kPictureSeconds) return false;
  auto* last = std::get_if<ViewChange>(&events_.back().what);
  if (last == nullptr || last->members.object() == nullptr || members.object() == nullptr) return false;
  Json::Object all = *last->members.object();
  for (const Json::Member& member : *members.object()) {
    const auto same = std::ranges::find(all, member.key, &Json::Member::key);
    if (same != all.end())
      same->value = member.value;
    else
      all.push_back(member);
  }
  const std::size_t before = held_bytes(last->members), after = held_bytes(Json(all));
  if (after > before && !take_room(after - before)) return true;
  last->members = std::move(all);
  return true;
}

std::vector<SessionEvent> SessionLog::events() const {
  const std::scoped_lock lock(mutex_);
  return events_;
}

bool SessionLog::cut() const {
  const std::scoped_lock lock(mutex_);
  return cut_;
}

}  // namespace fl

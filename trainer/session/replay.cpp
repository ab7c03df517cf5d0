#include "trainer/session/replay.h"

#include <utility>

#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

bool is_of_surfaces(const Command& command) {
  return std::holds_alternative<command::ShowHeights>(command) ||
         std::holds_alternative<command::SetPlane>(command) ||
         std::holds_alternative<command::SetSurfaces>(command) ||
         std::holds_alternative<command::SetProbe>(command) ||
         std::holds_alternative<command::SetGrid>(command);
}

}  // namespace

Replay::Replay(Session& session, const SessionFile& file, OnView on_view, std::string name, Surfaces surfaces)
    : session_(session),
      file_(file),
      on_view_(std::move(on_view)),
      name_(std::move(name)),
      surfaces_(surfaces) {}

Error Replay::wrong(const std::string& what) const {
  // Line 1 is the head.
  return error("{}, line {}: {}", name_, done_ + 2, what);
}

Result<bool> Replay::next(double until) {
  if (finished() || file_.events[done_].seconds > until) return false;
  const SessionEvent& event = file_.events[done_];
  // A command says at which step it came; what was done, where it led to.
  const bool command = std::holds_alternative<Command>(event.what);
  std::int64_t step = session_.subject().steps();
  if (event.run.value_or(0) != 0)
    return wrong(fmt::format("there is no run {}; the lesson has one, which is run 0.", *event.run));
  FL_TRY(repeat(event));
  if (!command) step = session_.subject().steps();
  if (step != event.step && !std::holds_alternative<ViewChange>(event.what))
    return wrong(fmt::format(
        "the session was at step {} here, and the lesson is at step {}; its images or this program may "
        "have changed since.",
        event.step, step));
  ++done_;
  return true;
}

std::optional<bool> Replay::has(const std::string& weights) const {
  const Training* training = session_.subject().training();
  if (weights.empty() || training == nullptr) return std::nullopt;
  return weights_checksum(*training) == weights;
}

Result<void> Replay::repeat(const SessionEvent& event) {
  if (const auto* trace = std::get_if<Trace>(&event.what)) return repeat(*trace);
  if (const auto* view = std::get_if<ViewChange>(&event.what)) {
    if (auto done = on_view_(view->members); !done) return wrong(done.error().message);
    return {};
  }
  const auto& command = std::get<Command>(event.what);
  if (surfaces_ == Surfaces::kLeaveOut && is_of_surfaces(command)) return {};
  if (const auto* mark = std::get_if<command::Mark>(&command)) same_at_mark_ = has(mark->weights);
  if (const auto* show = std::get_if<command::ShowImage>(&command)) {
    const Training* training = session_.subject().training();
    if (training != nullptr && static_cast<std::size_t>(show->image) >= training->data().size())
      return wrong(fmt::format("there is no image {}; the lesson has {}.", show->image,
                               counted(training->data().size(), "image")));
  }
  if (const auto* show = std::get_if<command::ShowPixels>(&command)) {
    log_warning(
        "{}, line {}: a session does not keep the pixels of {}, so the image before it is shown instead.",
        name_, done_ + 2, printable(show->image->name));
    return {};
  }
  session_.apply(command);
  return {};
}

Result<void> Replay::repeat(const Trace& trace) {
  for (const Deed& deed : trace) {
    if (surfaces_ == Surfaces::kLeaveOut && deed.kind != Deed::Kind::kSteps) continue;
    if (deed.kind == Deed::Kind::kCatchUp) session_.catch_up();
    std::int64_t left = deed.count;
    while (deed.kind == Deed::Kind::kSteps && left > 0) {
      const std::int64_t made = session_.advance(left);
      if (made == 0)
        return wrong(
            fmt::format("the lesson ends at step {}, before the session did.", session_.subject().steps()));
      left -= made;
    }
    // Where nothing is left to do, more calls change nothing.
    const auto nothing_done = [&] {
      const std::uint64_t before = session_.subject().version();
      return !session_.work(kTracePoints) && session_.subject().version() == before;
    };
    while (deed.kind == Deed::Kind::kWork && left-- > 0)
      if (nothing_done()) break;
  }
  return {};
}

}  // namespace fl

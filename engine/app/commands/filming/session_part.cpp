#include "engine/app/commands/filming/session_part.h"

#include <algorithm>

#include "engine/app/interrupt.h"
#include "engine/app/studio/view_json.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"

namespace fl {

Result<SessionTake> session_part(const RenderOptions& options, const SessionFile& session) {
  if (options.take > 0) {
    const std::vector<SessionTake> takes = takes_of(session);
    if (const auto index = static_cast<std::size_t>(options.take) - 1; index < takes.size())
      return takes[index];
    return error("{} has no take {}: {} in it. F9 in the window marks where one begins and where it ends.",
                 options.scene, options.take,
                 takes.empty()
                     ? "none is marked"
                     : counted(takes.size(), "take") + (takes.size() == 1 ? " is marked" : " are marked"));
  }
  const SessionTake part{options.from.value_or(0),
                         std::min(options.to.value_or(session.seconds()), session.seconds())};
  if (part.begin < part.end || (!options.from && !options.to)) return part;
  return error(
      "There is nothing to draw from {:.1f} s to {:.1f} s: the session {} lasts {:.1f} s; choose other "
      "seconds with --from and --to.",
      part.begin, options.to.value_or(session.seconds()), options.scene, session.seconds());
}

Result<void> check_no_part(const RenderOptions& options) {
  if (options.take == 0 && !options.from && !options.to) return {};
  return error(
      "--take, --from and --to choose a part of a session; leave them out, or give the session.jsonl of "
      "a run folder.");
}

Result<std::vector<std::string>> pinned_of_session(const RenderOptions& options) {
  std::vector<std::string> of_view;
  for (const std::string& text : options.overrides)
    if (!text.starts_with("film.")) of_view.push_back(text);
  auto pinned = members_of_keys(of_view);
  if (pinned) return pinned;
  return error(
      "{} is a session, which is drawn as it was done; leave out --set {}. Keys of [film] and [camera] may "
      "be set, and of [view] those of colours, curves, feature maps and parts.",
      options.scene, printable(pinned.error().message));
}

Result<void> go_on(Replay& replay, const Subject& subject, double until, Progress& progress) {
  while (!interrupted()) {
    FL_TRY_LET(more, replay.next(until));
    if (!*more) break;
    progress.show("step {} of the session", subject.steps());
  }
  return {};
}

}  // namespace fl

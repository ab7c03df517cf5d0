#include "engine/app/commands/filming/session_part.h"

#include <algorithm>

#include "trainer/base/counted.h"

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

}  // namespace fl

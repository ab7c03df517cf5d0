#pragma once
// Two lessons or sessions in one film: the first in the left half of each picture, the other in the right,
// seen by one camera on one clock. Whoever ends first holds its end.

#include "engine/app/commands/render_options.h"
#include "trainer/base/result.h"

namespace fl {

// Precondition: `options.beside` is not empty. Either may be a run folder, too: its session.jsonl, or its
// scene trained anew where it has none. Size, rate and theme are the first one's. Whether all of it is there;
// false where it was interrupted. Errors: as `fallline render` of each alone.
Result<bool> render_beside(const RenderOptions& options);

}  // namespace fl

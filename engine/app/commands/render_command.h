#pragma once
// fallline render: the lesson, or a session again, as a film or pictures, without a window. Every frame
// belongs to an exact step, so the same scene or session gives the same pictures.

#include "engine/app/commands/render_options.h"
#include "trainer/base/result.h"

namespace fl {

// Where somebody stops it (interrupt_code of interrupt.h), what was drawn until then is kept. Errors: one
// sentence each.
Result<void> run_render(const RenderOptions& options);

}  // namespace fl

#pragma once
// fallline render: the lesson as pictures, without a window. Every frame belongs to an exact step, so the
// same scene gives the same pictures.

#include "engine/app/commands/render_options.h"
#include "trainer/base/result.h"

namespace fl {

Result<void> run_render(const RenderOptions& options);

}  // namespace fl

#pragma once
// Which plane the landscape shows, over which images, and what is known under the pointer.

#include <optional>

#include <glm/vec3.hpp>

#include "engine/stage/view_state.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

// The panel that has the stage asked what lies under the pointer as long as it is open.
inline constexpr const char* kLandscapePanel = "landscape";

// Where a point of the drawn surface, world, lies on the plane; nothing where there is none.
[[nodiscard]] std::optional<LandscapePlace> place_on_plane(const FrameHeader& header,
                                                           const std::optional<glm::vec3>& point);

void draw_landscape_panel(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl

#include "engine/app/window/message_place.h"

#include "engine/ui/imgui_layer.h"

namespace fl {

bool said_on_stage(const std::string& message, bool presenter) {
  return presenter || !ImGuiLayer::can_write(message);
}

}  // namespace fl

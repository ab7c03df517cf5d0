#include "engine/app/message_place.h"

#include <algorithm>

#include "engine/ui/imgui_layer.h"
#include "trainer/base/utf8.h"

namespace fl {

bool said_on_stage(const std::string& message, bool presenter) {
  return presenter || !std::ranges::all_of(decode_utf8(message), ImGuiLayer::has_character);
}

}  // namespace fl

#include "engine/ui/panels/panels.h"

#include <GLFW/glfw3.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/help.h"

namespace fl {
namespace {

constexpr PanelInfo kPanels[] = {
    {"keys", {kQuestionMark, GLFW_KEY_F1}, "These keys", draw_help},
};

}  // namespace

std::span<const PanelInfo> panels() {
  return kPanels;
}

void draw_panels(ActionContext context) {
  for (const PanelInfo& one : kPanels)
    if (one.name == context.panel) {
      one.draw(context.status, context.view, context);
      return;
    }
}

}  // namespace fl

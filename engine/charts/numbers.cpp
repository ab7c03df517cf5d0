#include "engine/charts/numbers.h"

#include <cmath>

#include <fmt/format.h>

namespace fl {

void append_run_numbers(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out) {
  const FrameFacts& facts = context.frame.facts;
  const float row = panel.height / 3;
  const auto say = [&](int place, std::string text) {
    labels_out.push_back({.text = std::move(text),
                          .pixel = {panel.x, std::round(panel.y + (static_cast<float>(place) + 0.5F) * row)},
                          .size = std::min(0.7F * row, 24 * context.scale),
                          .color = context.theme.text,
                          .align_y = AlignY::kMiddle});
  };
  say(0, fmt::format("step {} of {}", facts.step, facts.total_steps));
  say(1, fmt::format("loss {:.3g}", facts.batch_loss));
  say(2, fmt::format("rate {:.2g}", facts.rate));
}

}  // namespace fl

#include "trainer/subjects/command.h"

#include <fmt/format.h>

#include "trainer/base/counted.h"
#include "trainer/base/number_text.h"
#include "trainer/base/overloaded.h"
#include "trainer/base/printable.h"
#include "trainer/optim/optimizer.h"

namespace fl {

std::string command_text(const Command& command) {
  return std::visit(
      Overloaded{
          [](const command::Play&) { return std::string("play"); },
          [](const command::Pause&) { return std::string("pause"); },
          [](const command::Step& c) {
            return c.count == 1 ? std::string("step") : fmt::format("step {}", c.count);
          },
          [](const command::Reset& c) { return fmt::format("reset {}", c.seed); },
          [](const command::SetRate& c) { return "rate " + rate_text(c.rate); },
          [](const command::SetOptimizer& c) { return fmt::format("optimizer {}", optimizer_name(c.kind)); },
          [](const command::SetPace& c) { return "pace " + rate_text(c.steps_per_second); },
          [](const command::ShowImage& c) { return fmt::format("image {}", c.image); },
          [](const command::ShowHeights& c) { return fmt::format("heights {}", loss_scale_name(c.scale)); },
          [](const command::ShowHeat& c) {
            if (c.on && c.of >= 0) return fmt::format("heat of class {}", c.of + 1);
            return std::string(c.on ? "heat on" : "heat off");
          },
          [](const command::SetPlane& c) { return "plane " + plane_text(c.plane); },
          [](const command::SetSurfaces& c) {
            return fmt::format("surfaces {}", choice_name(surface_sets(), c.surfaces));
          },
          [](const command::SetProbe& c) { return fmt::format("probe {}", c.images); },
          [](const command::ShowPhases& c) { return "phases " + c.of; },
          [](const command::SetStart& c) {
            return fmt::format("start {}, {}", number_text(c.at[0]), number_text(c.at[1]));
          },
          [](const command::SetSurface& c) {
            return c.name.empty() ? "surface of the formula " + printable(c.formula) : "surface " + c.name;
          },
          [](const command::Phase&) { return std::string("phase"); },
          [](const command::SetGrid& c) { return fmt::format("grid {}", c.side); },
          [](const command::SetEarlier& c) { return "earlier " + counted(c.runs->size(), "run"); },
          [](const command::ShowRates& c) {
            return fmt::format("rates about {}, {}, span {}", number_text(c.middle[0], 6),
                               number_text(c.middle[1], 6), number_text(c.span));
          },
          [](const command::MeasureCurvature& c) {
            return c.every > 0 ? "curvature every " + counted(c.every, "step") : std::string("curvature off");
          },
          [](const command::Mark&) { return std::string("mark"); },
          [](const command::MakeFork& c) {
            return fmt::format("fork {}", kForkChanges.at(static_cast<std::size_t>(c.what)));
          },
          [](const command::RemoveFork& c) { return fmt::format("remove-fork {}", c.number); },
          [](const command::ChooseForkStep& c) { return fmt::format("fork-step {}", c.step); },
          [](const command::ShowPixels& c) { return "pixels of " + printable(c.image->name); },
      },
      command);
}

}  // namespace fl

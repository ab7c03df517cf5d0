#include "trainer/subjects/descents/descent_presets.h"

namespace fl {
namespace {

constexpr DescentPreset kPresets[] = {
    {"two-hollows", "Two hollows",
     "The near hollow at (1, 0) catches gradient descent, Nesterov, AdaGrad, RMSProp and QHM. Momentum and "
     "the three Adams roll through it to the deep one at (-1, 0).",
     "local-minimum"},
    {"one-rate", "The same rate for all",
     "Two hollows again, at a rate of 0.001 for each. All but momentum and Nesterov crawl, and AdaGrad "
     "hardly leaves its start: a comparison of methods is a comparison of rates, too.",
     "local-minimum", 0.001},
    {"bowl", "A round bowl",
     "Momentum, Nesterov and QHAdam shoot past the middle and swing back; gradient descent creeps straight "
     "in and never passes it.",
     "global-minimum"},
    {"saddle", "A saddle",
     "All slide onto the saddle at (1.57, 0), where it is level. Methods that divide by the slope leave it "
     "and are far down within 60 steps; gradient descent and QHM are still on their way after 300.",
     "saddle-point"},
    {"long-bowl", "A long bowl",
     "Along the bowl the slope is small. Nesterov and the methods that divide by the slope are at the "
     "bottom within 30 steps, momentum swings through it; gradient descent needs more than 100, and QHM 150.",
     "ecliptic-bowl"},
    {"hills", "Hills",
     "Only momentum is fast enough to roll on into the hollow behind at (0.9, -0.65); all others end in the "
     "middle.",
     "hills"},
    {"rings", "A plateau of rings",
     "Gradient descent, AdaGrad, RMSProp and QHM stay in the ring. Momentum, Nesterov and the three Adams "
     "climb over its inner rim to the middle.",
     "plateau"},
    {"valley", "A bent valley",
     "The valley bends, and its floor is nearly level. Momentum, Nesterov and QHAdam come to its end near "
     "(1, 1); gradient descent and QHM are on the far side after 400 steps.",
     "rosenbrock"},
    {"egg-box", "An egg box",
     "Dent beside dent: every method is caught near its start, and none finds the lowest one at "
     "(0, 0).",
     "rastrigin"},
    {"four-minima", "Four minima",
     "All four are equally deep. Momentum ends in another one than all the others: where one comes down "
     "depends on the method, too.",
     "himmelblau"},
};

}  // namespace

std::vector<Command> DescentPreset::commands() const {
  std::vector<Command> all{command::SetSurface{surface}};
  if (rate > 0) all.push_back(command::SetRate{rate});
  return all;
}

std::span<const DescentPreset> descent_presets() {
  return kPresets;
}

}  // namespace fl

#pragma once
// The box around the landscape: what its lines are and what is written on them. Walls stand on the far
// sides, whichever those are for the camera, so that nothing is in front of the surface.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/lines.h"
#include "engine/pass/pass.h"

namespace fl {

// Floor, and far walls with a line at every loss tick.
std::vector<Line> axis_lines(const PassContext& context);
// From the ball at its real loss to the slice loss under it: the distance by which the slice lies.
std::vector<Line> stem_lines(const PassContext& context);

// Where balls darken the surface under them: ViewUniforms::contacts. Returns how many.
std::uint32_t contact_shadows(const PassContext& context, std::span<glm::vec4> out);

// Tick values and titles. The loss title says so where the height is a logarithm; the two directions say
// what they are and, for principal components, their share of the variance beside that of a random walk.
std::vector<Label> axis_labels(const Frame& frame, const SurfaceScale& surface, const Theme& theme,
                               glm::vec3 eye);

// The losses that carry a tick: round numbers inside the surface's range (1, 2, 5 times a power of ten on
// a logarithm, or a handful of its decades).
std::vector<float> loss_ticks(const SurfaceScale& surface);

}  // namespace fl

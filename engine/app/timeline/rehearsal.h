#pragma once
// A training gone through once before its film begins, so that its landscape is there from the first picture:
// the plane through the whole path, the surface evaluated to its end. Then it begins again, from the same
// weights and in the same order.

#include <functional>

#include "trainer/session/session.h"

namespace fl {

// `train`: makes all steps that the film will make. `go_on`: asked between points of the landscape. Where
// nothing is trained, the landscape is there already, and nothing is done.
void rehearse(Session& session, const std::function<void()>& train, const std::function<bool()>& go_on);

}  // namespace fl

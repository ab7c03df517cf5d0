#pragma once
// A backbone whose last stages are trained along with the head on it. It is cut before them: what lies below
// embeds every image once, and what lies above becomes layers of the network that is trained. The image of
// that network is the numbers that cross the cut.

#include <optional>
#include <vector>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/result.h"

namespace fl {

// Where the stages of a network begin that can be trained: its blocks, each of which ends in a sum, a pooling
// or a convolution without an activation, in a layer that alone connects those below with those above. What
// comes before the end of the first is none of them.
std::vector<int> stages_of(const NetSpec& spec);

struct CutBackbone {
  // All frozen; its outputs are what crosses the cut.
  KnownNetwork below;
  // From there to the backbone's own outputs, nothing frozen; none where no stage is trained. Its image is
  // the outputs of `below`, one after the other, and it has a kPart layer for each. Where there is one alone,
  // the image has that output's shape.
  std::optional<KnownNetwork> above;
};

// `stages`: how many of the last ones are trained. Layers that depend on none of them stay below. Error: more
// than there are.
Result<CutBackbone> cut_backbone(KnownNetwork backbone, int stages);

// What is above a cut, put back on what is below it. Precondition: its kPart layers are those of
// cut_backbone().
KnownNetwork joined(const KnownNetwork& below, const KnownNetwork& above);

}  // namespace fl

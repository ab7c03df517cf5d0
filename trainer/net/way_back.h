#pragma once
// The way back through a network that is not trained: from its outputs to the values of one layer. What a
// picture of where a network looks is made of.

#include <optional>

#include "trainer/net/param_layout.h"

namespace fl {

// A network and its layout as backends compile them for that: every layer is frozen, so that norms take
// their running statistics; dropout keeps everything; the gradient is wanted of one layer, and of those that
// depend on it. Parameters lie where the network's own do, and none of them has a gradient.
struct WayBack {
  NetSpec spec;
  ParamLayout layout;

  // To what layer `layer` gives, or to the image (NetSpec::kImage). Preconditions: no activation is the only
  // reader of that layer, because backends do it in one with the layer; of the image, no layer is a part.
  static WayBack to(const NetSpec& spec, const ParamLayout& layout, int layer);
};

// The last layer with maps of more than one pixel: of a convolution, with what works on each of its values
// behind it, and before what pools or flattens them. Nothing where no such layer leads to an output.
std::optional<int> last_maps(const NetSpec& spec);

}  // namespace fl

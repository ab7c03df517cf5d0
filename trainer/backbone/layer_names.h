#pragma once
// Names in a network that is put together of others, whose layers may be called alike.

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "trainer/net/net_spec.h"

namespace fl {

// `name`, or the first of name-2, name-3, ... that no layer of `spec` has.
inline std::string free_layer_name(const NetSpec& spec, const std::string& name) {
  std::string found = name;
  for (int number = 2; std::ranges::find(spec.layers, found, &LayerSpec::name) != spec.layers.end(); ++number)
    found = fmt::format("{}-{}", name, number);
  return found;
}

}  // namespace fl

#pragma once
// A network on a device, as its weights: what everything else that a program can do goes by. One thread uses
// it at a time.

#include <span>

#include "trainer/net/param_layout.h"

namespace fl {

class Network {
 public:
  virtual ~Network() = default;

  [[nodiscard]] virtual const NetSpec& spec() const = 0;
  // Where each parameter lies in the arenas below.
  [[nodiscard]] virtual const ParamLayout& layout() const = 0;

  // All parameters (layout().all_floats), or the trained ones alone (layout().floats), which come first.
  virtual void write_params(std::span<const float> params) = 0;
  virtual void read_params(std::span<float> params) const = 0;
  // Running statistics of batch norms, layout().statistic_floats long; empty for networks without. They
  // start as mean 0, variance 1.
  virtual void write_statistics(std::span<const float> statistics) = 0;
  virtual void read_statistics(std::span<float> statistics) const = 0;
  virtual void reset_statistics() = 0;
};

}  // namespace fl

#pragma once
// Losses over a plane through the space of weights: what a landscape is made of. Many points a call, so that
// a device has enough to do.

#include <cstdint>
#include <span>

namespace fl {

struct SlicePoint {
  double a = 0, b = 0;
};

class SliceEvaluator {
 public:
  virtual ~SliceEvaluator() = default;

  // The slice f(a, b) = L(o + a d1 + b d2) over the probe, images of the data set (evaluation mode,
  // statistics re-estimated); the three arenas, each as long as the trained parameters, are copied, and the
  // frozen ones as they are now. The run's own weights and statistics are never touched.
  virtual void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                         std::span<const float> d1, std::span<const float> d2) = 0;
  // How many points are worth asking for where another network is asked for one: more where a point costs
  // little, and little less over fewer images.
  [[nodiscard]] virtual std::size_t points_at_once() const { return 1; }
  // losses[i] = f(points[i]); not finite where the loss is. Precondition: set_slice was called.
  virtual void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) = 0;
};

}  // namespace fl

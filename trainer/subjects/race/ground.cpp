#include "trainer/subjects/race/ground.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace fl {
namespace {

constexpr std::size_t kPointsAtOnce = 8;

// The layers as far as they say what the weights mean: dropout does nothing once they are evaluated.
std::vector<LayerSpec> meaning(const Training& training) {
  std::vector<LayerSpec> layers = training.program().spec().layers;
  std::erase_if(layers, [](const LayerSpec& layer) { return layer.kind == LayerKind::kDropout; });
  return layers;
}

}  // namespace

bool same_network(const Training& one, const Training& other) {
  return meaning(one) == meaning(other);
}

void Ground::lay(Plane plane, bool test) {
  framed_ = std::make_unique<FramedPlane>(framing_.frame(std::move(plane)));
  if (!test) framed_->test.reset();
}

bool Ground::prepare(const std::function<bool()>& go_on) {
  while (!framed_->ready()) {
    if (go_on && !go_on()) return false;
    if (grids_.evaluate_next(*framed_, kPointsAtOnce).points == 0) break;
  }
  return true;
}

std::size_t Ground::work(std::size_t points) {
  return grids_.evaluate_next(*framed_, std::min(points, kPointsAtOnce)).points;
}

bool Ground::turn_lower_half_back() {
  if (!framed_->lower_half_behind()) return false;
  framed_->plane.flip_b();
  for (ProbedGrid* grid : {&framed_->train, framed_->test ? &*framed_->test : nullptr}) {
    if (grid == nullptr) continue;
    grid->surface.flip_b();
    grid->id = framing_.next_id();
  }
  return true;
}

void Ground::choose(LossScale scale) {
  framing_.choose(scale);
  framed_->choose(scale);
}

}  // namespace fl

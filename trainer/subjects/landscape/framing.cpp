#include "trainer/subjects/landscape/framing.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/landscape/small_probe.h"

namespace fl {
namespace {

constexpr std::size_t kProbesWorthTwo = 2;  // times the small one, at least

}  // namespace

Framing::Framing(Training& training)
    : training_(training),
      surfaces_(training.spec().landscape.surfaces),
      probe_images_(training.spec().landscape.probe_images),
      grid_side_(training.spec().landscape.grid) {}

// As many of a set as a probe has, the first of its order.
std::vector<std::int32_t> Framing::probe(bool of_test) const {
  const std::vector<std::int32_t>& set = of_test ? training_.split().test : training_.split().train;
  const std::size_t count = std::min(set.size(), static_cast<std::size_t>(probe_images_));
  return {set.begin(), set.begin() + static_cast<std::ptrdiff_t>(count)};
}

bool Framing::choose(SurfaceSets surfaces) {
  return std::exchange(surfaces_, surfaces) != surfaces;
}

bool Framing::choose_probe(int images) {
  return std::exchange(probe_images_, images) != images;
}

bool Framing::choose_grid(int side) {
  return std::exchange(grid_side_, side) != side;
}

bool Framing::differs(const FramedPlane& shown) const {
  return static_cast<int>(shown.train.surface.side()) != grid_side_ || shown.train.probe != path_probe() ||
         shown.test.has_value() != test_as_glass() || (shown.test && shown.test->probe != probe(true));
}

FramedPlane Framing::frame(Plane plane) {
  ProbedGrid train = grid(plane, test_in_colour());
  std::optional<ProbedGrid> test;
  if (test_as_glass()) test = grid(plane, true);
  return {std::move(plane), std::move(train), std::move(test)};
}

ProbedGrid Framing::grid(const Plane& plane, bool of_test) {
  const LandscapeSpec& landscape = training_.spec().landscape;
  SlotWriter* device = training_.slot_writer();
  std::vector<std::int32_t> whole = probe(of_test);
  // Where it saves little, the whole probe is simpler; and a device takes it all at once.
  const std::size_t small = static_cast<std::size_t>(landscape.small_probe);
  const bool small_first = small > 0 && whole.size() >= kProbesWorthTwo * small &&
                           training_.program().points_at_once() == 1 && device == nullptr;
  std::vector<std::int32_t> first = small_first ? small_probe_of(whole, small) : whole;
  ProbedGrid grid{
      .probe = std::move(whole),
      .small = std::move(first),
      .surface = Surface(static_cast<std::uint32_t>(grid_side_), plane, landscape.error, small_first),
      .id = next_id(),
      .of_test = of_test};
  if (scale_) grid.surface.choose(*scale_);
  if (device != nullptr) device->begin_grid(grid.id, grid.surface.side());
  return grid;
}

std::vector<std::int32_t> Framing::small_probe_of(std::span<const std::int32_t> probe, std::size_t count) {
  Evaluator& network = training_.program();
  const auto classes = static_cast<std::size_t>(network.spec().classes);
  std::vector<float> probabilities(probe.size() * classes);
  network.evaluate(probe, probabilities, NormStatistics::kReestimated);
  std::vector<std::int32_t> labels;
  std::vector<double> losses;
  for (std::size_t i = 0; i < probe.size(); ++i) {
    labels.push_back(training_.data().labels[static_cast<std::size_t>(probe[i])]);
    losses.push_back(
        -std::log(static_cast<double>(probabilities[i * classes + static_cast<std::size_t>(labels.back())])));
  }
  return small_probe(probe, labels, losses, count);
}

}  // namespace fl

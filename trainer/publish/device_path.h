#pragma once
// The path on a device: a copy of the weights at each snapshot and its point, so that a new plane projects
// all of them where they are. Everything happens on the program's stream, in order with the training; the
// host says which snapshots are kept, in which order, and at which rate a step was made.
//
// Memory: snapshots x parameters x 4 bytes: 46 MB for 192 snapshots of 60 000 parameters. `Device` as in
// device_slot_writer.h.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/path_kernels.h"
#include "trainer/publish/frame_sources.h"

namespace fl {

template <typename Device>
class DevicePath {
 public:
  DevicePath(Device& device, FrameSources& sources) : device_(device), sources_(sources) {}

  // As SlotWriter's of the same names.
  void begin_path(std::size_t snapshots) {
    FL_CHECK(snapshots <= kernels::PointPlaces::kMost);
    floats_ = sources_.params().size;
    if (points_.size() != snapshots) allocate(snapshots);
    steps_.assign(snapshots, kFree);
    path_.clear();
    projected_ = false;
  }

  void add_snapshot(std::span<const std::int64_t> steps, double rate) {
    FL_CHECK(!steps.empty() && steps.size() <= steps_.size());
    std::ranges::replace_if(
        steps_, [&](std::int64_t step) { return std::ranges::find(steps, step) == steps.end(); }, kFree);
    const std::size_t place = place_of(kFree);
    void* stream = sources_.stream();
    device_.copy(stream, weights_.data() + place * floats_, sources_.params().data, floats_ * sizeof(float));
    device_.for_each(stream, 1,
                     kernels::NotePoint{sources_.steps(), sources_.evaluated(), steps.back(), rate,
                                        (points_.data() + place).get()});
    steps_[place] = steps.back();
    path_.clear();
    for (const std::int64_t step : steps) path_.push_back(place_of(step));
    if (projected_) project(place, 1);
  }

  void set_path_plane(std::span<const float> origin, std::span<const float> d1, std::span<const float> d2) {
    void* stream = sources_.stream();
    DevicePtr<float> to = plane_.data();
    for (const std::span<const float> arena : {origin, d1, d2}) {
      FL_CHECK(arena.size() == floats_);
      device_.upload(stream, to, arena.data(), arena.size_bytes());
      to = to + floats_;
    }
    device_.sum(stream, 1, floats_, scratch_.data(),
                kernels::PlaneSums{this->d1().get(), this->d2().get(), gram_.data().get()});
    projected_ = true;
    project(0, steps_.size());
  }

  void set_path_losses(std::span<const std::size_t> points) {
    std::vector<std::size_t> places;
    for (const std::size_t point : points) places.push_back(path_.at(point));
    device_.for_each(
        sources_.stream(), places.size(),
        kernels::SetSliceLosses{points_.data().get(), sources_.slice_losses().get(), carried(places)});
    sources_.slice_losses_read();
  }

  // The newest points, as many as `out` is to have.
  void assemble(std::size_t count, DevicePtr<PathPoint> out) {
    FL_CHECK(count <= path_.size());
    device_.for_each(
        sources_.stream(), count,
        kernels::AssemblePath{points_.data().get(), out.get(), carried(std::span(path_).last(count))});
  }

 private:
  template <typename T>
  using Array = typename Device::template Array<T>;
  static constexpr std::int64_t kFree = -1;

  void allocate(std::size_t snapshots) {
    weights_ = Array<float>();  // before the larger one is asked for
    weights_ = Array<float>(snapshots * floats_);
    points_ = Array<PathPoint>(snapshots);
    plane_ = Array<float>(3 * floats_);
    gram_ = Array<kernels::PlaneGram>(1);
    scratch_ = Array<double>(kernels::sum_scratch(snapshots, floats_));
  }
  [[nodiscard]] DevicePtr<const float> d1() const { return plane_.data() + floats_; }
  [[nodiscard]] DevicePtr<const float> d2() const { return plane_.data() + 2 * floats_; }

  [[nodiscard]] std::size_t place_of(std::int64_t step) const {
    const auto found = std::ranges::find(steps_, step);
    FL_CHECK_MSG(found != steps_.end(), "step {} has no place on the path", step);
    return static_cast<std::size_t>(found - steps_.begin());
  }
  void project(std::size_t place, std::size_t count) {
    device_.sum(sources_.stream(), count, floats_, scratch_.data(),
                kernels::ProjectSnapshots{(weights_.data() + place * floats_).get(), floats_,
                                          plane_.data().get(), d1().get(), d2().get(), gram_.data().get(),
                                          (points_.data() + place).get()});
  }
  static kernels::PointPlaces carried(std::span<const std::size_t> places) {
    kernels::PointPlaces carried;
    FL_CHECK(places.size() <= kernels::PointPlaces::kMost);
    for (std::size_t i = 0; i < places.size(); ++i) carried.at[i] = static_cast<std::uint16_t>(places[i]);
    return carried;
  }

  Device& device_;
  FrameSources& sources_;
  std::size_t floats_ = 0;
  bool projected_ = false;           // there is a plane
  std::vector<std::int64_t> steps_;  // by place
  std::vector<std::size_t> path_;    // places in the path's order
  Array<float> weights_, plane_;     // [place][float]; [origin, d1, d2][float]
  Array<PathPoint> points_;          // by place
  Array<kernels::PlaneGram> gram_;
  Array<double> scratch_;
};

}  // namespace fl

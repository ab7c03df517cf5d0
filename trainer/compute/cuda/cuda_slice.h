#pragma once
// Losses over the points of a landscape slice. Several points are in flight, each on a low-priority lane of
// its own that forms o + a d1 + b d2, runs the probe and leaves the loss in a table; lanes find their points
// by a cursor on the device, so a point costs the host one graph launch. Where the first layer is linear in
// its weights, its three outputs over the probe are kept, and a point combines them instead of convolving
// anew.

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "trainer/compute/cuda/cuda_options.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/slice_evaluator.h"

namespace fl::cuda {

// What a slice reads of the program's: its data set and, where no slice moves them, its frozen parameters and
// norms.
struct ResidentData {
  DevicePtr<const float> pixels;
  DevicePtr<const std::int32_t> labels;
  std::size_t images = 0;
  DevicePtr<const float> params, statistics;
  kernels::TargetTable targets = {};
};

class CudaSlice {
 public:
  // `data` must live longer. All spans have the length of `probe` and of the arena of trained parameters.
  CudaSlice(const NetSpec& spec, const ParamLayout& layout, const CudaOptions& options,
            const ResidentData& data, std::size_t probe_images);

  [[nodiscard]] std::size_t probe_images() const { return probe_images_; }
  void set(std::span<const std::int32_t> probe, std::span<const float> origin, std::span<const float> d1,
           std::span<const float> d2);
  void evaluate(std::span<const SlicePoint> points, std::span<double> losses);
  // Of the last evaluate(), whose host has waited for them; at most as many as one turn takes. The next turn
  // waits until `stream` has read them.
  [[nodiscard]] DevicePtr<const double> losses_on_device() const { return results_.data(); }
  void read_by(const Stream& stream);

 private:
  struct Worker {
    Worker(const NetSpec& spec, const ParamLayout& layout, const CudaOptions& options, std::size_t batch,
           std::size_t probe_images);
    Lane lane;
    NetPlan plan;
    Replay replay;
    DeviceArray<float> params, losses;
    DeviceArray<std::int32_t> hits;
    DeviceArray<kernels::SliceCursor> cursor;
    DeviceArray<double> scratch;  // for the sum over the probe
  };

  [[nodiscard]] std::size_t chunks() const { return (probe_images_ + batch_ - 1) / batch_; }
  void gather(Worker& worker, std::size_t chunk);
  void place_linear_outputs();
  void keep_linear_outputs();
  void enqueue_point(Worker& worker);
  void evaluate_some(std::span<const SlicePoint> points, std::span<double> losses);

  const NetSpec& spec_;
  const ParamLayout& layout_;
  CudaOptions options_;
  ResidentData data_;
  std::size_t probe_images_, batch_;
  std::vector<std::unique_ptr<Worker>> workers_;
  DeviceArray<std::int32_t> list_;
  DeviceArray<kernels::BatchCursor> chunk_cursors_;
  DeviceArray<float> origin_, d1_, d2_;
  // [origin, d1, d2][chunk]; the block is empty where the first layer is not linear.
  std::array<std::vector<std::size_t>, 3> linear_places_;  // in floats
  DeviceArray<float> linear_;
  PinnedArray<kernels::PlanePoint> staged_points_;
  PinnedArray<kernels::SliceCursor> staged_cursors_;
  DeviceArray<kernels::PlanePoint> points_;
  DeviceArray<double> results_;
  Event points_sent_, results_read_;
};

}  // namespace fl::cuda

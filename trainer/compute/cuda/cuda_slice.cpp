#include "trainer/compute/cuda/cuda_slice.h"

#include <algorithm>

#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/places.h"
#include "trainer/compute/kernels/slice_kernels.h"

namespace fl::cuda {
namespace {

constexpr std::size_t kPointsAtATime = 4096;
constexpr std::size_t kMostLanes = 4;
constexpr std::size_t kManyImages = 512;  // fill a device by themselves: two points then overlap well enough

// Batch norms take their statistics from the whole probe at once.
std::size_t choose_batch(const NetSpec& spec, const CudaOptions& options, std::size_t probe_images) {
  if (spec.has(LayerKind::kBatchNorm)) return probe_images;
  const std::size_t fitting =
      options.pass_bytes / NetPlan::bytes_per_image(spec, NetPlan::Mode::kReestimated);
  const std::size_t most = std::clamp<std::size_t>(fitting, 1, probe_images);
  // Chunks of one size: what the last one has too many is computed for nothing.
  const std::size_t chunks = (probe_images + most - 1) / most;
  return (probe_images + chunks - 1) / chunks;
}

std::size_t choose_lanes(const NetSpec& spec, std::size_t batch) {
  const std::size_t wanted = batch >= kManyImages ? 2 : kMostLanes;
  const std::size_t bytes = batch * NetPlan::bytes_per_image(spec, NetPlan::Mode::kReestimated);
  return std::clamp<std::size_t>(device_memory().free_bytes / 3 / std::max<std::size_t>(bytes, 1), 1, wanted);
}

}  // namespace

CudaSlice::Worker::Worker(const NetSpec& spec, const ParamLayout& layout, const CudaOptions& options,
                          std::size_t batch, std::size_t probe_images)
    : lane(options.math, Priority::kLow),
      plan(spec, layout, batch, NetPlan::Mode::kReestimated, lane),
      params(layout.all_floats),
      losses(probe_images),
      hits(probe_images),
      cursor(1),
      scratch(kernels::sum_scratch(1, probe_images)) {}

CudaSlice::CudaSlice(const NetSpec& spec, const ParamLayout& layout, const CudaOptions& options,
                     const ResidentData& data, std::size_t probe_images)
    : spec_(spec),
      layout_(layout),
      options_(options),
      data_(data),
      probe_images_(probe_images),
      batch_(choose_batch(spec, options, probe_images)),
      list_(probe_images),
      chunk_cursors_(chunks()),
      origin_(layout.floats),
      d1_(layout.floats),
      d2_(layout.floats),
      staged_points_(kPointsAtATime),
      staged_cursors_(kMostLanes),
      points_(kPointsAtATime),
      results_(kPointsAtATime) {
  FL_CHECK(probe_images > 0);
  const std::size_t lanes = choose_lanes(spec, batch_);
  for (std::size_t i = 0; i < lanes; ++i)
    workers_.push_back(std::make_unique<Worker>(spec, layout, options, batch_, probe_images));
  std::vector<kernels::BatchCursor> cursors;
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) cursors.push_back({chunk * batch_, probe_images_});
  upload(workers_.front()->lane.stream, chunk_cursors_.data(), cursors.data(), chunk_cursors_.bytes());
  if (NetPlan::linear_first_layer(spec) >= 0) place_linear_outputs();
}

void CudaSlice::place_linear_outputs() {
  Places places(sizeof(float));
  for (std::size_t along = 0; along < linear_places_.size(); ++along)
    for (std::size_t chunk = 0; chunk < chunks(); ++chunk)
      linear_places_[along].push_back(
          places.add<float>(fmt::format("first layer, direction {}, chunk {}", along, chunk),
                            workers_.front()->plan.linear_floats()));
  if (places.bytes() >= device_memory().free_bytes / 2) return;
  linear_ = DeviceArray<float>(places.bytes() / sizeof(float));
  places.watch(workers_.front()->lane.stream, linear_.data());
}

void CudaSlice::set(std::span<const std::int32_t> probe, std::span<const float> origin,
                    std::span<const float> d1, std::span<const float> d2) {
  FL_CHECK(probe.size() == probe_images_);
  const Stream& stream = workers_.front()->lane.stream;
  upload(stream, list_.data(), probe.data(), probe.size_bytes());
  upload(stream, origin_.data(), origin.data(), origin.size_bytes());
  upload(stream, d1_.data(), d1.data(), d1.size_bytes());
  upload(stream, d2_.data(), d2.data(), d2.size_bytes());
  for (const auto& worker : workers_)
    copy_on_device(stream, worker->params.data() + layout_.floats, data_.params + layout_.floats,
                   (layout_.all_floats - layout_.floats) * sizeof(float));
  if (linear_.size() > 0) keep_linear_outputs();
  stream.synchronize();
}

void CudaSlice::gather(Worker& worker, std::size_t chunk) {
  run(worker.lane.stream, batch_ * spec_.input.floats(),
      kernels::Gather{data_.pixels.get(), spec_.input.floats(), list_.data().get(),
                      (chunk_cursors_.data() + chunk).get(), worker.plan.input().get()});
}

void CudaSlice::keep_linear_outputs() {
  Worker& worker = *workers_.front();
  worker.plan.begin();
  const std::array weights = {origin_.data(), d1_.data(), d2_.data()};
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    gather(worker, chunk);
    for (std::size_t along = 0; along < weights.size(); ++along)
      worker.plan.linear_output(weights[along], worker.plan.input(),
                                linear_.data() + linear_places_[along][chunk]);
  }
}

void CudaSlice::enqueue_point(Worker& worker) {
  const Stream& stream = worker.lane.stream;
  kernels::SliceCursor* cursor = worker.cursor.data().get();
  worker.plan.begin();
  run(stream, 1, kernels::BeginPoint{cursor, points_.data().get()});
  run(stream, layout_.floats,
      kernels::FormPoint{origin_.data().get(), d1_.data().get(), d2_.data().get(), cursor,
                         worker.params.data().get()});
  for (std::size_t chunk = 0; chunk < chunks(); ++chunk) {
    std::optional<NetPlan::LinearFirst> first;
    if (linear_.size() > 0) {
      const auto along = [&](std::size_t which) { return linear_.data() + linear_places_[which][chunk]; };
      first = {along(0), along(1), along(2), worker.cursor.data()};
    } else {
      gather(worker, chunk);
    }
    worker.plan.forward({.params = worker.params.data(), .statistics = data_.statistics, .key = {}}, first);
    run(stream, batch_,
        kernels::ImageLoss{worker.plan.logits().get(), spec_.classes, data_.labels.get(), data_.images,
                           nullptr, list_.data().get(), (chunk_cursors_.data() + chunk).get(),
                           worker.losses.data().get(), worker.hits.data().get(), nullptr, nullptr, 0,
                           static_cast<float>(spec_.clip), data_.targets});
  }
  run_sums(stream, 1, probe_images_, worker.scratch.data(),
           kernels::PointLoss{worker.losses.data().get(), static_cast<double>(probe_images_), cursor,
                              results_.data().get()});
}

void CudaSlice::read_by(const Stream& stream) {
  results_read_.record(stream);
  for (const auto& worker : workers_) results_read_.hold_back(worker->lane.stream);
}

void CudaSlice::evaluate(std::span<const SlicePoint> points, std::span<double> losses) {
  for (std::size_t begin = 0; begin < points.size(); begin += kPointsAtATime) {
    const std::size_t count = std::min(kPointsAtATime, points.size() - begin);
    evaluate_some(points.subspan(begin, count), losses.subspan(begin, count));
  }
}

void CudaSlice::evaluate_some(std::span<const SlicePoint> points, std::span<double> losses) {
  const std::size_t lanes = std::min(workers_.size(), points.size());
  const Stream& first = workers_.front()->lane.stream;
  for (std::size_t i = 0; i < points.size(); ++i)
    staged_points_[i] = {static_cast<float>(points[i].a), static_cast<float>(points[i].b)};
  copy_to_device(first, points_.data(), staged_points_.data(), points.size() * sizeof(kernels::PlanePoint));
  points_sent_.record(first);
  for (std::size_t w = 0; w < lanes; ++w) {
    Worker& worker = *workers_[w];
    if (w > 0) points_sent_.hold_back(worker.lane.stream);
    staged_cursors_[w] = {.point = w, .stride = lanes, .count = points.size(), .at = {}};
    copy_to_device(worker.lane.stream, worker.cursor.data(), &staged_cursors_[w],
                   sizeof(kernels::SliceCursor));
  }
  // Turn by turn, so that no lane waits for the host to have served another.
  for (std::size_t i = 0; i < points.size(); ++i) {
    Worker& worker = *workers_[i % lanes];
    worker.replay.run(worker.lane.stream, options_.graphs, [&] { enqueue_point(worker); });
  }
  for (std::size_t w = 0; w < lanes; ++w) workers_[w]->lane.stream.synchronize();
  download(first, losses.data(), results_.data(), losses.size_bytes());
}

}  // namespace fl::cuda

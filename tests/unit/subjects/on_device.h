#pragma once
// A training whose results lie in the memory of a device that is a queue on the host, and the device's ring.

#include "tests/support/plain_ring.h"
#include "tests/support/queued_device.h"
#include "trainer/base/check.h"
#include "trainer/publish/device_slot_writer.h"

namespace fl::test {

// The CPU's program, with its results in a "device's" memory too.
class OnDevice final : public Program, public FrameSources {
 public:
  OnDevice(std::unique_ptr<Program> cpu, QueuedDevice& device) : cpu_(std::move(cpu)), device_(device) {}

  [[nodiscard]] const NetSpec& spec() const override { return cpu_->spec(); }
  [[nodiscard]] const ParamLayout& layout() const override { return cpu_->layout(); }
  void set_data(std::vector<float> pixels, std::span<const std::int32_t> labels) override {
    cpu_->set_data(std::move(pixels), labels);
  }
  void set_guests(std::span<const float> pixels) override { cpu_->set_guests(pixels); }
  void write_params(std::span<const float> params) override { cpu_->write_params(params); }
  void read_params(std::span<float> params) const override { cpu_->read_params(params); }
  void read_gradients(std::span<float> gradients) const override { cpu_->read_gradients(gradients); }
  void write_statistics(std::span<const float> statistics) override { cpu_->write_statistics(statistics); }
  void read_statistics(std::span<float> statistics) const override { cpu_->read_statistics(statistics); }
  void reset_statistics() override { cpu_->reset_statistics(); }
  void set_seed(std::uint64_t seed) override { cpu_->set_seed(seed); }
  void set_augmentation(const AugmentSpec& spec) override { cpu_->set_augmentation(spec); }
  void set_class_weights(std::span<const float> weights) override { cpu_->set_class_weights(weights); }
  void set_optimizer(const OptimizerSpec& spec) override { cpu_->set_optimizer(spec); }
  [[nodiscard]] ProgramState save_state() const override { return cpu_->save_state(); }
  void restore_state(const ProgramState& state) override { cpu_->restore_state(state); }
  void set_history(std::span<const StepResult> steps) override {
    steps_ = 0;
    for (const StepResult& step : steps) keep(step);
  }
  BatchResult forward_backward(std::span<const std::int32_t> images) override {
    return cpu_->forward_backward(images);
  }
  StepResult train_step(std::span<const std::int32_t> images, double rate) override {
    const StepResult result = cpu_->train_step(images, rate);
    keep(result);
    return result;
  }
  EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                      NormStatistics statistics) override {
    const EvalResult result = cpu_->evaluate(images, probabilities, statistics);
    evaluated_images_ = result.batch.images;
    const kernels::ListTotals totals{.loss = result.batch.loss * result.batch.images,
                                     .hits = static_cast<double>(result.batch.correct)};
    device_.give(device_.program(), [this, totals] { *totals_.data().get() = totals; });
    return result;
  }
  void outputs(std::span<const std::int32_t> images, std::span<float> out) override {
    cpu_->outputs(images, out);
  }
  void set_slice(std::span<const std::int32_t> probe, std::span<const float> origin,
                 std::span<const float> d1, std::span<const float> d2) override {
    cpu_->set_slice(probe, origin, d1, d2);
  }
  void evaluate_slice(std::span<const SlicePoint> points, std::span<double> losses) override {
    cpu_->evaluate_slice(points, losses);
    if (hole_at != 0 && ++evaluated_ % hole_at == 0) losses[0] = std::nan("");
    std::vector<double> kept(losses.begin(), losses.end());
    device_.give(device_.slices(), [this, kept] { std::ranges::copy(kept, losses_.data().get()); });
  }
  void activations(std::int32_t image, std::span<const int> layers, std::span<float> out) override {
    cpu_->activations(image, layers, out);
  }
  void output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                       std::span<float> out) override {
    cpu_->output_gradient(image, layer, weights, out);
  }
  [[nodiscard]] SlotWriter* slot_writer() override { return &writer_; }

  void* stream() override { return device_.program(); }
  // Where the host writes them, the device knows it at the next use.
  DeviceSpan<const float> params() override {
    std::vector<float> now(params_.size());
    cpu_->read_params(now);
    device_.give(device_.program(), [this, now] { std::ranges::copy(now, params_.data().get()); });
    return {params_.data(), params_.size()};
  }
  kernels::Evaluated evaluated() override {
    return {totals_.data().get(), static_cast<double>(evaluated_images_)};
  }
  DevicePtr<const double> slice_losses() override {
    device_.order(device_.slices(), device_.program());
    return losses_.data();
  }
  void slice_losses_read() override { device_.order(device_.program(), device_.slices()); }
  void show_activations(std::int32_t image, std::span<const int> layers, DevicePtr<float> out) override {
    const std::vector<TensorShape> shapes = layer_shapes(spec()).value();
    std::size_t floats = 0;
    for (const int l : layers)
      floats += l < 0                                          ? spec().input.floats()
                : static_cast<std::size_t>(l) == shapes.size() ? static_cast<std::size_t>(spec().classes)
                                                               : shapes[static_cast<std::size_t>(l)].floats();
    std::vector<float> values(floats);
    cpu_->activations(image, layers, values);
    device_.give(device_.program(), [out, values] { std::ranges::copy(values, out.get()); });
  }
  kernels::StepRing steps() override { return {ring_.data().get(), ring_.size(), kept_steps}; }

  std::size_t kept_steps = kRing;
  std::size_t hole_at = 0;  // every so manieth evaluation of points begins with one that is not finite

 private:
  static constexpr std::size_t kRing = 1 << 12;
  void keep(const StepResult& result) {
    const kernels::StepOutcome outcome{.loss = result.batch.loss,
                                       .gradient_norm = result.gradient_norm,
                                       .update_norm = result.update_norm,
                                       .correct = result.batch.correct};
    device_.give(device_.program(),
                 [this, outcome, at = steps_++ % ring_.size()] { ring_.data().get()[at] = outcome; });
  }

  std::unique_ptr<Program> cpu_;
  QueuedDevice& device_;
  QueuedDevice::Array<double> losses_{64};
  QueuedDevice::Array<kernels::StepOutcome> ring_{kRing};
  QueuedDevice::Array<kernels::ListTotals> totals_{1};
  QueuedDevice::Array<float> params_{cpu_->layout().floats};
  std::size_t steps_ = 0, evaluated_ = 0;
  int evaluated_images_ = 1;
  DeviceSlotWriter<QueuedDevice> writer_{device_, *this};
};

class OnDeviceBackend final : public Backend {
 public:
  explicit OnDeviceBackend(QueuedDevice& device) : device_(device) {}
  [[nodiscard]] std::string device() const override { return cpu_->device(); }
  Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) override {
    auto program = cpu_->compile(spec, max_batch);
    if (!program) return program.error();
    return std::unique_ptr<Program>(std::make_unique<OnDevice>(*std::move(program), device_));
  }

 private:
  std::unique_ptr<Backend> cpu_ = make_cpu_backend(1).value();
  QueuedDevice& device_;
};

// The device's ring: its queue spoils a slot before it may be written, as a late reader would see it, and
// takes a copy of it when it is announced. So work that is not ordered behind the first and before the second
// is seen.
class QueuedRing final : public FrameSink {
 public:
  QueuedRing(const FrameCapacity& capacity, QueuedDevice& device)
      : plain_(capacity, device.slots()), device_(device) {}
  [[nodiscard]] const FrameLayout& layout() const override { return plain_.layout(); }
  [[nodiscard]] std::optional<FrameSlot> try_begin_write() override {
    const auto slot = plain_.try_begin_write();
    if (slot)
      device_.give(device_.slots(), [memory = slot->memory] { std::ranges::fill(memory, std::byte{0xff}); });
    return slot;
  }
  void publish(const FrameSlot& slot, const Frame& frame) override {
    device_.give(device_.slots(),
                 [this, slot] { announced_[slot.index].assign(slot.memory.begin(), slot.memory.end()); });
    plain_.publish(slot, frame);
  }
  // The newest frame as it was announced; the device has finished.
  std::optional<FrameSlot> read() {
    const auto newest = plain_.read();
    if (!newest) return std::nullopt;
    FrameSlot slot = newest->slot;
    slot.memory = announced_[slot.index];
    return slot;
  }

 private:
  PlainRing plain_;
  QueuedDevice& device_;
  std::array<std::vector<std::byte>, kFrameSlots> announced_;
};

}  // namespace fl::test

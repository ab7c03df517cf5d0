// Milliseconds a frame of the whole stage at 1280x720, drawn and waited for, not read back: a surface with
// shadow, occlusion, contours and their labels, path, axes and curves. As a window draws it (on a CPU device:
// one sample and the edge filter), and with four samples as films are. Then, on a CPU device, with the slot's contents
// known: all changes, the camera turns, a step is added to path and curves, and to the path alone.
#include <sys/resource.h>

#include <cmath>

#include <fmt/format.h>

#include "engine/bridge/host_ring.h"
#include "engine/film/capture.h"
#include "tests/bench/measure.h"
#include "tests/support/synthetic_frame.h"
#include "trainer/base/check.h"

namespace {

constexpr VkExtent2D kExtent{1280, 720};
constexpr std::uint32_t kEpochs = 40, kStepsPerEpoch = 50;

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Curves as a training of forty epochs leaves them.
void fill_curves(const fl::FrameSlot& slot, fl::Frame& frame) {
  for (std::uint32_t i = 0; i < kEpochs * kStepsPerEpoch; ++i) {
    const double t = static_cast<double>(i) / (kEpochs * kStepsPerEpoch);
    slot.steps()[i].loss = static_cast<float>(2.2 * std::exp(-4 * t) + 0.1 + 0.08 * std::sin(i * 2.4));
  }
  for (std::uint32_t i = 0; i < kEpochs; ++i) {
    const double t = static_cast<double>(i) / kEpochs;
    const auto loss = static_cast<float>(2.2 * std::exp(-4 * t) + 0.1);
    slot.epochs()[i] = {loss, 1 - loss / 2.4f, loss + 0.2f, 1 - loss / 2.2f};
  }
  frame.facts.step_count = kEpochs * kStepsPerEpoch;
  frame.header.steps_per_epoch = kStepsPerEpoch;
  frame.facts.total_steps = frame.facts.step = frame.facts.step_count;
  frame.facts.epoch_count = frame.facts.epoch = kEpochs;
  frame.facts.last_epoch = slot.epochs()[kEpochs - 1];
  frame.facts.curve_loss_max = 2.6f;
}

struct FrameTime {
  double seconds = 0, processor = 0;
};

// What differs from one picture to the next.
struct Changes {
  bool camera = true, path = false, curves = false;
  bool known = false;  // the stage may keep the rest
  bool hurried = false;
};

fl::AcquiredFrame publish(fl::HostRing& ring, std::uint32_t side, std::uint32_t points, std::uint32_t steps) {
  const auto slot = ring.try_begin_write();
  FL_CHECK(slot.has_value());
  fl::Frame written = fl::testing::fill_synthetic(*slot, {.side = side, .path_points = points});
  fill_curves(*slot, written);
  written.facts.step_count -= kStepsPerEpoch - steps % kStepsPerEpoch;
  ring.publish(*slot, written);
  const auto frame = ring.acquire_latest();
  FL_CHECK(frame.has_value());
  return *frame;
}

FrameTime frame_time(fl::Device& device, const fl::Font& font, std::uint32_t side, std::uint32_t samples, double seconds,
                     const Changes& changes = {}) {
  constexpr std::uint32_t kPoints = 400;
  fl::HostRing ring(device, {.grid_side = side});
  const fl::SlotSets slots(device, ring.layout(), ring.buffers());
  fl::AcquiredFrame frame = publish(ring, side, kPoints, 0);

  fl::Stage stage(device, font, {.color_format = fl::Capture::kFormat, .samples = samples});
  const fl::Image target(
      device,
      {.extent = kExtent,
       .format = fl::Capture::kFormat,
       .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
  fl::FramesInFlight frames(device);  // goes first, and waits for what is drawn into
  fl::StageView view;
  view.content = frame.number;
  const fl::Rect area = fl::Stage::layout(kExtent, view).landscape;
  view.camera.fit(area.width / area.height);
  int drawn = 0;
  double filling = 0, filling_processor = 0;
  const double before = processor_seconds();
  FrameTime result;
  std::uint32_t points = kPoints, steps = 0;
  result.seconds = fl::bench::seconds_per_call(seconds, [&] {
    if (changes.camera) view.camera.yaw += 0.01f;  // the light turns with it, the heights stay
    if (changes.path || changes.curves) {
      const double begun = processor_seconds();
      filling += fl::bench::seconds_of([&] {
        ring.abandoned(frame);
        points = kPoints + (points + (changes.path ? 1 : 0)) % kPoints;
        frame = publish(ring, side, points, steps += changes.curves ? 1 : 0);
      });
      filling_processor += processor_seconds() - begun;
    }
    view.content = frame.number;
    if (changes.known) view.contents = frame.contents;
    view.hurried = changes.hurried;
    const fl::FrameInFlight next = frames.begin();
    stage.record(next.cmd, next.index, {target.handle(), target.view(), kExtent}, slots.set(frame.slot), frame,
                 view, {});
    frames.submit(next);
    frames.wait_all();
    ++drawn;
  });
  result.seconds -= filling / drawn;
  result.processor = (processor_seconds() - before - filling_processor) / drawn;
  ring.abandoned(frame);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const fl::bench::Options options =
      fl::bench::parse(argc, argv, "Milliseconds a frame of the stage at 1280x720");
  auto instance = fl::Instance::create();
  auto device = instance ? fl::Device::create(*instance) : instance.error();
  auto font = fl::Font::load();
  if (!device || !font) {
    fmt::print(stderr, "{}\n", device ? font.error().message : device.error().message);
    return 1;
  }
  std::vector<fl::bench::Figure> figures;
  const auto measure = [&](const std::string& name, std::uint32_t side, std::uint32_t samples,
                           const Changes& changes = {}) {
    const FrameTime time = frame_time(**device, *font, side, samples, options.seconds, changes);
    figures.push_back({name, "ms", 1000 * time.seconds});
    figures.push_back({name + ", CPU", "ms", 1000 * time.processor});
  };
  const std::uint32_t window = (*device)->is_cpu() ? 1 : 4;
  for (const std::uint32_t side : {33u, 129u}) measure(fmt::format("frame, {0}x{0}", side), side, window);
  measure("frame, 129x129, 4 samples", 129, 4);
  if (window == 1) {
    measure("all changes", 129, 1, {.path = true, .curves = true, .known = true});
    measure("the camera turns", 129, 1, {.known = true});
    measure("the camera turns, hurried", 129, 1, {.known = true, .hurried = true});
    measure("path and curves", 129, 1, {.camera = false, .path = true, .curves = true, .known = true});
    measure("path, ball and numbers", 129, 1, {.camera = false, .path = true, .known = true});
  }
  fl::bench::tell(options, (*device)->name(), figures);
}

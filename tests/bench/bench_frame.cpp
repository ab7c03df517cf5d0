// Milliseconds a frame of the whole stage at 1280x720, drawn and waited for, not read back.
#include <fmt/format.h>

#include "engine/bridge/host_ring.h"
#include "engine/capture/capture.h"
#include "tests/bench/measure.h"
#include "tests/support/synthetic_frame.h"
#include "trainer/base/check.h"

namespace {

constexpr VkExtent2D kExtent{1280, 720};

double seconds_per_frame(fl::Device& device, const fl::Font& font, std::uint32_t side, double seconds) {
  fl::HostRing ring(device, {.grid_side = side});
  const fl::SlotSets slots(device, ring.layout(), ring.buffers());
  const auto slot = ring.try_begin_write();
  FL_CHECK(slot.has_value());
  ring.publish(*slot, fl::testing::fill_synthetic(*slot, {.side = side}));
  const auto frame = ring.acquire_latest();
  FL_CHECK(frame.has_value());

  fl::Stage stage(device, font, {.color_format = fl::Capture::kFormat});
  fl::FramesInFlight frames(device);
  const fl::Image target(
      device,
      {.extent = kExtent, .format = fl::Capture::kFormat, .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT});
  fl::StageView view;
  const fl::Rect area = fl::Stage::layout(kExtent, view).landscape;
  view.camera.fit(area.width / area.height);
  const double result = fl::bench::seconds_per_call(seconds, [&] {
    view.camera.yaw += 0.01f;  // as when somebody turns it: nothing may be kept from the frame before
    const fl::FrameInFlight next = frames.begin();
    stage.record(next.cmd, next.index, {target.handle(), target.view(), kExtent}, slots.set(frame->slot),
                 frame->header, view, {});
    frames.submit(next);
    frames.wait_all();
  });
  ring.abandoned(*frame);
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
  for (const std::uint32_t side : {33u, 129u})
    figures.push_back({fmt::format("frame, surface {0}x{0}", side), "ms",
                       1000 * seconds_per_frame(**device, *font, side, options.seconds)});
  fl::bench::tell(options, (*device)->name(), figures);
}

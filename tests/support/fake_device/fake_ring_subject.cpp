#include "tests/gpu/ring_subject.h"
#include "tests/support/fake_device/fake_queue.h"
#include "tests/support/headless_stage.h"
#include "tests/support/subject_backend.h"

namespace fl::test {

RingSubject ring_subject(std::string& reason) {
  testing::HeadlessStage* headless = testing::HeadlessStage::get(reason);
  if (headless == nullptr) return {};
  Device& device = *headless->device;
  reason = testing::ImportedBuffer::unsupported(device);
  if (!reason.empty()) return {};
  const auto make_ring = [&device](const FrameCapacity& capacity) -> Result<std::unique_ptr<FrameRing>> {
    const auto timelines = std::make_shared<RingTimelines>(device, false);
    auto ring =
        TimelineRing::create(device, timelines, capacity,
                             [&](std::span<const Buffer, kFrameSlots> buffers,
                                 const FrameLayout& layout) -> Result<std::unique_ptr<ProducerQueue>> {
                               return std::unique_ptr<ProducerQueue>(
                                   std::make_unique<FakeQueue>(device, *timelines, buffers, layout));
                             });
    if (!ring) return ring.error();
    return std::unique_ptr<FrameRing>(*std::move(ring));
  };
  return {&device, &*headless->stage, std::make_shared<SubjectBackend>(), make_ring};
}

}  // namespace fl::test

#include "engine/bridge/cuda_ring.h"
#include "tests/gpu/ring_subject.h"
#include "tests/gpu/shared_card.h"
#include "trainer/compute/backend_choice.h"

namespace fl::test {

RingSubject ring_subject(std::string& reason) {
  SharedCard* card = SharedCard::get(reason);
  if (card == nullptr) return {};
  Device& device = *card->device;
  static auto font = Font::load();
  if (!font) {
    reason = font.error().message;
    return {};
  }
  static Stage stage(device, *font);
  auto backend = make_backend({.kind = BackendKind::kCuda, .tf32 = false, .deterministic = true}, 0);
  if (!backend) {
    reason = backend.error().message;
    return {};
  }
  return {&device, &stage, *std::move(backend),
          [&device](const FrameCapacity& capacity) { return make_cuda_ring(device, capacity); }};
}

}  // namespace fl::test

#include "tests/gpu/shared_card.h"

#include "engine/bridge/cuda_ring.h"
#include "trainer/compute/cuda/cuda_backend.h"

namespace fl::test {
namespace {

std::unique_ptr<SharedCard> make(std::string& reason) {
  const auto nothing = [&reason](const std::string& why) {
    reason = why;
    return std::unique_ptr<SharedCard>();
  };
  const cuda::CudaFacts facts = cuda::cuda_facts();
  const cuda::DeviceChoice choice = cuda::choose_device(facts);
  if (!choice.device) return nothing(choice.reason);
  auto card = std::make_unique<SharedCard>();
  card->cuda_device = *choice.device;
  const DeviceUuid uuid = facts.devices[static_cast<std::size_t>(card->cuda_device)].uuid;
  auto instance = Instance::create();
  if (!instance) return nothing(instance.error().message);
  card->instance.emplace(*std::move(instance));
  auto device = Device::create(*card->instance, {.name = {}, .surface = VK_NULL_HANDLE, .trainer = uuid});
  if (!device) return nothing(device.error().message);
  card->device = *std::move(device);
  const CudaFacts of_both = cuda_facts(uuid);
  if (const auto why = why_not_shared(card->device->external(), of_both, true))
    return nothing(not_shared_words(*why, card->device->external(), of_both));
  return card;
}

}  // namespace

SharedCard* SharedCard::get(std::string& reason) {
  static std::string why;
  static const std::unique_ptr<SharedCard> card = make(why);
  reason = why;
  return card.get();
}

}  // namespace fl::test

// Which Vulkan device draws, over descriptions of machines that are not at hand.
#include "engine/vk/device_choice.h"

#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr DeviceUuid kFirst{1}, kSecond{2}, kNowhere{9};

DeviceCandidate discrete(const char* name, const DeviceUuid& uuid) {
  return {.name = name, .kind = "discrete GPU", .unusable = {}, .draws = true, .uuid = uuid};
}
const DeviceCandidate kRtx = discrete("NVIDIA GeForce RTX 4060 Laptop GPU", kFirst);
const DeviceCandidate kH100 = discrete("NVIDIA H100 80GB HBM3", kFirst);
const DeviceCandidate kSecondH100 = discrete("NVIDIA H100 80GB HBM3", kSecond);
const DeviceCandidate kRadeon = discrete("AMD Radeon RX 7900 XTX", {7});
const DeviceCandidate kIris{"Intel(R) Iris(R) Xe Graphics", "integrated GPU", {}, true, {4}};
const DeviceCandidate kLavapipe{"llvmpipe (LLVM 15.0.6, 256 bits)", "CPU", {}, true, {5}};

template <typename F>
DeviceCandidate with(DeviceCandidate candidate, F change) {
  change(candidate);
  return candidate;
}

struct Case {
  const char* what;
  std::vector<DeviceCandidate> machine;
  DeviceWish wish;
  int chosen;         // -1: none
  const char* words;  // of the error
};

std::vector<Case> cases() {
  const auto windowless = [](DeviceCandidate c) { return with(c, [](auto& d) { d.draws = false; }); };
  const auto old = [](DeviceCandidate c) {
    return with(c, [](auto& d) { d.unusable = "it offers no Vulkan 1.3"; });
  };
  return {
      {"one card, which trains", {kH100, kLavapipe}, {{}, kFirst}, 0, ""},
      {"the second of two equal cards trains", {kH100, kSecondH100}, {{}, kSecond}, 1, ""},
      {"another card stands first", {kRadeon, kRtx}, {{}, kFirst}, 1, ""},
      {"an integrated one stands first", {kIris, kRtx}, {{}, kFirst}, 1, ""},
      {"the CPU trains: the first discrete card", {kIris, kRadeon, kRtx}, {{}, {}}, 1, ""},
      {"Vulkan does not have the card that trains", {kIris, kLavapipe}, {{}, kFirst}, 0, ""},
      {"nor any other card", {kLavapipe}, {{}, kNowhere}, 0, ""},
      {"the user's word counts for more than the trainer", {kRtx, kIris}, {"Iris", kFirst}, 1, ""},
      {"a name that both have: the better kind", {kLavapipe, kSecondH100, kH100}, {"H100", kFirst}, 1, ""},
      {"the card that trains is not wired to the window", {windowless(kRtx), kIris}, {{}, kFirst}, 1, ""},
      {"its driver is too old", {old(kRtx), kLavapipe}, {{}, kFirst}, 1, ""},
      {"no device at all", {}, {{}, kFirst}, -1, "No Vulkan 1.3 device was found; install"},
      {"a misspelt name",
       {kRtx},
       {"radeon", kFirst},
       -1,
       "No usable Vulkan device has \"radeon\" in its name; found: NVIDIA GeForce RTX 4060 Laptop GPU"},
      {"none will do",
       {old(kRtx), windowless(kIris)},
       {{}, {}},
       -1,
       "(found: NVIDIA GeForce RTX 4060 Laptop GPU (it offers no Vulkan 1.3); Intel(R) Iris(R) Xe Graphics "
       "(it "
       "cannot draw to this window))"},
  };
}

TEST(DeviceChoice, EveryMachineGetsItsAnswer) {
  for (const Case& c : cases()) {
    const Result<std::size_t> chosen = choose_device(c.machine, c.wish);
    EXPECT_EQ(chosen ? static_cast<int>(*chosen) : -1, c.chosen) << c.what;
    if (!chosen) {
      EXPECT_NE(chosen.error().message.find(c.words), std::string::npos) << chosen.error().message;
    }
  }
}

}  // namespace
}  // namespace fl

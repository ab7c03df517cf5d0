#pragma once
// Which of a machine's Vulkan devices draws. Decided over plain facts, so that every answer can be tested
// without the machine that gives it.

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "trainer/base/device_uuid.h"
#include "trainer/base/result.h"

namespace fl {

struct DeviceCandidate {
  std::string name;
  std::string kind;      // as DeviceInfo::kind
  std::string unusable;  // why the program cannot draw on it; empty: it can
  bool draws = true;     // it has a queue that draws, to the window where there is one
  DeviceUuid uuid{};
};

struct DeviceWish {
  std::string name;                   // part of a device's name; empty: the program chooses
  std::optional<DeviceUuid> trainer;  // the card that trains, where one does
};

// The index of the device that the user named; else of the one that trains, which can share its memory; else
// the best kind: discrete > integrated > virtual > CPU, the first of equals. Error: none will do, with what
// was seen.
Result<std::size_t> choose_device(std::span<const DeviceCandidate> candidates, const DeviceWish& wish);

}  // namespace fl

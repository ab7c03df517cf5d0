#include "engine/vk/device_choice.h"

namespace fl {
namespace {

int preference(const std::string& kind) {
  if (kind == "discrete GPU") return 3;
  if (kind == "integrated GPU") return 2;
  if (kind == "virtual GPU") return 1;
  return 0;
}

bool will_do(const DeviceCandidate& candidate, const std::string& name) {
  return candidate.unusable.empty() && candidate.draws && candidate.name.find(name) != std::string::npos;
}

std::string seen_words(std::span<const DeviceCandidate> candidates) {
  std::string seen;
  for (const DeviceCandidate& candidate : candidates) {
    seen += (seen.empty() ? "" : "; ") + candidate.name;
    if (!candidate.unusable.empty())
      seen += " (" + candidate.unusable + ")";
    else if (!candidate.draws)
      seen += " (it cannot draw to this window)";
  }
  return seen;
}

}  // namespace

Result<std::size_t> choose_device(std::span<const DeviceCandidate> candidates, const DeviceWish& wish) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!will_do(candidates[i], wish.name)) continue;
    if (wish.name.empty() && wish.trainer && candidates[i].uuid == *wish.trainer) return i;
    if (!best || preference(candidates[i].kind) > preference(candidates[*best].kind)) best = i;
  }
  if (best) return *best;
  if (candidates.empty())
    return error("No Vulkan 1.3 device was found; install mesa-vulkan-drivers or the graphics card's driver");
  if (!wish.name.empty())
    return error("No usable Vulkan device has \"{}\" in its name; found: {}", wish.name, seen_words(candidates));
  return error("None of the Vulkan devices can be used (found: {}); install mesa-vulkan-drivers",
               seen_words(candidates));
}

}  // namespace fl

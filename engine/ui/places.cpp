#include "engine/ui/places.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include <imgui/imgui.h>
#include <imgui/imgui_internal.h>

#include "trainer/base/log.h"

namespace fl {
namespace {

// Like Dear ImGui's context there is one, for the one window and its thread.
struct Place {
  std::array<long, 4> where{};
  bool noted = false;
};
std::map<std::string, Place, std::less<>> places;

}  // namespace

bool places_wanted() {
  static const bool wanted = [] {
    const char* value = std::getenv("FALLLINE_PLACES");
    return value != nullptr && std::string_view(value) == "1";
  }();
  return wanted;
}

void note_place(std::string_view name, const Rect& where) {
  if (!places_wanted()) return;
  Place& place = places[std::string(name)];
  const std::array now{std::lround(where.x), std::lround(where.y), std::lround(where.width),
                       std::lround(where.height)};
  if (place.where != now) log_info("place {} {} {} {} {}", name, now[0], now[1], now[2], now[3]);
  place = {now, true};
}

void note_item(std::string_view name) {
  // A window that fits its items is not seen in its first frame, and is elsewhere in the next.
  if (ImGui::GetCurrentWindowRead()->Hidden) return;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const ImVec2 scale = ImGui::GetIO().DisplayFramebufferScale;
  note_place(name,
             {low.x * scale.x, low.y * scale.y, (high.x - low.x) * scale.x, (high.y - low.y) * scale.y});
}

void end_places() {
  for (const auto& [name, place] : places)
    if (!place.noted) log_info("place {} gone", name);
  std::erase_if(places, [](const auto& one) { return !one.second.noted; });
  for (auto& [name, place] : places) place.noted = false;
}

}  // namespace fl

#include "engine/ui/panels/start/browser.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <imgui/imgui.h>
#include <imgui/imgui_stdlib.h>

#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/typed_path.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;

void Browser::open(const fs::path& lessons) {
  open_ = true;
  places_ = browser_places(lessons);
  std::error_code failed;
  if (folder_.empty()) folder_ = fs::current_path(failed);
  go(folder_.empty() ? fs::path("/") : folder_);
}

void Browser::go(const fs::path& folder) {
  folder_ = folder.lexically_normal();
  if (!folder_.has_filename() && folder_.has_relative_path()) folder_ = folder_.parent_path();
  typed_ = folder_.string();
  // Nobody waits for one that is not wanted any more.
  if (coming_.valid()) abandoned_.push_back(std::move(coming_));
  coming_ = std::async(std::launch::async, [at = folder_, kind = kind_] { return list_folder(at, 5000, kind); });
}

void Browser::look() {
  const auto done = [](const std::future<BrowserListing>& one) {
    return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  std::erase_if(abandoned_, done);
  if (coming_.valid() && done(coming_)) shown_ = coming_.get();
}

// What is typed may be a folder to go to, or a file to open.
std::optional<std::string> Browser::draw_path() {
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##path", &typed_, ImGuiInputTextFlags_EnterReturnsTrue);
  note_item("browser-path");
  fs::path path = typed_path(typed_);
  if (!entered || path.empty()) return {};
  if (path.is_relative()) path = folder_ / path;
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return path.string();
  go(path);
  return {};
}

std::optional<std::string> Browser::draw_entries(float height) {
  std::optional<std::string> chosen;
  ImGui::BeginChild("##entries", {0, height});
  if (folder_.has_relative_path()) {
    if (ImGui::Selectable("..  (the folder above)")) go(folder_.parent_path());
    note_item("browser-above");
  }
  if (coming_.valid()) {
    ImGui::TextDisabled("Reading the folder...");
  } else if (!shown_.error.empty()) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(shown_.error.c_str());
    ImGui::PopTextWrapPos();
  }
  std::optional<fs::path> into;
  ImGuiListClipper rows;
  rows.Begin(coming_.valid() ? 0 : static_cast<int>(shown_.entries.size()));
  while (rows.Step())
    for (int i = rows.DisplayStart; i < rows.DisplayEnd; ++i) {
      const BrowserEntry& entry = shown_.entries[static_cast<std::size_t>(i)];
      const fs::path path = shown_.folder / entry.name;
      ImGui::PushID(i);
      if (text_row(printable(entry.name) + (entry.folder ? "/" : ""))) {
        if (entry.folder)
          into = path;
        else
          chosen = path.string();
      }
      std::string name = "browser-" + entry.name;
      std::ranges::replace(name, ' ', '_');
      note_item(name);
      ImGui::PopID();
    }
  if (!coming_.valid() && shown_.others > 0)
    ImGui::TextDisabled("%s not shown", counted(shown_.others, "other file").c_str());
  ImGui::EndChild();
  if (into) go(*into);
  return chosen;
}

std::optional<std::string> Browser::draw(float scale) {
  look();
  std::optional<std::string> chosen = draw_path();
  const float right = ImGui::GetWindowContentRegionMax().x;
  for (const BrowserPlace& place : places_) {
    const float width = ImGui::CalcTextSize(place.name.c_str()).x + 16 * scale;
    if (&place != places_.data()) ImGui::SameLine(0, 6 * scale);
    if (ImGui::GetCursorPosX() + width > right) ImGui::NewLine();
    if (ImGui::Button(place.name.c_str(), {width, 0})) go(place.folder);
  }
  const float buttons = 2 * ImGui::GetFrameHeightWithSpacing();
  if (auto entry = draw_entries(std::max(ImGui::GetContentRegionAvail().y - buttons, 60 * scale)))
    chosen = entry;
  if (ImGui::Button("Open this folder", {-1, 0})) chosen = folder_.string();
  note_item("browser-folder");
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip("%s", kind_.folder_tip);
  if (ImGui::Button("Back", {-1, 0})) close();
  note_item("browser-back");
  if (chosen) close();
  return chosen;
}

}  // namespace fl

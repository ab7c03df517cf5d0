#include "engine/ui/panels/landscape_panel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "trainer/base/number_text.h"

namespace fl {
namespace {

constexpr std::array kProbes = {16, 32, 64, 128, 256, 512, 1024};
constexpr const char* kPointNames[] = {"first", "second", "third"};

// A list of numbers after the words before it; the one that was chosen, if it is another.
std::optional<int> choose_number(const char* name, std::span<const int> all, int chosen, const char* tip) {
  std::optional<int> other;
  ImGui::SameLine();
  ImGui::SetNextItemWidth(5 * ImGui::GetFontSize());
  const bool open = ImGui::BeginCombo(fmt::format("##{}", name).c_str(), fmt::format("{}", chosen).c_str());
  note_item(name);
  if (!open) {
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip);
    return other;
  }
  for (const int each : all) {
    if (ImGui::Selectable(fmt::format("{}", each).c_str(), each == chosen) && each != chosen) other = each;
    note_item(fmt::format("{}-{}", name, each));
  }
  ImGui::EndCombo();
  return other;
}

// A row of buttons, the sentence of the chosen one below them, those of the others under the pointer.
template <typename Value>
std::optional<Value> choose(const char* name, std::span<const ChoiceName<Value>> all, Value chosen) {
  std::optional<Value> other;
  const float spacing = ImGui::GetStyle().ItemSpacing.x, right = ImGui::GetWindowContentRegionMax().x;
  bool first = true;
  for (const ChoiceName<Value>& each : all) {
    const float width =
        ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x + ImGui::CalcTextSize(each.label).x;
    if (!first && ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + spacing + width <= right)
      ImGui::SameLine();
    first = false;
    if (ImGui::RadioButton(fmt::format("{}##{}", each.label, name).c_str(), each.value == chosen))
      other = each.value;
    note_item(fmt::format("{}-{}", name, each.name));
    if (ImGui::IsItemHovered() && each.value != chosen) ImGui::SetTooltip("%s", each.text);
  }
  for (const ChoiceName<Value>& each : all)
    if (each.value == chosen) remark(each.text);
  return other != chosen ? other : std::nullopt;
}

std::string moment_words(const PathMoment& moment) {
  switch (moment.kind) {
    case PathMoment::Kind::kStart:
      return "the start";
    case PathMoment::Kind::kMiddle:
      return "half way";
    case PathMoment::Kind::kNow:
      return "now";
    case PathMoment::Kind::kStep:
      break;
  }
  return fmt::format("step {}", moment.step);
}

// One of the three moments; whether it was changed.
bool choose_moment(std::size_t which, PathMoment& moment, const Status& status) {
  const PathMoment before = moment;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(kPointNames[which]);
  ImGui::SameLine(4 * ImGui::GetFontSize());
  ImGui::SetNextItemWidth(7 * ImGui::GetFontSize());
  ImGui::PushID(static_cast<int>(which));
  const bool open = ImGui::BeginCombo("##moment", moment_words(moment).c_str());
  note_item(fmt::format("point-{}", kPointNames[which]));
  if (open) {
    for (const PathMoment::Kind kind :
         {PathMoment::Kind::kStart, PathMoment::Kind::kMiddle, PathMoment::Kind::kNow}) {
      const PathMoment named{kind, 0};
      if (ImGui::Selectable(moment_words(named).c_str(), named == moment)) moment = named;
      note_item(fmt::format("point-{}-{}", kPointNames[which], moment_text(named)));
    }
    if (ImGui::Selectable("a step", moment.kind == PathMoment::Kind::kStep))
      moment = {PathMoment::Kind::kStep, status.step / 2};
    note_item(fmt::format("point-{}-step", kPointNames[which]));
    ImGui::EndCombo();
  }
  if (moment.kind == PathMoment::Kind::kStep) {
    ImGui::SameLine();
    ImGui::SetNextItemWidth(5 * ImGui::GetFontSize());
    ImGui::InputScalar("##step", ImGuiDataType_S64, &moment.step);
    note_item(fmt::format("point-{}-number", kPointNames[which]));
    // While it is typed into, nothing is laid anew.
    if (!ImGui::IsItemDeactivatedAfterEdit() && before.kind == PathMoment::Kind::kStep)
      moment.step = before.step;
    moment.step = std::clamp<std::int64_t>(moment.step, 0, status.total_steps);
  }
  ImGui::PopID();
  return moment != before;
}

void draw_plane(const Status& status, PlaneChoice plane, ActionContext& actions) {
  const PlaneChoice before = plane;
  heading("The plane");
  // That of curvature is the last, and not offered where the network has no way to it.
  const bool known = !status.curvature || status.curvature->refusal.empty();
  const auto all = plane_directions().first(plane_directions().size() - (known ? 0 : 1));
  if (const auto chosen = choose("plane", all, plane.directions)) plane.directions = *chosen;
  if (plane.directions == DirectionKind::kThreePoints)
    for (std::size_t i = 0; i < plane.points.size(); ++i) choose_moment(i, plane.points[i], status);
  heading("It goes through");
  if (const auto chosen = choose("anchor", plane_anchors(), plane.anchor)) plane.anchor = *chosen;
  if (plane != before) actions.commands.push_back(command::SetPlane{plane});
}

void draw_images(const LandscapeChoice& now, ActionContext& actions) {
  heading("Loss over");
  if (const auto chosen = choose("surfaces", surface_sets(), now.surfaces))
    actions.commands.push_back(command::SetSurfaces{*chosen});
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("at most");
  if (const auto images = choose_number("probe", kProbes, now.probe_images,
                                        "The same images at every point. More are truer and slower."))
    actions.commands.push_back(command::SetProbe{*images});
  ImGui::SameLine();
  ImGui::TextUnformatted("images");
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("on a grid of");
  if (const auto side = choose_number("grid", kGridSides, now.grid,
                                      "Points a side. More show finer folds, and take longer."))
    actions.commands.push_back(command::SetGrid{*side});
  ImGui::SameLine();
  ImGui::TextUnformatted("points a side");
}

void box(std::string_view name, const char* words, bool on, ActionContext& actions) {
  if (ImGui::Checkbox(words, &on)) action(name).act(actions);
  note_item(fmt::format("{}-box", name));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(name).c_str());
}

// A name, and its value in a column of its own.
void row(const char* name, const std::string& value) {
  ImGui::TextDisabled("%s", name);
  ImGui::SameLine(7.5f * ImGui::GetFontSize());
  ImGui::TextUnformatted(value.c_str());
}

std::string known_words(const SurfaceAnswer& told) {
  switch (told.state) {
    case CellState::kEvaluated:
      return "evaluated";
    case CellState::kNonFinite:
      return "evaluated: not a number, a hole";
    case CellState::kUnknown:
      return "not known yet";
    case CellState::kPredicted:
    case CellState::kCorrected:
      break;
  }
  const char* how = told.state == CellState::kPredicted ? "predicted" : "evaluated over some";
  if (told.bound >= 0.5) return how;  // an error of half the height and more says nothing
  // Rounded up: what is said must hold.
  return fmt::format("{}, within {:.1f} %", how, std::max(0.1, std::ceil(1000 * told.bound) / 10));
}

std::string loss_label(const SurfaceAnswer& told) {
  if (told.network.empty()) return told.of_test ? "test loss" : "slice loss";
  return shortened(told.network, 7 * ImGui::GetFontSize());
}

void draw_surface(const std::string& name, const SurfaceAnswer& told) {
  const bool has_loss = told.state != CellState::kNonFinite && told.state != CellState::kUnknown;
  row(name.c_str(), has_loss ? number_text(static_cast<double>(told.loss)) : "none");
  row("", known_words(told));
  if (ImGui::IsItemHovered() && told.bound > 0 && has_loss)
    ImGui::SetTooltip("Of the range of %sheights", told.scale == LossScale::kLog ? "logarithmic " : "");
}

void draw_path_point(const PathPoint& point, const std::string& path) {
  heading(path.empty() ? "On the path there" : fmt::format("On the path there: {}", path).c_str());
  const auto number = [](float value) { return number_text(static_cast<double>(value)); };
  row("step", fmt::format("{:.0f}", point.step));
  row("real loss", number(point.real_loss));
  note_item("path-real-loss");
  row("slice loss", std::isnan(point.slice_loss) ? "not known yet" : number(point.slice_loss));
  row("off the plane", fmt::format("{:.1f} %", 100 * point.off_plane));
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip(
        "Of its distance from the plane's origin: so much lies in directions that are not shown");
  row("rate", rate_text(static_cast<double>(point.rate)));
}

void draw_inspector(const Status& status) {
  heading("Under the pointer");
  if (!status.at_place) {
    remark("Point at the surface.");
    return;
  }
  const LandscapeAnswer& told = *status.at_place;
  row("a, b", fmt::format("{}, {}", number_text(told.a, 3), number_text(told.b, 3)));
  note_item("pointer-place");
  draw_surface(loss_label(told.surface), told.surface);
  if (told.glass) draw_surface(loss_label(*told.glass), *told.glass);
  if (told.on_path) draw_path_point(*told.on_path, told.path);
}

// The same in pixels, with a line above it.
float inspector_height(const Status& status) {
  const float line = ImGui::GetTextLineHeightWithSpacing();
  const float title = line + 0.3f * ImGui::GetFontSize() + ImGui::GetStyle().ItemSpacing.y;
  float height = title + ImGui::GetStyle().ItemSpacing.y;
  if (!status.at_place) return height + line;
  const LandscapeAnswer& told = *status.at_place;
  height += (told.glass ? 5 : 3) * line;
  return told.on_path ? height + title + 5 * line : height;
}

}  // namespace

std::optional<LandscapePlace> place_on_plane(const FrameHeader& header,
                                             const std::optional<glm::vec3>& point) {
  if (!point) return std::nullopt;
  const auto along = [](float low, float high, float share) {
    return static_cast<double>(low) +
           static_cast<double>(share) * (static_cast<double>(high) - static_cast<double>(low));
  };
  return LandscapePlace{along(header.a_min, header.a_max, std::clamp((point->x + 1) / 2, 0.0f, 1.0f)),
                        along(header.b_min, header.b_max, std::clamp((1 - point->z) / 2, 0.0f, 1.0f))};
}

void draw_landscape_panel(const Status& status, ViewState& view, ActionContext& actions) {
  if (view.parts.rates || view.parts.sweep) {
    paragraph(
        view.parts.sweep
            ? "A map has no landscape. Click a cell, or choose one and press Enter: it is trained on its own."
            : "A map of learning rates has no landscape; the pointer says what is under it beside the map.");
    note_item("no-landscape");
    return;
  }
  // What is under the pointer stays in sight: it has the panel's foot, and the choices scroll above it.
  ImGui::BeginChild("##choices", {0, -inspector_height(status)});
  if (status.landscape) {
    draw_plane(status, status.landscape->plane, actions);
    draw_images(*status.landscape, actions);
  }
  heading("Height");
  box("height-scale", "logarithmic", view.height.log(), actions);
  ImGui::SameLine();
  box("points", "points evaluated", view.points, actions);
  ImGui::EndChild();
  ImGui::Separator();
  draw_inspector(status);
  note_item("inspector-end");
}

}  // namespace fl

#include "engine/app/studio/view_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr std::array<const char*, 3> kAxes = {"auto", "linear", "log"};  // in the order of LossAxis
constexpr double kMostNumber = 1e6;  // of a camera: keeps pictures finite

Json camera_json(const OrbitCamera& camera) {
  return Json::list(std::array{camera.yaw, camera.pitch, camera.distance, camera.target.x, camera.target.y,
                               camera.target.z});
}

std::optional<float> number_of(const Json& value) {
  const auto number = value.number();
  if (!number || !(std::abs(*number) <= kMostNumber)) return std::nullopt;
  return static_cast<float>(*number);
}

bool set_number(const Json& value, float& to) {
  const auto number = number_of(value);
  if (!number || !(*number > 0)) return false;
  to = *number;
  return true;
}

bool set_bool(const Json& value, bool& to) {
  to = value == Json(true);
  return to || value == Json(false);
}

bool set_camera(const Json& value, OrbitCamera& camera) {
  if (value.array() == nullptr || value.array()->size() != 6) return false;
  std::array<float, 6> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = number_of(value[i]);
    if (!number) return false;
    numbers[i] = *number;
  }
  if (!(numbers[2] > 0)) return false;  // the distance
  camera.yaw = numbers[0];
  camera.pitch = numbers[1];
  camera.distance = numbers[2];
  camera.target = {numbers[3], numbers[4], numbers[5]};
  return true;
}

bool set_tile(const Json& value, std::optional<TileChoice>& tile) {
  tile.reset();
  if (value.is_null()) return true;
  if (value.array() == nullptr || value.array()->size() != 2) return false;
  const auto layer = value[0].whole(), channel = value[1].whole();
  if (!layer || !channel || *layer >= kFrameMaxLayers || *channel > 1'000'000) return false;
  tile = TileChoice{static_cast<std::uint32_t>(*layer), static_cast<std::uint32_t>(*channel)};
  return true;
}

bool set_theme(const Json& value, ViewState& view) {
  view.set_light(value == Json("light"));
  return view.light() || value == Json("dark");
}

bool set_colors(const Json& value, ViewState& view) {
  if (value.text() == nullptr ||
      std::ranges::find(color_map_names(), *value.text()) == color_map_names().end())
    return false;
  view.colors = &color_map(*value.text());
  return true;
}

bool set_log_height(const Json& value, ViewState& view) {
  bool log = false;
  if (!set_bool(value, log)) return false;
  view.height.choose(log);
  return true;
}

bool set_axis(const Json& value, LossAxis& axis) {
  const auto found = std::ranges::find_if(kAxes, [&](const char* name) { return value == Json(name); });
  if (found == kAxes.end()) return false;
  axis = static_cast<LossAxis>(found - kAxes.begin());
  return true;
}

bool set_curves(const Json& value, CurvesKind& kind) {
  const auto named = value.text() != nullptr ? curves_kind(*value.text()) : std::nullopt;
  kind = named.value_or(kind);
  return named.has_value();
}

bool set_over(const Json& value, bool& steps) {
  steps = value == Json("steps");
  return steps || value == Json("epochs");
}

bool set_map(const Json& value, ViewState& view) {
  const auto place = value.text() != nullptr ? map_place(*value.text()) : std::nullopt;
  // A lesson without feature maps has no map either.
  if (place && *place != view.map()) view.set_map(*place);
  return place.has_value();
}

bool set_fill(const Json& value, ViewState& view) {
  const auto part = value.text() != nullptr ? stage_fill(*value.text()) : std::nullopt;
  if (part) view.fill(*part);
  return part.has_value();
}

bool set_cue(const Json& value, std::size_t& cue) {
  const auto number = value.whole();
  if (number) cue = *number;
  return number.has_value() && *number <= kMostCues;
}

bool set_hidden(const Json& value, std::uint32_t& runs) {
  const auto bits = value.whole();
  if (!bits || *bits >= std::uint64_t{1} << kFrameMaxPaths) return false;
  runs = static_cast<std::uint32_t>(*bits);
  return true;
}

Json tile_json(const std::optional<TileChoice>& tile) {
  return tile ? Json::list(std::array{tile->layer, tile->channel}) : Json();
}

// A view and the shape of its picture, `aspect` in view_json.h.
struct Shaped {
  ViewState& view;
  float& aspect;
};
struct Member {
  std::string_view name;
  Json (*write)(const ViewState& view, float aspect);
  bool (*read)(const Json& value, Shaped to);
  std::string_view key{};  // of a scene that says the same; with a full stop at its end: all of that table
};

using View = const ViewState&;
constexpr Member kMembers[] = {
    {"camera", [](View v, float) { return camera_json(v.camera); },
     [](const Json& j, Shaped to) { return set_camera(j, to.view.camera); }, "camera."},
    {"framed", [](View v, float) { return Json(v.framed); },
     [](const Json& j, Shaped to) { return set_bool(j, to.view.framed); }, "camera."},
    {"aspect", [](View, float aspect) { return Json(static_cast<double>(aspect)); },
     [](const Json& j, Shaped to) { return set_number(j, to.aspect); }},
    {"theme", [](View v, float) { return Json(v.light() ? "light" : "dark"); },
     [](const Json& j, Shaped to) { return set_theme(j, to.view); }, "view.theme"},
    {"colors", [](View v, float) { return Json(std::string(v.colors->name)); },
     [](const Json& j, Shaped to) { return set_colors(j, to.view); }, "view.colors"},
    {"log_height", [](View v, float) { return Json(v.height.log()); },
     [](const Json& j, Shaped to) { return set_log_height(j, to.view); }},
    {"loss", [](View v, float) { return Json(kAxes[static_cast<std::size_t>(v.curves.loss_axis)]); },
     [](const Json& j, Shaped to) { return set_axis(j, to.view.curves.loss_axis); }, "view.loss"},
    {"curves", [](View v, float) { return Json(kCurvesKinds[static_cast<std::size_t>(v.curves.kind)]); },
     [](const Json& j, Shaped to) { return set_curves(j, to.view.curves.kind); }, "view.curves"},
    {"curves_over", [](View v, float) { return Json(v.curves.steps ? "steps" : "epochs"); },
     [](const Json& j, Shaped to) { return set_over(j, to.view.curves.steps); }, "view.curves_over"},
    {"earlier_runs", [](View v, float) { return Json(v.curves.earlier); },
     [](const Json& j, Shaped to) { return set_bool(j, to.view.curves.earlier); }, "view.earlier_runs"},
    {"room", [](View v, float) { return Json(v.wall.room); },
     [](const Json& j, Shaped to) { return set_bool(j, to.view.wall.room); }, "view.wall"},
    {"tile", [](View v, float) { return tile_json(v.wall.tile); },
     [](const Json& j, Shaped to) { return set_tile(j, to.view.wall.tile); }, "view.tile"},
    {"map", [](View v, float) { return Json(kMapPlaces[static_cast<std::size_t>(v.map())]); },
     [](const Json& j, Shaped to) { return set_map(j, to.view); }},
    {"fill", [](View v, float) { return Json(kStageFills[static_cast<std::size_t>(v.filled())]); },
     [](const Json& j, Shaped to) { return set_fill(j, to.view); }, "view.fill"},
    {"hidden_runs", [](View v, float) { return Json(std::uint64_t{v.hidden_runs}); },
     [](const Json& j, Shaped to) { return set_hidden(j, to.view.hidden_runs); }},
    {"points", [](View v, float) { return Json(v.points); },
     [](const Json& j, Shaped to) { return set_bool(j, to.view.points); }, "view.points"},
    {"cue", [](View v, float) { return Json(v.cue); },
     [](const Json& j, Shaped to) { return set_cue(j, to.view.cue); }},
    {"presenter", [](View v, float) { return Json(v.presenter); },
     [](const Json& j, Shaped to) { return set_bool(j, to.view.presenter); }, "view.presenter"},
};

}  // namespace

Json::Object view_members(const ViewState& view, float aspect) {
  Json::Object members;
  for (const Member& member : kMembers)
    members.push_back({std::string(member.name), member.write(view, aspect)});
  return members;
}

Result<std::vector<std::string>> members_of_keys(const std::vector<std::string>& overrides) {
  std::vector<std::string> names;
  for (const std::string& text : overrides) {
    const std::string key = text.substr(0, text.find('='));
    const auto says = [&](const Member& member) {
      return member.key.ends_with('.') ? key.starts_with(member.key) : key == member.key;
    };
    const std::size_t before = names.size();
    for (const Member& member : kMembers)
      if (!member.key.empty() && says(member)) names.emplace_back(member.name);
    if (names.size() == before) return error("{}", key);
  }
  return names;
}

Json::Object without_members(const Json::Object& all, const std::vector<std::string>& names) {
  Json::Object rest = all;
  std::erase_if(
      rest, [&](const Json::Member& member) { return std::ranges::find(names, member.key) != names.end(); });
  return rest;
}

Json::Object changed_members(const Json::Object& before, const Json::Object& now) {
  Json::Object changed;
  for (const Json::Member& member : now)
    if (std::ranges::find(before, member) == before.end()) changed.push_back(member);
  return changed;
}

Result<void> set_view(const Json& members, ViewState& view, float& aspect) {
  for (const auto& [key, value] : *members.object()) {
    const auto* member = std::ranges::find(kMembers, key, &Member::name);
    if (member == std::end(kMembers) || !member->read(value, {view, aspect}))
      return error("no view has \"{}\": {}.", printable(key), printable(value.line()));
  }
  return {};
}

}  // namespace fl

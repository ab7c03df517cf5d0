#include "engine/stage/view_state.h"

#include <algorithm>
#include <utility>

#include <glm/trigonometric.hpp>

#include "engine/view/view_spec.h"

namespace fl {
namespace {

template <typename Choice, std::size_t count>
std::optional<Choice> named(const std::array<const char*, count>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Choice>(found - names.begin()));
}

}  // namespace

std::optional<MapPlace> map_place(std::string_view name) {
  return named<MapPlace>(kMapPlaces, name);
}

std::optional<StageFill> stage_fill(std::string_view name) {
  return named<StageFill>(kStageFills, name);
}

void HeightScale::decide(const Frame& frame) {
  if (wish_ != Wish::kAuto || !frame.facts.grid_ready || frame.facts.plane_number == decided_for_) return;
  decided_for_ = frame.facts.plane_number;
  auto_log_ = spans_a_decade(frame.facts.loss_min, frame.facts.loss_max);
}

StageParts ViewState::parts_for(const Frame& frame) const {
  StageParts with = parts;
  if (frame.facts.race.forks > 0 && parts.landscape && parts.curves) {
    with.paths = true;
    with.tiles = with.map = false;
  }
  if (frame.facts.fate.count > 0 && parts.curves) {
    with.fate = true;
    with.tiles = with.bars = with.map = false;
  }
  return with;
}

StageFill ViewState::filled() const {
  if (!others) return StageFill::kNone;
  return parts.landscape ? StageFill::kLandscape : parts.curves ? StageFill::kCurves : StageFill::kWall;
}

void ViewState::fill(StageFill part) {
  if (others) parts = *std::exchange(others, std::nullopt);
  const bool there = part == StageFill::kWall     ? parts.tiles
                     : part == StageFill::kCurves ? parts.curves
                                                  : part == StageFill::kLandscape;
  if (!there) return;
  others = parts;
  parts = {.tiles = part == StageFill::kWall,
           .bars = part == StageFill::kWall && parts.bars,
           .curves = part == StageFill::kCurves,
           .rates = part == StageFill::kLandscape && parts.rates,
           .sweep = part == StageFill::kLandscape && parts.sweep,
           .landscape = part == StageFill::kLandscape};
}

void ViewState::set_map(MapPlace place) {
  fill(StageFill::kNone);
  parts.map = place == MapPlace::kWall;
  parts.large_map = place == MapPlace::kStage;
  parts.tiles = !parts.map;
}

void ViewState::look_like(const ViewState& other) {
  camera = other.camera;
  framed = other.framed;
  theme = other.theme;
  colors = other.colors;
  points = other.points;
  curves = other.curves;
  sweep = other.sweep;
  wall.room = other.wall.room;
  presenter = other.presenter;
}

ViewState view_state(const ViewSpec& spec) {
  ViewState view;
  view.camera.yaw = glm::radians(static_cast<float>(spec.yaw));
  view.camera.pitch = glm::radians(static_cast<float>(spec.pitch));
  view.framed = spec.distance <= 0;
  if (!view.framed) view.camera.distance = static_cast<float>(spec.distance);
  view.set_light(spec.theme == "light");
  view.colors = &color_map(spec.colors);
  if (spec.height != "auto") view.height.choose(spec.height == "log");
  if (spec.loss != "auto") view.curves.loss_axis = spec.loss == "log" ? LossAxis::kLog : LossAxis::kLinear;
  view.curves.kind = curves_kind(spec.curves).value_or(CurvesKind::kLoss);
  view.curves.steps = spec.curves_over == "steps";
  view.curves.earlier = spec.earlier_runs;
  view.wall.room = spec.wall == "room";
  view.points = spec.points;
  view.presenter = spec.presenter;
  return view;
}

}  // namespace fl

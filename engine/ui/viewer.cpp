#include "engine/ui/viewer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <glm/common.hpp>

#include "engine/charts/seeds/cells.h"
#include "engine/ui/places.h"

namespace fl {
namespace {

constexpr float kZoomPerNotch = 0.9f;  // one notch of the wheel comes a tenth closer
constexpr float kFocusZoom = 0.6f;     // a double click comes so much closer
constexpr double kDoubleClick = 0.35;  // seconds within which a second click makes two of one: window.cpp
constexpr double kLongestFrame = 0.1;  // seconds: after a pause the camera goes on, it does not jump

// The cells of a map, and where they are bars, each that has runs.
void note_cells(const SeedFacts& seeds, const Rect& plot) {
  note_place("cells", plot);
  const float width = plot.width / static_cast<float>(std::max(seeds.bars, 1u));
  for (std::uint32_t i = 0; i < seeds.bars; ++i)
    if (seeds.cells[i] >= 0)
      note_place(fmt::format("bar-{}", i + 1),
                 {plot.x + width * static_cast<float>(i), plot.y, width, plot.height});
}

bool contains(const Rect& rect, glm::vec2 at) {
  return at.x >= rect.x && at.y >= rect.y && at.x < rect.right() && at.y < rect.bottom();
}

}  // namespace

void Viewer::watch(ViewState& view) {
  view_ = &view;
  last_tile_ = view.wall.tile.value_or(TileChoice{1, 0});
  stand_still();
  if (view.framed) fit();
}

StageView Viewer::picture() const {
  StageView picture{*view_};
  picture.insets = insets_;
  picture.least_scale = least_scale_;
  return picture;
}

void Viewer::resize(VkExtent2D extent, const Insets& insets, float least_scale) {
  extent_ = extent;
  insets_ = insets;
  least_scale_ = least_scale;
  const Rect area = landscape_rect();
  const glm::vec2 size{area.width, area.height};
  if (std::exchange(landscape_, size) != size && view_->framed) fit();
}

bool Viewer::handle(const WindowInput& input, const Frame& frame, double seconds) {
  if (view_->parts.rates) {
    rates_.handle(input, frame.facts.rate_map, Stage::rates_plot(extent_, picture()), seconds);
    return input.any;
  }
  if (view_->parts.sweep) return handle_cells(input, frame);
  drag(input, seconds);
  if (input.scroll != 0) {
    stand_still();
    view_->camera.zoom(std::pow(kZoomPerNotch, input.scroll));
    view_->framed = false;
  }
  wait_for_second_click(seconds);
  if (input.double_click) ask(*input.double_click, frame);
  if (input.click) pick(*input.click, frame);
  const bool moves = motion_.moving();
  if (moves) motion_.advance(view_->camera, std::min(seconds, kLongestFrame), landscape_rect().height);
  return moves || input.turn != glm::vec2(0) || input.pan != glm::vec2(0) || input.scroll != 0 || input.click;
}

// The cell under the pointer is told of, until the pointer or a key chooses another.
bool Viewer::handle_cells(const WindowInput& input, const Frame& frame) {
  const SweepFacts& facts = frame.facts.sweep;
  cells_ = facts;
  const Rect plot = Stage::sweep_plot(extent_, picture(), frame);
  if (std::exchange(pointer_, input.pointer) != input.pointer || input.click)
    if (const auto under = place_under(facts, plot, input.pointer)) {
      view_->sweep.place = *under;
      cell_clicked_ |= input.click.has_value();
    }
  return input.any;
}

void Viewer::drag(const WindowInput& input, double seconds) {
  const float height = landscape_rect().height;
  if (input.turn != glm::vec2(0)) {
    question_.reset();
    view_->camera.drag(input.turn, height);
    motion_.drag(input.turn, seconds);
  } else if (input.turning) {
    motion_.rest(seconds);
  }
  if (was_turning_ && !input.turning) motion_.release();
  was_turning_ = input.turning;
  if (input.pan != glm::vec2(0)) {
    stand_still();
    view_->camera.pan(input.pan, height);
    view_->framed = false;
  }
}

void Viewer::turn(glm::vec2 way) {
  if (view_->parts.rates) return rates_.move(way);
  if (view_->parts.sweep) {
    const glm::ivec2 by{-static_cast<int>(glm::sign(way.x)), static_cast<int>(glm::sign(way.y))};
    view_->sweep.place = place_beside(cells_, view_->sweep.place, by);
    return;
  }
  OrbitCamera goal = motion_.goal(view_->camera);
  goal.drag(way, 1);
  glide_to(goal);
}

void Viewer::zoom(float factor) {
  if (view_->parts.rates) return rates_.zoom(static_cast<double>(factor));
  OrbitCamera goal = motion_.goal(view_->camera);
  goal.zoom(factor);
  view_->framed = false;
  glide_to(goal);
}

void Viewer::move_tile(const Frame& frame, int layers, int channels) {
  std::optional<TileChoice>& tile = view_->wall.tile;
  if (!tile) return;
  tile = next_tile(frame, *tile, layers, channels);
  last_tile_ = *tile;
}

void Viewer::enlarge_or_back() {
  std::optional<TileChoice>& tile = view_->wall.tile;
  tile = tile ? std::nullopt : std::optional(last_tile_);
}

void Viewer::note_places(const Frame& frame) const {
  if (!places_wanted()) return;
  const StageLayout layout = Stage::layout(extent_, picture(), frame.facts.class_count);
  if (view_->parts.draws_landscape()) note_place("landscape", layout.landscape);
  if (const Rect plot = Stage::rates_plot(extent_, picture()); !plot.empty()) note_place("rates", plot);
  if (const Rect plot = Stage::sweep_plot(extent_, picture(), frame); !plot.empty())
    note_cells(frame.facts.sweep.seeds, plot);
  if (view_->map() != MapPlace::kNone) note_place("map", layout.map);
  if (view_->parts_for(frame).tiles) note_place("wall", layout.tiles);
  if (view_->parts.curves) note_place("curves", layout.curves);
  if (const auto middle = Stage::tile_middle(extent_, picture(), frame, last_tile_))
    note_place("tile", {middle->x, middle->y, 0, 0});
}

Ray Viewer::ray_of(glm::vec2 pixel, const Rect& area) const {
  return view_->camera.ray(pixel - glm::vec2{area.x, area.y}, {area.width, area.height});
}

std::optional<LandscapePlace> Viewer::place_on_map(glm::vec2 pixel, const Frame& frame) const {
  if (view_->parts.sweep) {
    const std::int32_t place = view_->sweep.place;
    const auto columns = static_cast<std::int32_t>(frame.facts.sweep.columns);
    if (place < 0 || columns == 0) return std::nullopt;
    return LandscapePlace{static_cast<double>(place % columns), static_cast<double>(place / columns)};
  }
  const auto rates = rates_under(frame.facts.rate_map, Stage::rates_plot(extent_, picture()), pixel);
  return rates ? std::optional(LandscapePlace{rates->x, rates->y}) : std::nullopt;
}

void Viewer::wait_for_second_click(double seconds) {
  if (!click_) return;
  click_->age += seconds;
  if (click_->age < kDoubleClick) return;
  const Rect area = landscape_rect();
  if (contains(area, click_->pixel)) question_ = {ray_of(click_->pixel, area), true, {}};
  click_.reset();
}

// A click on a tile enlarges it; the next one on the wall takes it back. One on a surface of two parameters
// is a new start.
void Viewer::pick(glm::vec2 pixel, const Frame& frame) {
  if (frame.facts.directions == DirectionKind::kParameters) {
    if (view_->parts.draws_landscape()) click_ = {pixel, 0};
    return;
  }
  std::optional<TileChoice>& tile = view_->wall.tile;
  if (tile && view_->parts_for(frame).tiles) {
    if (contains(Stage::layout(extent_, picture(), frame.facts.class_count).tiles, pixel)) tile.reset();
    return;
  }
  tile = Stage::tile_at(extent_, picture(), frame, pixel);
  if (tile) last_tile_ = *tile;
}

// What lies under the pointer becomes the middle; beside the landscape all of it is framed again.
void Viewer::ask(glm::vec2 pixel, const Frame& frame) {
  click_.reset();  // it was the first of these two
  const StageLayout layout = Stage::layout(extent_, picture(), frame.facts.class_count);
  if (view_->parts_for(frame).tiles && contains(layout.tiles, pixel)) return;  // two clicks, each on a tile
  if (!view_->parts.draws_landscape()) return;                      // there is no landscape to meet
  const Rect& area = layout.landscape;
  if (!contains(area, pixel)) {
    frame_all();
    return;
  }
  const Ray ray = ray_of(pixel, area);
  question_ = {ray, false, focus_point(ray)};
}

void Viewer::point_at(const std::optional<glm::vec2>& pointer, const Frame& frame) {
  pointer_ray_.reset();
  if (!pointer || !view_->parts.draws_landscape()) return;
  const StageLayout layout = Stage::layout(extent_, picture(), frame.facts.class_count);
  const Rect& area = layout.landscape;
  if (!contains(area, *pointer) || (view_->parts_for(frame).tiles && contains(layout.tiles, *pointer)))
    return;
  pointer_ray_ = ray_of(*pointer, area);
}

void Viewer::answer(const Ray& ray, const std::optional<glm::vec3>& hit) {
  if (!question_ || question_->ray != ray) return;
  if (question_->start) {
    start_ = hit;
    question_.reset();
    return;
  }
  const std::optional<glm::vec3> middle = hit ? hit : question_->otherwise;
  if (!middle) {
    frame_all();
    return;
  }
  OrbitCamera goal = motion_.goal(view_->camera);
  goal.target = *middle;
  goal.zoom(kFocusZoom);
  glide_to(goal);
  view_->framed = false;
}

// Whatever the viewer does next takes the place of what a double click asked for.
void Viewer::stand_still() {
  question_.reset();
  motion_.stop();
}

void Viewer::glide_to(const OrbitCamera& goal) {
  question_.reset();
  motion_.glide_to(goal);
}

void Viewer::frame_all() {
  if (view_->parts.rates) return rates_.show_whole();
  question_.reset();
  const Rect area = landscape_rect();
  if (area.height <= 0) return;
  OrbitCamera goal = motion_.goal(view_->camera);
  goal.fit(area.width / area.height);
  glide_to(goal);
  view_->framed = true;
}

void Viewer::fit() {
  motion_.stop();
  const Rect area = landscape_rect();
  if (area.height > 0) view_->camera.fit(area.width / area.height);
}

}  // namespace fl

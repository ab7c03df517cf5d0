#include "engine/view/view_spec.h"

#include "engine/view/color_map.h"
#include "trainer/scene/scene_table.h"

namespace fl {

const std::vector<std::string>& view_tables() {
  static const std::vector<std::string> tables = {"view", "camera"};
  return tables;
}

Result<ViewSpec> parse_view_spec(const toml::table& scene) {
  ViewSpec spec;
  SceneTable view(scene["view"].as_table(), "[view]");
  view.get("theme", spec.theme, {"dark", "light"});
  view.get("colors", spec.colors, color_map_names());
  view.get("height", spec.height, {"auto", "linear", "log"});
  view.get("steps_per_second", spec.steps_per_second, 0, 1e6);
  view.get("autoplay", spec.autoplay);
  view.get("loss", spec.loss, {"auto", "linear", "log"});
  view.get("presenter", spec.presenter);
  view.get("wall", spec.wall, {"room", "flat"});
  view.get("tile", spec.tile);
  if (auto done = view.finish(); !done) return done.error();

  SceneTable camera(scene["camera"].as_table(), "[camera]");
  camera.get("yaw", spec.yaw, -360, 360);
  camera.get("pitch", spec.pitch, -89, 89);
  camera.get("distance", spec.distance, 0, 20);
  if (auto done = camera.finish(); !done) return done.error();
  return spec;
}

}  // namespace fl

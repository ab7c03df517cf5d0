#pragma once
// How a training is shown: the scene's [view] and [camera] tables.

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "engine/view/cue.h"
#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct ViewSpec {
  std::string theme = "dark";   // or "light", for bright rooms
  std::string colors = "tide";  // of height: a name of color_map_names()
  std::string height = "auto";  // "linear", "log"; auto: log where the surface spans more than a decade
  // Optimizer steps a second while somebody watches; 0: as fast as it goes. Negative: chosen so that the
  // whole training lasts about 45 seconds.
  double steps_per_second = -1;
  // Where one processor trains and draws: the part of its time that training keeps.
  double training_share = 0.53;
  bool autoplay = true;
  std::string loss = "auto";  // "linear", "log": the loss axis of the curves
  std::string curves = "loss";         // a name of kCurvesKinds: what the curves show
  std::string curves_over = "epochs";  // or "steps"
  bool earlier_runs = true;            // behind the curves
  bool points = false;        // evaluated points of the surface are told from what is predicted
  bool presenter = false;     // words as large as a lecture hall needs; in the window without the bar
  std::string wall = "room";  // or "flat": how the feature maps stand
  std::string fill = "none";  // "landscape", "wall", "curves": what has the whole picture
  // "none", "wall", "stage": where the map of a head's embeddings is.
  std::string map = "none";
  std::vector<Cue> cues;
  std::string tile;  // "conv 1:5": layer and channel (from 1) that is shown enlarged; empty: none

  // Camera: degrees, and distance in half-widths of the landscape's box; 0: as near as all of it is seen.
  double yaw = 35, pitch = 37, distance = 0;

  bool operator==(const ViewSpec&) const = default;
};

// One row a key.
const KeyTable<ViewSpec>& view_keys();
const KeyTable<ViewSpec>& camera_keys();

// Errors name line, key, and what would be right.
Result<ViewSpec> parse_view_spec(const toml::table& scene);

}  // namespace fl

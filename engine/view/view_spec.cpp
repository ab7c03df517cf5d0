#include "engine/view/view_spec.h"

#include "engine/view/color_map.h"
#include "trainer/base/limits.h"

namespace fl {

const KeyTable<ViewSpec>& view_keys() {
  using S = ViewSpec;
  static const KeyTable<S> keys(
      "[view]", "How it is shown. The window's keys and controls change most of it while it runs.",
      {{"theme", one_of({"dark", "light"}), &S::theme, "The stage's colours; \"light\" is for bright rooms."},
       {"colors", one_of(color_map_names()), &S::colors, "The map from loss to the surface's colours."},
       {"height", one_of({"auto", "linear", "log"}), &S::height,
        "Height and colour of the loss. \"auto\": logarithmic where the surface spans more than a decade."},
       {"steps_per_second", number(0, kMostPace), &S::steps_per_second,
        "Optimizer steps a second in the window, so that there is time to watch; 0: as fast as it goes.",
        "what makes the whole last about 45 seconds"},
       {"training_share", number(0.1, 0.9), &S::training_share,
        "Where one processor trains and draws: the part of its speed alone that training keeps. The pictures "
        "and the surface share the rest; while the camera or a control is moved, pictures come first."},
       {"autoplay", true_or_false(), &S::autoplay,
        "Whether the window trains at once, or waits for the space bar."},
       {"loss", one_of({"auto", "linear", "log"}), &S::loss,
        "The loss axis of the curves. \"auto\": logarithmic once a loss is above 100."},
       {"curves", one_of({"loss", "norms", "rate", "classes", "curvature"}), &S::curves,
        "What the curves show: loss and accuracy; the norms of gradient and update; the learning rate; the "
        "accuracy on the test set by class; or how sharp the valley is, where [landscape] curvature measures "
        "it."},
       {"curves_over", one_of({"epochs", "steps"}), &S::curves_over, "What the curves are drawn over."},
       {"earlier_runs", true_or_false(), &S::earlier_runs,
        "Whether earlier runs of the lesson stay behind loss and accuracy, pale and dashed."},
       {"points", true_or_false(), &S::points,
        "Marks the points at which the surface is evaluated; between them it is predicted."},
       {"presenter", true_or_false(), &S::presenter,
        "Words as large as a lecture hall needs; the window has no bar then."},
       {"wall", one_of({"room", "flat"}), &S::wall,
        "How the feature maps stand: in the room, or flat beside it."},
       {"map", one_of({"none", "wall", "stage"}), &S::map,
        "Where a network with a backbone has the map of its training images' embeddings: nowhere, in place "
        "of "
        "the feature maps, or in place of the landscape."},
       {"fill", one_of({"none", "landscape", "wall", "curves"}), &S::fill, "What has the whole picture."},
       {"cues", cue_list(), &S::cues,
        "What a lecture says one after the other at PageDown, each a table of its own under `[[view.cues]]`: "
        "`watch`, `ask` or `change` with a sentence for the picture, and perhaps `notes`, which the lecturer "
        "alone reads (key N).",
        "none"},
       {"tile", text_in_quotes(), &S::tile,
        "The feature map that is shown enlarged: layer and channel, from 1, as in \"conv 1:5\".", "none"}});
  return keys;
}

const KeyTable<ViewSpec>& camera_keys() {
  using S = ViewSpec;
  static const KeyTable<S> keys(
      "[camera]", "Where the landscape is seen from.",
      {{"yaw", number(-360, 360), &S::yaw, "Degrees by which the camera is turned around the landscape."},
       {"pitch", number(-89, 89), &S::pitch, "Degrees by which it looks down; 89 is nearly from above."},
       {"distance", number(0, 20), &S::distance,
        "In half-widths of the landscape's box; 0: as near as all of it is seen."}});
  return keys;
}

Result<ViewSpec> parse_view_spec(const toml::table& scene) {
  ViewSpec spec;
  FL_TRY(view_keys().read(scene["view"].as_table(), spec));
  FL_TRY(camera_keys().read(scene["camera"].as_table(), spec));
  return spec;
}

}  // namespace fl

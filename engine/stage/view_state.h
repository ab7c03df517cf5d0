#pragma once
// What is shown and how: the one place for it. The window's keys, drags and panels change it, a scene begins
// it, and every picture, live or of a film, is drawn from it.

#include <array>
#include <optional>
#include <string_view>

#include "engine/charts/curves_choice.h"
#include "engine/charts/sweep/sweep_choice.h"
#include "engine/pass/theme.h"
#include "engine/stage/feature_wall.h"
#include "engine/stage/stage_layout.h"
#include "engine/view/camera.h"
#include "engine/view/color_map.h"
#include "engine/view/shown_words.h"
#include "trainer/seam/frame.h"

namespace fl {

struct ViewSpec;

// Linear or logarithmic height and colour of the loss. Where nobody chose, it is decided once for each plane
// and then kept: a scale that changes while the surface refines would look like the landscape moving.
class HeightScale {
 public:
  enum class Wish { kAuto, kLinear, kLog };

  HeightScale() = default;
  explicit HeightScale(Wish wish) : wish_(wish) {}

  // Before each picture of this content. "Auto" takes a logarithm where the surface spans more
  // than a decade.
  void decide(const Frame& frame);
  [[nodiscard]] bool log() const { return wish_ == Wish::kAuto ? auto_log_ : wish_ == Wish::kLog; }
  void choose(bool log) { wish_ = log ? Wish::kLog : Wish::kLinear; }
  bool operator==(const HeightScale&) const = default;

 private:
  Wish wish_ = Wish::kAuto;
  std::uint32_t decided_for_ = 0;  // a plane: FrameFacts::plane_number
  bool auto_log_ = false;
};

// Where the map of a head's embeddings is: nowhere, where the feature maps are, or where the landscape is.
enum class MapPlace { kNone, kWall, kStage };
inline constexpr std::array kMapPlaces = {"none", "wall", "stage"};  // as scenes and sessions call them
[[nodiscard]] std::optional<MapPlace> map_place(std::string_view name);

// What has the whole picture.
enum class StageFill { kNone, kLandscape, kWall, kCurves };
inline constexpr std::array kStageFills = {"none", "landscape", "wall", "curves"};
[[nodiscard]] std::optional<StageFill> stage_fill(std::string_view name);

// Of a presenter's words, over the picture's own scale of height / 720.
inline constexpr float kPresenterText = 2;
// Of cards that have the whole picture.
inline constexpr float kFilledText = 1.25f;

struct ViewState {
  OrbitCamera camera;
  bool framed = true;  // the camera shows all of the landscape, and follows where the picture's shape changes
  const Theme* theme = &dark_theme();
  const ColorMap* colors = &color_map({});
  HeightScale height;
  bool points = false;  // those of the surface that are evaluated are told from what is predicted
  CurvesChoice curves;
  SweepChoice sweep;
  StageParts parts;
  std::optional<StageParts> others;  // what comes back when nothing fills the picture any more
  WallView wall;
  std::uint32_t hidden_runs = 0;  // of a race or of forks: bit i says that run i is not drawn
  std::size_t cue = 0;     // which one of the lecture's is said, from 1; 0: none
  ShownWords caption, card;  // of the timeline's
  bool blank = false;      // nothing is seen, until the lecturer goes on
  bool presenter = false;  // larger words; in the window without the bar
  bool words = true;       // all text; a film may bring its own

  // As somebody has come to look at `other`, of the same lesson with another network: all but its maps.
  void look_like(const ViewState& other);
  [[nodiscard]] float text_scale() const {
    return presenter ? kPresenterText : parts.landscape ? 1.0f : kFilledText;
  }
  // With the legend of a run and its forks in the place of the feature maps, while there are forks and the
  // column is seen; and with the losses between forks.
  [[nodiscard]] StageParts parts_for(const Frame& frame) const;
  [[nodiscard]] MapPlace map() const {
    return parts.large_map ? MapPlace::kStage : parts.map ? MapPlace::kWall : MapPlace::kNone;
  }
  // Of a lesson with feature maps, which come back where the map leaves them room. Nothing fills the picture
  // then.
  void set_map(MapPlace place);
  [[nodiscard]] StageFill filled() const;
  // Nothing, where there is no such part.
  void fill(StageFill part);
  [[nodiscard]] bool light() const { return theme == &light_theme(); }
  void set_light(bool light) { theme = light ? &light_theme() : &dark_theme(); }
  bool operator==(const ViewState&) const = default;
};

// As a scene asks for it; its tile is a name, which only the network can tell (find_tile in engine/app).
[[nodiscard]] ViewState view_state(const ViewSpec& spec);

}  // namespace fl

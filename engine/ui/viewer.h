#pragma once
// What the viewer looks at and from where: camera, enlarged tile, and the clicks, drags and actions that
// change them. Knows neither the run nor the window.

#include "engine/stage/stage.h"
#include "engine/ui/rates/rates_hand.h"
#include "engine/ui/window_input.h"
#include "engine/view/camera_motion.h"
#include "trainer/subjects/landscape/landscape_answer.h"

namespace fl {

class Viewer {
 public:
  // Another lesson's view, which this one changes from now on; it must outlive the next call of this.
  void watch(ViewState& view);
  // Width over height of the landscape, in a picture of the size that resize() said.
  [[nodiscard]] float aspect() const { return landscape_rect().width / landscape_rect().height; }
  // The pointer's part of the input. `seconds` since the last call. True where the picture changes.
  bool handle(const WindowInput& input, const Frame& frame, double seconds);
  // The camera glides: turned as a drag by so much of the view's height does, its distance times a factor, to
  // where all of the landscape is in sight.
  void turn(glm::vec2 way);
  void zoom(float factor);
  void frame_all();
  // The enlarged tile of the feature wall: another one, if there is one; none and the last one by turns.
  void move_tile(const Frame& frame, int layers, int channels);
  void enlarge_or_back();
  // Before each picture: its size. Where the landscape has another shape by now, it is framed anew.
  // `least_scale` as in StageView.
  void resize(VkExtent2D extent, const Insets& insets, float least_scale = 0);
  // For tests that click: where landscape, wall, curves and the tile that enlarge_or_back() means are.
  void note_places(const Frame& frame) const;
  [[nodiscard]] bool moving() const { return motion_.moving(); }

  // A double click's ray, until answer() says where it meets the surface: that takes a picture. Or that of a
  // click, which is a new start where there are descents of two parameters.
  struct Question {
    Ray ray;
    bool start = false;
    std::optional<glm::vec3> otherwise;  // what becomes the middle if it meets none; nothing: all is framed
  };
  [[nodiscard]] const std::optional<Question>& question() const { return question_; }
  // The pointer's ray where it is over the landscape, to be asked in each picture; nothing without a pointer.
  void point_at(const std::optional<glm::vec2>& pointer, const Frame& frame);
  [[nodiscard]] const std::optional<Ray>& pointer_ray() const { return pointer_ray_; }
  // The camera glides there. Only the answer to the ray that is still asked for counts.
  void answer(const Ray& ray, const std::optional<glm::vec3>& hit);
  // Where a click has met the surface, world, since the last call.
  [[nodiscard]] std::optional<glm::vec3> take_start() { return std::exchange(start_, std::nullopt); }

  // Another view of a trainability map that is asked for since the last call.
  [[nodiscard]] std::optional<command::ShowRates> take_rates() { return rates_.take(); }
  // The place of a map that is asked about: the rates, log10, under a pixel of the picture, or column and row
  // of the cell that was pointed at last. Nothing beside a map, and without one.
  [[nodiscard]] std::optional<LandscapePlace> place_on_map(glm::vec2 pixel, const Frame& frame) const;
  // Whether a cell was clicked since the last call: ViewState::sweep says which.
  [[nodiscard]] bool take_cell() { return std::exchange(cell_clicked_, false); }

 private:
  void drag(const WindowInput& input, double seconds);
  bool handle_cells(const WindowInput& input, const Frame& frame);
  void pick(glm::vec2 pixel, const Frame& frame);
  void wait_for_second_click(double seconds);
  // That of a pixel in the landscape's part of the picture.
  [[nodiscard]] Ray ray_of(glm::vec2 pixel, const Rect& area) const;
  void ask(glm::vec2 pixel, const Frame& frame);
  void stand_still();
  void glide_to(const OrbitCamera& goal);
  void fit();
  // The view in a picture of that size.
  [[nodiscard]] StageView picture() const;
  [[nodiscard]] Rect landscape_rect() const { return Stage::layout(extent_, picture()).landscape; }

  ViewState* view_ = nullptr;
  RatesHand rates_;
  CameraMotion motion_;
  std::optional<Question> question_;
  std::optional<Ray> pointer_ray_;
  struct Click {
    glm::vec2 pixel;
    double age = 0;  // seconds
  };
  std::optional<Click> click_;  // on the landscape, that may be the first of two
  std::optional<glm::vec3> start_;
  VkExtent2D extent_{};
  Insets insets_;  // of the picture; what lies there is not the stage's
  float least_scale_ = 0;
  glm::vec2 landscape_{};  // its size in the picture before
  bool was_turning_ = false;
  glm::vec2 pointer_{-1};  // as it was last
  SweepFacts cells_;       // of the map that was shown last
  bool cell_clicked_ = false;
  TileChoice last_tile_{1, 0};  // what enlarge_or_back() enlarges
};

}  // namespace fl

#pragma once
// What the viewer looks at and from where: camera, enlarged tile, and the keys, clicks and drags that change
// them. Knows neither the run nor the window.

#include "engine/app/window.h"
#include "engine/stage/stage.h"
#include "engine/view/camera_motion.h"

namespace fl {

class Viewer {
 public:
  // Another lesson's view, which this one changes from now on; it must outlive the next call of this.
  void watch(ViewState& view);
  // Width over height of the landscape, in a picture of the size that resize() said.
  [[nodiscard]] float aspect() const { return landscape_rect().width / landscape_rect().height; }
  // What of the input is the viewer's: all pointer input and some keys. `seconds` since the last call. True
  // where the picture changes.
  bool handle(const WindowInput& input, const FrameHeader& header, double seconds);
  // True for a key that is the viewer's.
  bool press(int key, const FrameHeader& header);
  // The picture's size, or what there is to fit into, has changed.
  void resize(VkExtent2D extent, float bottom_inset);
  [[nodiscard]] bool moving() const { return motion_.moving(); }

  // A double click's ray, until answer() says where it meets the surface: that takes a picture.
  struct Question {
    Ray ray;
    std::optional<glm::vec3> otherwise;  // what becomes the middle if it meets none; nothing: all is framed
  };
  [[nodiscard]] const std::optional<Question>& question() const { return question_; }
  // The camera glides there. Only the answer to the ray that is still asked for counts.
  void answer(const Ray& ray, const std::optional<glm::vec3>& hit);

 private:
  void drag(const WindowInput& input, double seconds);
  bool press_camera(int key);
  bool press_tile(int key, const FrameHeader& header);
  void pick(glm::vec2 pixel, const FrameHeader& header);
  void ask(glm::vec2 pixel, const FrameHeader& header);
  void stand_still();
  void glide_to(const OrbitCamera& goal);
  void frame_all();
  void fit();
  // The view in a picture of that size.
  [[nodiscard]] StageView picture() const;
  [[nodiscard]] Rect landscape_rect() const { return Stage::layout(extent_, picture()).landscape; }

  ViewState* view_ = nullptr;
  CameraMotion motion_;
  std::optional<Question> question_;
  VkExtent2D extent_{};
  float bottom_inset_ = 0;  // of the picture; what lies below is not the stage's
  bool was_turning_ = false;
  TileChoice last_tile_{1, 0};  // what the key enlarges
};

}  // namespace fl

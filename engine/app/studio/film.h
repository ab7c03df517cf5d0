#pragma once
// Pictures of a lesson without a window, in lockstep with its session: each shows an exact step.

#include "engine/app/studio/studio.h"
#include "engine/film/capture.h"

namespace fl {

class Film {
 public:
  struct Options {
    VkExtent2D extent{};
    bool playing = true;  // as the session begins
    bool as_live =
        false;  // with the samples that a window on this device has, so that the pictures are the window's
  };
  // `device` and `font` must outlive it. Throws VulkanError when memory runs out.
  Film(const SceneFile& scene, Lesson lesson, Device& device, const Font& font, const Options& options);

  [[nodiscard]] Session& session() { return studio_.session(); }
  // Changes the view as a session file says (view_json.h).
  Result<void> set_view(const Json& members);
  // Draws what the session is now. `time`: StageView::time.
  Picture shoot(double time);
  std::string rescue() { return studio_.rescue({}); }

 private:
  void fit();

  Studio studio_;
  Stage stage_;
  Capture capture_;
  float aspect_ = 0;  // of the landscape in the pictures that the view was noted in
};

}  // namespace fl

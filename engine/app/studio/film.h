#pragma once
// Pictures of a lesson without a window, in lockstep with its session: each shows an exact step.

#include <deque>
#include <future>
#include <vector>

#include <glm/vec2.hpp>

#include "engine/app/studio/studio.h"
#include "engine/app/studio/take.h"

namespace fl {

class Film {
 public:
  struct Options {
    VkExtent2D extent{};
    bool playing = true;  // as the session begins
    // With the samples that a window on this device has, so that the pictures are the window's.
    bool as_live = false;
    int supersampling = 1;
    bool transparent = false;
    std::vector<StageFill> parts = {StageFill::kNone};  // a take of each
    std::vector<std::string> pinned{};  // members of the view that set_view() leaves as they are
  };
  // `device` and `font` must outlive it. Throws VulkanError when memory runs out.
  Film(const SceneFile& scene, Lesson lesson, Device& device, const Font& font, const Options& options);

  [[nodiscard]] Session& session() { return studio_.session(); }
  // Changes the view as a session file says (view_json.h).
  Result<void> set_view(const Json& members);
  [[nodiscard]] ViewState& view() { return studio_.view(); }
  // Which cue is said, from 1; 0: none.
  void set_cue(std::size_t cue) { view().cue = cue; }
  // Width over height of the landscape in a picture of that view.
  [[nodiscard]] float aspect(const ViewState& view) const;
  // Draws what the session is now: a picture of each part. `time`, `lens`: as in StageView.
  std::vector<Picture> shoot(double time, glm::vec2 lens = {}) {
    begin(time, lens, std::launch::deferred);
    return finish();
  }
  // The same in two halves, between which the session goes on while a thread draws. Precondition: one picture
  // at a time. The second half throws what drawing it threw.
  void begin(double time, glm::vec2 lens) { begin(time, lens, std::launch::async); }
  [[nodiscard]] bool drawing() const { return drawing_.valid(); }
  std::vector<Picture> finish();
  // The same for pictures that are there already: what later ones take over from them.
  void pass(double time);
  // What draws.
  [[nodiscard]] std::string device() const { return device_; }
  std::string rescue() { return studio_.rescue({}); }

 private:
  void fit();
  void begin(double time, glm::vec2 lens, std::launch where);
  // Publishes, and takes the slot until end_picture(): the view of its picture.
  StageView begin_picture(double time);
  // `use`: for each take, with what it waits for.
  template <typename Use>
  void each_take(const SlotReading& reading, const Use& use);

  Studio studio_;
  std::deque<Take> takes_;
  std::string device_;
  std::vector<std::string> pinned_;
  float aspect_ = 0;  // of the landscape in the pictures that the view was noted in
  std::future<std::vector<Picture>> drawing_;  // goes first, and waits for it
};

}  // namespace fl

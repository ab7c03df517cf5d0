#pragma once
// A lesson running live: the run on its thread, the ring between it and the pictures, and what the window
// needs to draw and steer it.

#include <memory>
#include <string>

#include "engine/app/height_choice.h"
#include "engine/app/lesson.h"
#include "engine/app/shared_ring.h"
#include "engine/ui/control_bar.h"
#include "engine/stage/stage.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/session/run.h"

namespace fl {

class LiveLesson {
 public:
  // Starts the run of a lesson that open_lesson made of this scene.
  LiveLesson(const SceneFile& scene, Lesson lesson, Device& device);
  // Joins the run. The caller has waited for the device: no frame reads the ring any more.
  ~LiveLesson();
  LiveLesson(const LiveLesson&) = delete;
  LiveLesson& operator=(const LiveLesson&) = delete;

  // Sends a command and remembers what the controls must show of it.
  void post(const Command& command);
  // The newest frame, or null before the first; ours until end_frame. `completed`: frames of
  // the window that are drawn.
  const AcquiredFrame* begin_frame(std::uint64_t completed);
  // What the submission that draws that frame adds to its semaphores.
  [[nodiscard]] SlotReading reading();
  // It was submitted as the window's frame `number`.
  void end_frame(std::uint64_t number);
  [[nodiscard]] std::uint64_t published() const { return shared_.ring->published(); }
  [[nodiscard]] VkDescriptorSet slot_set(const AcquiredFrame& frame) const { return slots_.set(frame.slot); }

  [[nodiscard]] const StageTexts& texts() const { return texts_; }
  // The tile that the scene wants enlarged.
  [[nodiscard]] const std::optional<TileChoice>& tile() const { return tile_; }
  // Fills what the control bar shows of the run; `facts.header` is the newest frame's.
  void describe(ControlFacts& facts) const;
  [[nodiscard]] std::string failure() const { return run_.failure(); }
  // Ends the run and saves it: see rescue.h.
  std::string rescue();
  [[nodiscard]] HeightChoice& height() { return height_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // As it was asked for last; the newest frame may not show it yet.
  [[nodiscard]] bool playing() const { return playing_; }

 private:
  SceneFile scene_;
  bool playing_;
  double pace_;
  OptimizerKind optimizer_;
  std::uint64_t seed_;
  std::string device_name_;
  StageTexts texts_;
  std::optional<TileChoice> tile_;
  HeightChoice height_;
  Run run_;
  SharedRing shared_;
  SlotSets slots_;
  std::optional<AcquiredFrame> frame_;
};

}  // namespace fl

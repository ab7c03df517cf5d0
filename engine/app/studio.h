#pragma once
// An open lesson and the pictures of it: the session, the ring between it and them, and what they show beside
// the ring's content. The window and films take their pictures here in the same few calls.

#include <memory>
#include <optional>
#include <string>

#include "engine/app/lesson.h"
#include "engine/app/shared_ring.h"
#include "engine/stage/stage.h"
#include "trainer/session/session.h"

namespace fl {

class Studio {
 public:
  // Of a lesson that open_lesson made of this scene. Its session is not started; `playing`: it begins as soon
  // as it is. Throws VulkanError when memory runs out.
  Studio(const SceneFile& scene, Lesson lesson, Device& device, bool playing);
  // Ends the session. The caller has waited for the device: no picture reads the ring any more.
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] FrameRing& ring() { return *shared_.ring; }
  // How session and pictures share memory.
  [[nodiscard]] const std::string& sharing() const { return shared_.words; }
  [[nodiscard]] const StageTexts& texts() const { return texts_; }
  // Begins as the scene says; whoever shows the lesson changes it.
  [[nodiscard]] ViewState& view() { return view_; }

  // The newest content, or null before the first; ours until end_picture. `completed`: pictures that are
  // drawn.
  const AcquiredFrame* begin_picture(std::uint64_t completed);
  [[nodiscard]] VkDescriptorSet slot_set(const AcquiredFrame& frame) const { return slots_.set(frame.slot); }
  // What the submission that draws that content adds to its semaphores.
  [[nodiscard]] SlotReading reading();
  // It was submitted as picture `number`.
  void end_picture(std::uint64_t number);

  // Ends the session and saves its run: see rescue.h.
  std::string rescue();

 private:
  std::string name_;
  StageTexts texts_;
  ViewState view_;
  Session session_;
  SharedRing shared_;
  SlotSets slots_;
  std::optional<AcquiredFrame> frame_;
};

}  // namespace fl

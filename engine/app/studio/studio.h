#pragma once
// An open lesson and the pictures of it: the session, the ring between it and them, and what they show beside
// the ring's content. The window and films take their pictures here in the same few calls; the window also
// before there is a lesson.

#include <filesystem>
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
  // Without a lesson: its pictures are the empty stage.
  explicit Studio(const ViewState& view);
  // Of a lesson that open_lesson made of this scene. Its session is not started; `playing`: it begins as soon
  // as it is. Throws VulkanError when memory runs out.
  Studio(const SceneFile& scene, Lesson lesson, Device& device, bool playing);
  // Ends the session. The caller has waited for the device: no picture reads the ring any more.
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  [[nodiscard]] bool has_lesson() const { return open_ != nullptr; }
  // Precondition of both: has_lesson().
  [[nodiscard]] Session& session() { return open_->session; }
  [[nodiscard]] FrameRing& ring() { return *open_->shared.ring; }
  // As the session's own; without a lesson nothing is said and nothing hears.
  [[nodiscard]] std::shared_ptr<const Status> status() const;
  void post(const Command& command);
  // How many contents there were so far.
  [[nodiscard]] std::uint64_t published() const;
  // How session and pictures share memory.
  [[nodiscard]] std::string sharing() const { return open_ ? open_->shared.words : std::string(); }
  [[nodiscard]] const StageTexts& texts() const { return texts_; }
  // Begins as the scene says; whoever shows the lesson changes it.
  [[nodiscard]] ViewState& view() { return view_; }
  // Keeps in the session what has changed of the view since the last call; `aspect` as in view_json.h.
  void note_view(float aspect);

  // The newest content, or null before the first; ours until end_picture. `completed`: pictures that are
  // drawn.
  const AcquiredFrame* begin_picture(std::uint64_t completed);
  // The view in a picture of that content, whose number it gets.
  [[nodiscard]] StageView picture();
  // Null before the first content.
  [[nodiscard]] VkDescriptorSet slot_set() const {
    return frame_ ? open_->slots.set(frame_->slot) : VK_NULL_HANDLE;
  }
  // What the submission that draws that content adds to its semaphores.
  [[nodiscard]] SlotReading reading();
  // It was submitted as picture `number`.
  void end_picture(std::uint64_t number);

  // Ends the session and saves run and session in `folder`, or nowhere where that is empty. Errors: as
  // write_run_folder.
  Result<void> save(const std::filesystem::path& folder);
  // The same after a failure: see rescue.h.
  std::string rescue(const std::filesystem::path& folder);

 private:
  struct Open {
    Open(SessionStart start, Device& device);
    Session session;
    SharedRing shared;
    SlotSets slots;
  };
  std::string name_;
  StageTexts texts_;
  ViewState view_;
  // The view as it was noted last.
  struct Noted {
    ViewState view;
    float aspect = 0;
    Json::Object members;
  };
  std::optional<Noted> noted_;
  std::unique_ptr<Open> open_;
  std::optional<AcquiredFrame> frame_;
};

// Of a window on this device. Four samples cost a software renderer twice the time: there the edge filter has
// to do.
[[nodiscard]] StageOptions live_stage_options(const Device& device, VkFormat format);

}  // namespace fl

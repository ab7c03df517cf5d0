#pragma once
// An open lesson and what a picture of it needs: the session, the ring that the session publishes to, the
// view, and the texts. The window and films draw through the same calls. Without a lesson, as at the window's
// start, a studio draws the empty stage.

#include <filesystem>
#include <functional>
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
  // `lesson`: made of this scene by open_lesson; without a ring, one is opened here. The session is not
  // started; `playing`: it trains as soon as it is. Throws VulkanError when memory runs out.
  Studio(const SceneFile& scene, Lesson lesson, Device& device, bool playing);
  // Ends the session. Precondition: no picture reads the ring any more.
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  [[nodiscard]] bool has_lesson() const { return open_ != nullptr; }
  // Precondition of both: has_lesson().
  [[nodiscard]] Session& session() { return open_->session; }
  [[nodiscard]] FrameRing& ring() { return *open_->shared.ring; }
  // The session's; without a lesson a default Status, and commands are ignored.
  [[nodiscard]] std::shared_ptr<const Status> status() const;
  void post(const Command& command);
  // How many times the session has published so far.
  [[nodiscard]] std::uint64_t published() const;
  // The images of the lesson, with their thumbnails; null where there are none. They stay as they are as long
  // as the studio does.
  [[nodiscard]] const Dataset* data() const { return open_ ? open_->session.data() : nullptr; }
  // How session and pictures share memory, in words for a person.
  [[nodiscard]] std::string sharing() const { return open_ ? open_->shared.words : std::string(); }
  [[nodiscard]] const StageTexts& texts() const { return texts_; }
  // Other words of its timeline than the lesson came with.
  void say(std::vector<Caption> captions, std::vector<TitleCard> cards) {
    texts_.captions = std::move(captions);
    texts_.cards = std::move(cards);
  }
  // As the scene says at first; the window or the film changes it.
  [[nodiscard]] ViewState& view() { return view_; }
  // Tells the session what pictures show from now on, so that it computes no more than that. `seen`: there
  // are any.
  void note_shown(bool seen);
  // Adds to the session's log what has changed of the view since the last call; `aspect` as in view_json.h.
  void note_view(float aspect);

  // Acquires the newest frame until end_picture(); null before the first. `completed`: the number of the last
  // picture that is drawn.
  const AcquiredFrame* begin_picture(std::uint64_t completed);
  // That frame.
  [[nodiscard]] const AcquiredFrame* frame() const { return frame_ ? &*frame_ : nullptr; }
  // The view for a picture of that frame; its `content` tells one frame from another.
  [[nodiscard]] StageView picture();
  // Of that frame; null before the first.
  [[nodiscard]] VkDescriptorSet slot_set() const {
    return frame_ ? open_->slots.set(frame_->slot) : VK_NULL_HANDLE;
  }
  // The semaphores that the submission of that picture waits for and signals.
  [[nodiscard]] SlotReading reading();
  // Where the session shares a processor with the pictures: how long the next one has to wait. `wanted`:
  // there is something to draw.
  [[nodiscard]] Governor::Duration until_picture(bool wanted);
  // A picture was begun then. The session rests until the function that this returns is called, by any
  // thread, when the picture is drawn.
  [[nodiscard]] std::function<void()> drawing(Governor::Clock::time_point begun);
  // The picture was submitted under this number.
  void end_picture(std::uint64_t number);

  // Ends the session and saves run and session in `folder`, or nowhere where that is empty. Errors: as
  // write_run_folder.
  Result<void> save(const std::filesystem::path& folder);
  // The same after a failure: see rescue.h.
  std::string rescue(const std::filesystem::path& folder);

 private:
  struct Open {
    Open(SessionStart start, SharedRing ring, Device& device);
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

// For a window on this device. Four samples a pixel cost a software renderer twice the time, so it gets the
// edge filter instead. `copies`: pictures may be copied into the stage's targets.
[[nodiscard]] StageOptions live_stage_options(const Device& device, VkFormat format, bool copies);

}  // namespace fl

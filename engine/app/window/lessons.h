#pragma once
// The lessons of a window: the one that is shown, the one that is being opened, and those that it replaced,
// which end and are saved in their own time.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/opening/arrivals.h"
#include "engine/app/studio/leaving.h"
#include "engine/app/studio/rescuing.h"
#include "engine/app/studio/studio.h"
#include "engine/app/sweep_map/kept_cells.h"
#include "engine/app/timeline/live_timeline.h"
#include "engine/app/window/shared_time.h"
#include "engine/ui/lesson_info.h"
#include "engine/ui/wishes.h"

namespace fl {

class Lessons {
 public:
  // All arguments must outlive it.
  Lessons(Device& device, const BackendChoice& backend, Background& background, SharedTime& shared_time);

  // Shows `first` when it is ready. `out`: what the folders are named after where the runs and sessions of
  // the lessons after it are saved (run_place.h); empty: nowhere.
  void await(std::unique_ptr<Opening> first, const std::filesystem::path& out);
  // Opens another lesson; the present one stays until that is ready, and also if it fails.
  void open(OpeningRequest request);
  void fulfil(const Wishes& wishes);

  // What to tell a person.
  struct Words {
    std::string text;
    bool error = false;
  };
  struct News {
    bool changed = false;       // there is something new to draw
    bool other_studio = false;  // another studio is shown than before
    bool other_lesson = false;  // and it has a lesson, with a new title
    std::vector<Words> words{};
  };
  // Another lesson is ready and waits for hear().
  [[nodiscard]] bool arrived() const { return arrivals_.brings_other(); }
  // Once a turn of the window's loop. `completed`: the number of the last picture that is drawn; `may_show`:
  // a lesson that is ready may take the place of the one before. Throws VulkanError where the device is lost.
  [[nodiscard]] News hear(std::uint64_t completed, bool may_show = true);
  // Why the first lesson does not open.
  [[nodiscard]] const std::optional<Error>& failed() const { return failed_; }

  [[nodiscard]] Studio& studio() { return *studio_; }
  [[nodiscard]] const LessonInfo& info() const { return info_; }
  // Of the lesson that is shown: what its results must not be written over.
  [[nodiscard]] const Inputs& inputs() const { return inputs_; }
  [[nodiscard]] const BackendChoice& backend() const { return backend_; }
  [[nodiscard]] const std::string& title() const { return info_.run.title; }
  [[nodiscard]] std::uint64_t number() const { return number_; }  // of the studio that is shown
  // What is being opened, to say so; null: nothing is.
  [[nodiscard]] const LoadingNote* on_its_way() const {
    return arrivals_.on_its_way() ? &arrivals_.news().note : nullptr;
  }
  // As Arrivals::note_turn.
  [[nodiscard]] std::optional<std::string> note_turn(const Arrivals::Turn& turn) {
    return arrivals_.note_turn(turn);
  }
  // Before each picture: the scene's timeline, where it plays. `aspect` as LiveTimeline::turn's; true: it
  // goes on.
  bool play_film(LiveTimeline::Clock::time_point now, float aspect);
  // A picture of the studio was submitted under this number.
  void note_picture(std::uint64_t number) { last_picture_ = number; }

  // What became of a session that ended because something failed, in a sentence that grows while its run is
  // saved; empty: none did.
  [[nodiscard]] std::string failure();
  // The window closes: opens nothing more.
  void drop() { arrivals_.drop(); }
  // After that: saves run and session. Errors: as write_run_folder.
  [[nodiscard]] Result<void> finish();
  // The same after a failure of the window: half a sentence, as rescue_run() says it.
  [[nodiscard]] std::string rescue();

 private:
  // Replaces the present lesson. Error: no memory for the new one; the present one stays.
  Result<void> show(Opened opened, News& news);
  void take_film();
  void set_studio(std::unique_ptr<Studio> studio, News& news);

  Device& device_;
  const std::shared_future<Device*> device_there_;
  BackendChoice backend_;
  Background& background_;
  SharedTime& shared_time_;

  std::unique_ptr<Studio> studio_;
  LessonInfo info_;
  std::shared_ptr<const Conducted> conducted_;  // of the lesson that is shown; null without one
  std::optional<LiveTimeline> film_;            // the same
  std::uint64_t film_of_ = 0;                   // FilmDesk::revision() of it, plus 1
  Inputs inputs_;
  std::optional<OpeningRequest> shown_as_;  // Opened::request of the lesson that is shown
  Arrivals arrivals_;
  std::vector<std::unique_ptr<Leaving>> leaving_;
  std::optional<ViewSpec> dressed_;  // what the empty stage looks like
  std::optional<Error> failed_;
  std::filesystem::path out_root_;
  std::shared_ptr<KeptMap> map_;  // as the first lesson was opened with
  HeldFolder out_;  // for the lesson's run; null: it is saved nowhere, or already
  Rescuing rescuing_;
  std::uint64_t last_picture_ = 0, number_ = 0;
};

}  // namespace fl

#pragma once
// Opens what the user named on a thread of its own. The window reads its progress, and cancels it when
// another lesson is opened or the window closes.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/app/commands/inputs.h"
#include "engine/app/lesson.h"
#include "engine/app/opening/run_place.h"
#include "engine/app/scene_file.h"
#include "engine/pass/loading_note.h"

namespace fl {

struct OpeningRequest {
  std::string what;  // as open_scene takes it; empty: phantoms
  std::vector<std::string> overrides{};
  std::optional<NetworkChoice> network{};  // as open_scene takes it
  bool again = false;                      // it is shown already, with other settings
  BackendChoice backend{};
  std::filesystem::path cache{};  // of phantoms, see LoadOptions
  Background* background = nullptr;
  // What is going to draw it, once that is there: the way to it is prepared, too. Not valid: nothing is.
  std::shared_future<Device*> device{};
  // Runs on the opening's thread once the scene is read, before its images are; an error ends the opening.
  FindPlace place{};
  std::shared_ptr<KeptMap> map{};  // CellPlace::window
};

// What asks for a lesson that is shown once more, from scratch in place of on a backbone or the other way;
// after a choice of this kind as the scene has it. `transfer`: it is on a backbone.
[[nodiscard]] OpeningRequest with_other_network(OpeningRequest shown, bool transfer);
// The same with `settings` ("train.epochs=30") besides those it has; one of the same key goes.
[[nodiscard]] OpeningRequest again_with(OpeningRequest shown, const std::vector<std::string>& settings);

// Whether both are the same map, or cells of it.
[[nodiscard]] bool same_map(const OpeningRequest& one, const OpeningRequest& other);

struct Opened {
  SceneFile scene;
  Lesson lesson;
  HeldFolder folder{};       // for its run; null: it is saved nowhere
  OpeningRequest request{};  // what was asked for, without what it is shown with
  Inputs inputs{};           // of its scene
};

// The progress of an opening.
struct OpeningNews {
  LoadingNote note;
  std::optional<ViewSpec> view;  // the scene's, once it is read
  bool operator==(const OpeningNews&) const = default;
};

class Opening {
 public:
  explicit Opening(OpeningRequest request);
  // Cancels, and waits for what cannot be cancelled: the image being read, the preparation of the network or
  // of the way to the device, which must be there until then.
  ~Opening() = default;
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  [[nodiscard]] const OpeningRequest& request() const { return request_; }
  // The functions below may be called by any thread. A cancelled opening ends as soon as it can, with the
  // error load_cancelled().
  void cancel() { thread_.request_stop(); }
  [[nodiscard]] OpeningNews news() const;
  [[nodiscard]] bool done() const { return done_; }
  // take() has a lesson.
  [[nodiscard]] bool opened() const;
  // Waits until what was named is read and checked, not for its images. Error: it cannot be opened.
  [[nodiscard]] Result<void> wait_for_scene() const;
  // To be called once, when done(). Error: why it does not open, in one sentence.
  [[nodiscard]] Result<Opened> take();

 private:
  Result<Opened> open(const std::stop_token& stop);
  // Null: it was stopped before there was one.
  [[nodiscard]] Device* wait_for_device(const std::stop_token& stop) const;
  void note(const LoadProgress& progress);
  void finish(Result<Opened> result);

  const OpeningRequest request_;
  mutable std::mutex mutex_;
  mutable std::condition_variable scene_read_;
  std::optional<Result<void>> scene_;  // set once the scene is read and checked, or cannot be
  OpeningNews news_;
  std::optional<Result<Opened>> result_;
  std::atomic<bool> done_ = false;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl

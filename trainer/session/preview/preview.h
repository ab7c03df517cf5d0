#pragma once
// Many images from outside of the data set, looked at while a training goes on: what the network of the
// moment says of each. Files are read and decoded on a thread of their own; the session's thread evaluates a
// few at a time between its steps. While somebody watches, they are looked at again with newer weights, as
// often as costs a tenth of the time. What is trained stays the same to the byte.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "trainer/base/background.h"
#include "trainer/base/result.h"
#include "trainer/session/preview/preview_results.h"
#include "trainer/subjects/command.h"

namespace fl {

class Training;

class Preview {
 public:
  using Clock = std::chrono::steady_clock;
  // At most so many images, and of their files and what the network takes of them so many bytes.
  static constexpr std::size_t kMostImages = 2000, kMostBytes = std::size_t{256} << 20;

  // `training` and whatever `post` reaches must outlive this; `post` brings a command to the session.
  Preview(Training& training, std::function<void(Command)> post);
  ~Preview();
  Preview(const Preview&) = delete;
  Preview& operator=(const Preview&) = delete;

  // The next four come from any thread and do not wait.
  // Looks at image files, folders and archives in place of those before.
  void open(std::vector<std::filesystem::path> paths);
  // Somebody watches now: what there is is worth looking at again.
  void watch();
  // Shows an image of results().images on the wall. Its file is decoded again, so the command comes later.
  void show(std::size_t image);
  // Writes what there is as CSV, see preview_csv(); where something of that name is, under the next that is
  // free: "name-2.csv". results().saved says what came of it.
  void save(std::filesystem::path path);
  // Never null; replaced, never changed.
  [[nodiscard]] std::shared_ptr<const PreviewResults> results() const;

  // By the session's thread, between steps: evaluates a few images where that is due. False where nothing is.
  bool work();
  // Whether results() are others than at the last call.
  bool take_news();

 private:
  struct Image {
    std::vector<std::byte> file;
    std::vector<float> input;  // of the program, once it is `ready`; before that, the pixels
    bool ready = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void read(const std::vector<std::filesystem::path>& paths, std::uint64_t opening,
            const std::stop_token& stop);
  // False: no more of this opening.
  bool add(std::uint64_t opening, const std::string& name, Result<std::vector<std::byte>> bytes,
           const std::stop_token& stop);
  void decode_and_show(std::size_t image, std::uint64_t opening);
  void write(const std::filesystem::path& wanted);
  void say(std::uint64_t opening, const std::string& note);
  // The images that are evaluated next: new ones first, else those of the round in hand, which begins here
  // where it is due.
  [[nodiscard]] std::vector<std::size_t> next_batch(Clock::time_point now);
  void keep(std::span<const std::size_t> batch, std::span<const float> probabilities);
  // With mutex_ locked.
  void publish();

  Training& training_;
  const std::function<void(Command)> post_;

  mutable std::mutex mutex_;
  std::condition_variable_any room_;  // for pixels that wait to be evaluated
  std::uint64_t opening_ = 0;         // counts open()
  std::vector<Image> images_;
  std::size_t bytes_ = 0, waiting_bytes_ = 0;
  PreviewResults now_;  // what the next snapshot says
  std::shared_ptr<const std::vector<PreviewImage>> listed_;
  std::vector<PreviewImage> list_;
  std::shared_ptr<const PreviewResults> results_ = std::make_shared<const PreviewResults>();
  Clock::time_point watched_{};

  // The session's thread's.
  std::uint64_t told_ = 0;  // version of the results that take_news() told of
  std::size_t fresh_ = 0;   // the first image that was not looked at yet
  std::size_t cursor_ = 0;  // of the round in hand
  bool round_ = false;      // there is one
  std::uint64_t seen_opening_ = 0, round_generation_ = 0;
  std::int64_t round_step_ = -1;
  Clock::duration round_took_{};
  Clock::time_point next_round_{}, published_{};

  Background reader_{std::chrono::milliseconds(0)};  // last: it uses the others
};

}  // namespace fl

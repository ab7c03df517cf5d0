#include "trainer/session/preview/preview.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/sources/image_files.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBatch = 8;                            // images between two steps
constexpr std::size_t kEmbedded = 2;                         // through a backbone, which takes its time
constexpr auto kPublishInterval = 200ms;                     // of snapshots while images come in
constexpr auto kWatched = 2s;                                // nobody has looked for so long: nobody watches
constexpr auto kLeastRest = 500ms;                           // between two rounds
constexpr int kShare = 9;                                    // a round rests so many times as long as it took
constexpr std::size_t kMostWaiting = std::size_t{32} << 20;  // bytes of pixels that nobody has looked at

std::size_t bytes_of(std::span<const float> values) {
  return values.size_bytes();
}

}  // namespace

Preview::Preview(Training& training, std::function<void(Command)> post)
    : training_(training), post_(std::move(post)) {
  now_.classes = training.data().classes;
  publish();
}

Preview::~Preview() {
  const Lock lock(mutex_);
  ++opening_;  // whoever reads ends
  room_.notify_all();
}

void Preview::open(std::vector<fs::path> paths) {
  std::uint64_t opening = 0;
  {
    const Lock lock(mutex_);
    opening = ++opening_;
    images_.clear();
    list_.clear();
    listed_.reset();
    bytes_ = waiting_bytes_ = 0;
    now_.probabilities.clear();
    now_.steps.clear();
    now_.reading = true;
    now_.shown = -1;
    now_.note.clear();
    now_.saved.clear();
    publish();
    room_.notify_all();
  }
  reader_.add(
      [this, paths = std::move(paths), opening](const std::stop_token& stop) { read(paths, opening, stop); });
}

void Preview::watch() {
  const Lock lock(mutex_);
  watched_ = Clock::now();
}

void Preview::show(std::size_t image) {
  std::uint64_t opening = 0;
  {
    const Lock lock(mutex_);
    if (image >= images_.size() || images_[image].file.empty()) return;
    now_.shown = static_cast<std::int32_t>(image);
    opening = opening_;
    publish();
  }
  reader_.add([this, image, opening](const std::stop_token&) { decode_and_show(image, opening); });
}

void Preview::save(fs::path path) {
  reader_.add([this, path = std::move(path)](const std::stop_token&) { write(path); });
}

std::shared_ptr<const PreviewResults> Preview::results() const {
  const Lock lock(mutex_);
  return results_;
}

bool Preview::take_news() {
  return std::exchange(told_, results()->version) != told_;
}

void Preview::publish() {
  if (!listed_) listed_ = std::make_shared<const std::vector<PreviewImage>>(list_);
  now_.images = listed_;
  ++now_.version;
  results_ = std::make_shared<const PreviewResults>(now_);
}

void Preview::say(std::uint64_t opening, const std::string& note) {
  const Lock lock(mutex_);
  if (opening != opening_) return;
  now_.note = note;
  publish();
}

void Preview::read(const std::vector<fs::path>& paths, std::uint64_t opening, const std::stop_token& stop) {
  EndingCounts passed_over;
  for (const fs::path& path : paths) {
    const auto visited =
        visit_images(path, [&](const std::string& name, Result<std::vector<std::byte>> bytes) {
          return add(opening, name, std::move(bytes), stop);
        });
    if (visited)
      for (const auto& [ending, count] : *visited) passed_over[ending] += count;
    else
      say(opening, visited.error().message);
  }
  const Lock lock(mutex_);
  if (opening != opening_) return;
  if (now_.note.empty() && !passed_over.empty())
    now_.note = fmt::format("Passed over: {}.", describe(passed_over));
  now_.reading = false;
  publish();
  const std::size_t failed = now_.failed();
  log_info("preview: {}{}", counted(list_.size(), "image"),
           failed > 0 ? fmt::format(", {} cannot be looked at", failed) : "");
}

bool Preview::add(std::uint64_t opening, const std::string& name, Result<std::vector<std::byte>> bytes,
                  const std::stop_token& stop) {
  {
    const Lock lock(mutex_);
    if (opening != opening_ || stop.stop_requested()) return false;
    const bool full = images_.size() >= kMostImages;
    if (full || bytes_ >= kMostBytes) {
      now_.note = fmt::format("Only the first {} are looked at: {}.", counted(images_.size(), "image"),
                              full ? "the preview holds no more" : "they fill the preview's memory");
      return false;
    }
  }
  Image image;
  std::string failure;
  if (!bytes) {
    failure = bytes.error().message;
  } else if (auto pixels = training_.prepare(*bytes, name); !pixels) {
    failure = pixels.error().message;
  } else {
    image = {std::move(*bytes), std::move(*pixels)};
  }
  Lock lock(mutex_);
  // The session's thread may be slower than the disk.
  room_.wait(lock, stop, [&] { return opening != opening_ || waiting_bytes_ <= kMostWaiting; });
  if (opening != opening_ || stop.stop_requested()) return false;
  waiting_bytes_ += bytes_of(image.input);
  bytes_ += image.file.size() + bytes_of(image.input);
  images_.push_back(std::move(image));
  list_.push_back({name, std::move(failure)});
  listed_.reset();
  now_.steps.push_back(-1);
  now_.probabilities.resize(now_.steps.size() * now_.classes.size(), std::numeric_limits<float>::quiet_NaN());
  return true;
}

void Preview::decode_and_show(std::size_t image, std::uint64_t opening) {
  std::vector<std::byte> file;
  std::string name;
  {
    const Lock lock(mutex_);
    if (opening != opening_) return;
    file = images_[image].file;
    name = list_[image].name;
  }
  auto pixels = training_.prepare(file, name);
  if (!pixels) return say(opening, pixels.error().message);
  post_(command::show_pixels({name, *std::move(pixels)}));
}

void Preview::write(const fs::path& wanted) {
  const auto all = results();
  const fs::path path = free_path(wanted);
  const std::string where = printable(path.string());
  Result<void> done = all->images->empty() ? error("There is nothing to save yet; drop images first.")
                                           : write_file_atomic(path, preview_csv(*all));
  const Lock lock(mutex_);
  now_.save_failed = !done.ok();
  if (done) log_info("preview: saved {} in {}", counted(all->images->size(), "row"), where);
  now_.saved = done ? fmt::format("Saved {} in {}.", counted(all->images->size(), "row"), where)
                    : done.error().message;
  publish();
}

std::vector<std::size_t> Preview::next_batch(Clock::time_point now) {
  if (std::exchange(seen_opening_, opening_) != opening_) {
    fresh_ = 0;
    round_ = false;
  }
  std::vector<std::size_t> batch;
  const auto take = [&](std::size_t& from, std::size_t most) {
    for (; from < images_.size() && batch.size() < most; ++from)
      if (!images_[from].input.empty()) batch.push_back(from);
  };
  take(fresh_, training_.embedder() != nullptr ? kEmbedded : kBatch);
  if (!batch.empty()) return batch;
  const bool newer = training_.generation() != round_generation_ || training_.steps() != round_step_;
  if (!round_ && newer && now >= next_round_ && now - watched_ < kWatched && !images_.empty()) {
    round_ = true;
    cursor_ = 0;
    round_took_ = {};
    round_generation_ = training_.generation();
    round_step_ = training_.steps();
  }
  if (round_) take(cursor_, kBatch);
  return batch;
}

void Preview::keep(std::span<const std::size_t> batch, std::span<const float> probabilities) {
  const std::size_t classes = now_.classes.size();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::ranges::copy(probabilities.subspan(i * classes, classes),
                      now_.probabilities.begin() + static_cast<std::ptrdiff_t>(batch[i] * classes));
    now_.steps[batch[i]] = training_.steps();
  }
}

bool Preview::work() {
  const auto begun = Clock::now();
  std::vector<std::size_t> batch;
  std::vector<std::vector<float>> inputs;
  std::uint64_t opening = 0;
  bool first = false;
  {
    const Lock lock(mutex_);
    batch = next_batch(begun);
    if (batch.empty()) return false;
    opening = opening_;
    first = !images_[batch.front()].ready;
    for (const std::size_t image : batch) inputs.push_back(images_[image].input);
  }
  // The first look at an image makes of its pixels what the network takes; that is kept.
  std::vector<float> all;
  for (std::vector<float>& input : inputs) {
    if (first) input = training_.program_input(input);
    all.insert(all.end(), input.begin(), input.end());
  }
  std::vector<float> probabilities(batch.size() * now_.classes.size());
  training_.judge(all, probabilities);
  const Lock lock(mutex_);
  if (opening != opening_) return true;
  if (first) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Image& image = images_[batch[i]];
      waiting_bytes_ -= bytes_of(image.input);
      bytes_ = bytes_ - bytes_of(image.input) + bytes_of(inputs[i]);
      image.input = std::move(inputs[i]);
      image.ready = true;
    }
    room_.notify_all();
  }
  keep(batch, probabilities);
  const auto now = Clock::now();
  bool complete = fresh_ == images_.size() && !now_.reading;
  if (!first) {
    round_took_ += now - begun;
    if (cursor_ < images_.size()) return true;
    round_ = false;
    next_round_ = now + std::max<Clock::duration>(kLeastRest, kShare * round_took_);
    complete = true;
  }
  if (complete || now - published_ >= kPublishInterval) {
    published_ = now;
    publish();
  }
  return true;
}

}  // namespace fl

#include "engine/app/opening/opening.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <system_error>
#include <utility>

#include "engine/app/loading/loading_words.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/threads.h"

namespace fl {

Opening::Opening(OpeningRequest request) : request_(std::move(request)) {
  news_.note = {.title = opening_title(request_.what), .words = kReadingScene};
  // What a library throws, memory or threads that run out among it, must not end a lesson that goes on.
  const auto failed = [this](const std::exception& e) { finish(Error{failure_text(e) + "."}); };
  try {
    thread_ = std::jthread([this, failed](const std::stop_token& stop) {
      let_others_first();
      try {
        finish(open(stop));
      } catch (const std::exception& e) {
        failed(e);
      }
    });
  } catch (const std::system_error& e) {
    failed(e);
  }
}

OpeningRequest with_other_network(OpeningRequest shown, bool transfer) {
  shown.again = true;
  if (shown.network)
    shown.network.reset();
  else
    shown.network = transfer ? NetworkChoice::kScratch : NetworkChoice::kTransfer;
  return shown;
}

OpeningRequest again_with(OpeningRequest shown, const std::vector<std::string>& settings) {
  const auto key = [](const std::string& setting) { return setting.substr(0, setting.find('=')); };
  shown.again = true;
  for (const std::string& one : settings) {
    std::erase_if(shown.overrides, [&](const std::string& had) { return key(had) == key(one); });
    shown.overrides.push_back(one);
  }
  return shown;
}

bool same_map(const OpeningRequest& one, const OpeningRequest& other) {
  const auto of_map = [](const OpeningRequest& request) {
    const auto cell = std::ranges::find_if(
        request.overrides, [](const std::string& text) { return text.starts_with("map.cell="); });
    return std::span(request.overrides.begin(), cell);
  };
  const auto before = of_map(one), now = of_map(other);
  return (before.size() < one.overrides.size() || now.size() < other.overrides.size()) &&
         one.what == other.what && std::ranges::equal(before, now);
}

Result<Opened> Opening::open(const std::stop_token& stop) {
  const LoadWatch watch{.stop = stop, .report = [this](const LoadProgress& progress) { note(progress); }};
  FL_TRY_LET(scene, open_scene(request_.what, request_.overrides, watch, request_.network));
  HeldFolder folder;
  if (request_.place) {
    FL_TRY_LET(place, request_.place(*scene));
    folder = *std::move(place);
  }
  {
    const std::scoped_lock lock(mutex_);
    news_.view = scene->view;
    scene_ = Result<void>();
  }
  scene_read_.notify_all();
  auto lesson = open_lesson(*scene, request_.backend, watch,
                            {.thumbnails = true, .cache = request_.cache, .background = request_.background},
                            {folder, request_.map});
  if (scene->sweep) folder = {};  // the map keeps its cells there itself
  if (!lesson) return lesson.error();
  scene->images.reset();  // they have been read
  if (request_.device.valid()) {
    Device* device = wait_for_device(stop);
    if (device == nullptr) return load_cancelled();
    lesson->shared = open_shared_ring(*device, *lesson->subject);
  }
  if (stop.stop_requested()) return load_cancelled();
  Inputs inputs(request_.what, *scene);
  return Opened{*std::move(scene),
                *std::move(lesson),
                std::move(folder),
                {.what = request_.what,
                 .overrides = request_.overrides,
                 .network = request_.network,
                 .again = request_.again},
                std::move(inputs)};
}

Device* Opening::wait_for_device(const std::stop_token& stop) const {
  using namespace std::chrono_literals;
  while (!stop.stop_requested())
    if (request_.device.wait_for(10ms) == std::future_status::ready) return request_.device.get();
  return nullptr;
}

void Opening::note(const LoadProgress& progress) {
  std::string words = loading_words(progress);
  const std::scoped_lock lock(mutex_);
  LoadingNote& note = news_.note;
  note.words = std::move(words);
  // What is listed, looked at and read in turn is one way; nobody wants to see a bar go back.
  note.share = std::max(note.share, loading_share(progress));
}

void Opening::finish(Result<Opened> result) {
  {
    const std::scoped_lock lock(mutex_);
    if (!scene_) scene_ = result ? Result<void>() : Result<void>(result.error());
    result_ = std::move(result);
    done_ = true;
  }
  scene_read_.notify_all();
}

OpeningNews Opening::news() const {
  const std::scoped_lock lock(mutex_);
  return news_;
}

Result<void> Opening::wait_for_scene() const {
  std::unique_lock lock(mutex_);
  scene_read_.wait(lock, [this] { return scene_.has_value(); });
  return *scene_;
}

bool Opening::opened() const {
  const std::scoped_lock lock(mutex_);
  return done_ && result_ && result_->ok();
}

Result<Opened> Opening::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(result_, std::nullopt).value();
}

}  // namespace fl

#include "engine/app/start/starting.h"

#include <chrono>
#include <utility>

#include "engine/app/start/recent.h"
#include "engine/app/start/shelf.h"

namespace fl {
namespace {

bool done(const auto& coming) {
  return coming.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

Starting::Starting() {
  desk_.lessons = lessons_folder();
}

bool Starting::look(bool open) {
  if (coming_.valid() && done(coming_)) {
    desk_.facts = coming_.get();
    return true;
  }
  if (!open || !stale_ || coming_.valid() || (noting_.valid() && !done(noting_))) return false;
  stale_ = false;
  // What comes with the program stays as it is.
  coming_ = std::async(std::launch::async, [folder = desk_.lessons, had = desk_.facts] {
    return StartFacts{
        .ready = true,
        .lessons = had.ready || folder.empty() ? had.lessons : read_shelf(folder, pictures_folder(folder)),
        .recent = read_recent(recent_file())};
  });
  return false;
}

void Starting::note(RecentLesson lesson) {
  if (lesson.what.empty()) return;
  stale_ = true;
  if (noting_.valid()) noting_.wait();
  noting_ = std::async(std::launch::async, [one = std::move(lesson)] { note_recent(recent_file(), one); });
}

}  // namespace fl

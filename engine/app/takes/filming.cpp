#include "engine/app/takes/filming.h"

#include <unistd.h>

#include "engine/app/loading/own_folders.h"
#include "engine/film/movie_format.h"
#include "engine/view/picture_size.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// This user's own, for what renders read.
fs::path takes_folder() {
  const fs::path own = state_folder();
  std::error_code code;
  return (own.empty() ? fs::temp_directory_path(code) / fmt::format("fallline-{}", ::getuid()) : own) /
         "takes";
}

std::string shown(const fs::path& path) {
  std::error_code code;
  const fs::path here = fs::current_path(code);
  return printable((path.parent_path() == here ? path.filename() : path).string());
}

}  // namespace

std::vector<Filming::Words> Filming::fulfil(const Wishes& wishes, const FilmedLesson* lesson) {
  if (!wishes.mark_take && !wishes.render_take && !wishes.still) return {};
  if (lesson == nullptr)
    return {{"There is no lesson yet to film; open one from the panel Start (1).", true}};
  // What its cells come to, and when, is in no session.
  if (lesson->info.sweep && !wishes.still)
    return {
        {"A map has no takes; F12 saves a picture of it, and a cell that is opened can be filmed.", true}};
  std::vector<Words> words;
  const auto status = lesson->studio.status();
  if (wishes.mark_take) {
    if (status->log_full || !status->failure.empty())
      words.push_back({status->log_full
                           ? "The log of this session is full, so no take can be marked any more; begin "
                             "the lesson again."
                           : "The session has ended, so no take can be marked any more; begin the lesson "
                             "again.",
                       true});
    else
      lesson->studio.post(command::Mark{});
  }
  if (wishes.render_take) words.push_back(render(*lesson));
  if (wishes.still) words.push_back(still(*lesson));
  std::erase_if(words, [](const Words& one) { return one.text.empty(); });
  return words;
}

Filming::Words Filming::render(const FilmedLesson& lesson) {
  const auto status = lesson.studio.status();
  if (status->marks.size() % 2 == 1) {
    render_at_mark_ = true;
    if (!status->log_full) lesson.studio.post(command::Mark{});
    return {};
  }
  if (status->marks.empty())
    return {"No take is marked yet: F9 marks where it begins, F9 again where it ends.", true};
  return enqueue(lesson, status->marks.size() / 2);
}

Filming::Words Filming::enqueue(const FilmedLesson& lesson, std::size_t take) {
  const std::pair key{lesson.info.number, take};
  if (const auto film = films_.find(key); film != films_.end())
    return {fmt::format("Take {} is rendered as {} already; mark another one with F9.", take,
                        shown(film->second)),
            false};
  std::vector<fs::path> taken;
  for (const auto& [job, film] : films_) taken.push_back(film);
  auto film = result_place(
      lesson.inputs,
      fmt::format("{}-take-{}{}", lesson.info.name, take, movie_ending(lesson.info.film.codec)), taken);
  if (!film) return {film.error().message, true};
  TakeJob job{.number = static_cast<int>(take),
              .folder = takes_folder() / fmt::format("{}-{}", ::getpid(), ++jobs_),
              .film = *film,
              .backend = lesson.backend,
              .device = device_};
  const double end = lesson.studio.status()->marks.at(2 * take - 1);
  queue_.add(std::move(job), session_until(lesson.studio.session().file(), end));
  films_[key] = *film;
  return {fmt::format("Take {} is rendered beside the window, as {}", take, shown(*film)), false};
}

Filming::Words Filming::still(const FilmedLesson& lesson) {
  if (stills_.busy()) return {"The picture before is still being drawn; try again in a moment.", true};
  const FilmSpec& film = lesson.info.film;
  auto path = result_place(lesson.inputs,
                           fmt::format("{}-step-{}.png", lesson.info.name, lesson.studio.status()->step));
  if (!path) return {path.error().message, true};
  const auto [width, height] = parse_size(film.still_size).value();
  stills_.want(
      {.path = *path, .extent = {width, height}, .supersampling = film.supersampling, .device = device_});
  return {fmt::format("Drawing {} ({} x {})", shown(*path), width, height), false};
}

std::vector<Filming::Words> Filming::hear_marks(const FilmedLesson& lesson) {
  std::vector<Words> words;
  const std::vector<double>& marks = lesson.studio.status()->marks;
  if (std::exchange(lesson_, lesson.info.number) != lesson.info.number) {
    marks_ = 0;
    render_at_mark_ = false;
  }
  for (; marks_ < marks.size(); ++marks_) {
    const std::size_t take = marks_ / 2 + 1;
    if (marks_ % 2 == 0)
      words.push_back({fmt::format("Take {} begins; F9 again where it ends", take), false});
    else if (std::exchange(render_at_mark_, false))
      words.push_back(enqueue(lesson, take));
    else
      words.push_back(
          {fmt::format("Take {} ends after {:.1f} s; Ctrl+F9 renders it as a film, beside the window", take,
                       marks[marks_] - marks[marks_ - 1]),
           false});
  }
  return words;
}

std::vector<Filming::Words> Filming::turn(const FilmedLesson* lesson, std::uint64_t completed) {
  std::vector<Words> words;
  if (lesson != nullptr) words = hear_marks(*lesson);
  if (const auto still = stills_.turn(completed))
    words.push_back(still->done ? Words{fmt::format("The picture is saved as {}", shown(still->path)), false}
                                : Words{still->done.error().message, true});
  for (const TakeQueue::Ended& ended : queue_.turn(TakeQueue::Clock::now())) {
    if (ended.failure.empty()) {
      words.push_back(
          {fmt::format("Take {} is rendered: {}", ended.job.number, shown(ended.job.film)), false});
      continue;
    }
    std::erase_if(films_, [&](const auto& one) { return one.second == ended.job.film; });
    words.push_back({fmt::format("Take {} is not rendered: {}", ended.job.number, ended.failure), true});
    log_info("to try that again: {}", take_command(ended.job));
  }
  words_ = lesson != nullptr && marks_ % 2 == 1 ? fmt::format("take {} runs", marks_ / 2 + 1) : "";
  if (!queue_.words().empty()) words_ += (words_.empty() ? "" : "    ") + queue_.words();
  return words;
}

std::vector<Filming::Words> Filming::finish() {
  std::vector<Words> words;
  if (const auto still = stills_.turn(UINT64_MAX, true))
    words.push_back(still->done ? Words{fmt::format("The picture is saved as {}", shown(still->path)), false}
                                : Words{still->done.error().message, true});
  for (const TakeJob& job : queue_.jobs())
    words.push_back({fmt::format("Take {} goes on rendering without the window, as {}; its log is {}",
                                 job.number, shown(job.film), take_log(job).string()),
                     false});
  for (const TakeQueue::Ended& ended : queue_.let_go())
    words.push_back({fmt::format("Take {} is not rendered: {} To try that again: {}", ended.job.number,
                                 ended.failure, take_command(ended.job)),
                     true});
  return words;
}

}  // namespace fl

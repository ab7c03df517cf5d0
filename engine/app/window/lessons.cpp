#include "engine/app/window/lessons.h"

#include <algorithm>
#include <utility>

#include "engine/app/lesson.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/open_training.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/timeline/film_desk.h"
#include "engine/vk/check.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/optim/optimizer.h"
#include "trainer/subjects/race/race.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

std::shared_future<Device*> there(Device& device) {
  std::promise<Device*> promise;
  promise.set_value(&device);
  return promise.get_future().share();
}

LessonInfo info_of(const OpeningRequest& request, const SceneFile& scene, const Lesson& lesson) {
  Subject& subject = *lesson.subject;
  LessonInfo info{.what = request.what,
                  .settings = request.overrides,
                  .run = scene.run,
                  .cues = scene.view.cues,
                  .name = scene.name,
                  .film = scene.film};
  if (const Training* training = subject.training()) {
    info.trains = true;
    info.run = training->spec();
    info.transfer = !info.run.backbone.empty();
    info.data = &training->data();
    info.split = &training->split();
  }
  info.sweep = subject.sweep();
  info.cells_stay = lesson.cells_stay;
  if (const Race* race = subject.race())
    for (std::size_t i = 0; i < race->size(); ++i) info.raced.push_back(race->lane(i).name());
  return info;
}

// Those before the run that is shown, and that one as far as it came.
std::shared_ptr<const EarlierRuns> runs_so_far(const LessonInfo& info, const Status& status) {
  const RunFigures& figures = status.figures;
  const EarlierRuns before = figures.earlier ? *figures.earlier : EarlierRuns();
  if (!info.trains || !figures.epochs || figures.epochs->empty())
    return std::make_shared<const EarlierRuns>(before);
  RunSpec run = info.run;
  run.rate = status.rate;
  if (status.optimizer) run.optimizer = with_kind(run.optimizer, *status.optimizer);
  const auto steps = static_cast<std::uint32_t>(status.total_steps / std::max(run.epochs, 1));
  return std::make_shared<const EarlierRuns>(
      with_another(before, earlier_run(run, status.seed, steps, *figures.epochs)));
}

// Whether what was opened again, from the same source, has become something else meanwhile.
bool other_images(const LessonInfo& before, const LessonInfo& now) {
  if (before.data == nullptr || now.data == nullptr) return false;
  const DataSpec &was = before.run.data, &is = now.run.data;
  return was.source == is.source && was.leave_out_small_classes == is.leave_out_small_classes &&
         before.data->contents != now.data->contents;
}

// Its timeline, as the strip below the stage has it.
std::shared_ptr<FilmDesk> film_desk_of(const SceneFile& scene,
                                       const std::shared_ptr<const Conducted>& lesson) {
  const auto lay_out = [lesson](const std::vector<TimelineEntry>& entries) -> Result<Timeline> {
    FL_TRY_LET(conductor, Conductor::make(entries, *lesson));
    return Timeline(conductor->timeline());
  };
  return std::make_shared<FilmDesk>(SceneSource{scene.own_file, scene.own_text}, scene.timeline,
                                    scene.view.cues.size(), lay_out);
}

}  // namespace

Lessons::Lessons(Device& device, const BackendChoice& backend, Background& background,
                 SharedTime& shared_time)
    : device_(device),
      device_there_(there(device)),
      backend_(backend),
      background_(background),
      shared_time_(shared_time),
      studio_(std::make_unique<Studio>(ViewState())) {}

void Lessons::await(std::unique_ptr<Opening> first, const std::filesystem::path& out) {
  map_ = first->request().map;
  arrivals_.await(std::move(first));
  out_root_ = out;
}

void Lessons::open(OpeningRequest request) {
  request.again |= shown_as_ && same_map(*shown_as_, request);
  log_info("opening {}{}", printable(request.what), request.again ? " again" : "");
  request.backend = backend_;
  request.cache = cache_folder();
  request.background = &background_;
  request.device = device_there_;
  request.place = next_place(request.what, out_root_);
  request.map = map_;
  arrivals_.open(std::move(request));
}

void Lessons::fulfil(const Wishes& wishes) {
  if (film_ && wishes.film) film_->toggle(*studio_);
  if (film_ && wishes.film_at) film_->look_at(*wishes.film_at, *studio_);
  if (film_ && wishes.leave_film) film_->leave(*studio_);
  if (wishes.open) {
    open({.what = *wishes.open, .overrides = wishes.open_with});
  } else if (shown_as_ && !arrivals_.on_its_way()) {
    if (wishes.again)
      open(again_with(*shown_as_, *wishes.again));
    else if (wishes.other_network && info_.trains)
      open(with_other_network(*shown_as_, info_.transfer));
  }
}

Lessons::News Lessons::hear(std::uint64_t completed, bool may_show) {
  News news;
  if (auto arrival = may_show ? arrivals_.take() : std::nullopt) {
    const auto shown =
        arrival->opened ? show(std::move(*arrival->opened), news) : Result<void>(arrival->opened.error());
    if (!shown && arrival->first) failed_ = shown.error();
    if (!shown) arrivals_.drop();
    if (!shown && !arrival->first) news.words.push_back({shown.error().message, true});
    news.changed = true;
  }
  if (arrivals_.look()) {
    news.changed = true;
    // An empty stage has the colours of the scene that is to come.
    const auto& view = arrivals_.news().view;
    if (view && view != dressed_ && !studio_->has_lesson()) {
      dressed_ = view;
      set_studio(std::make_unique<Studio>(view_state(*view)), news);
    }
  }
  std::erase_if(leaving_, [&](const auto& leaving) {
    if (!leaving->gone(completed)) return false;
    if (auto saved = leaving->saved(); !saved) news.words.push_back({saved.error().message, true});
    return true;
  });
  news.changed |= rescuing_.came();
  return news;
}

Result<void> Lessons::show(Opened opened, News& news) {
  const SceneFile& scene = opened.scene;
  // A training on a device leaves the renderer's processor alone.
  const bool shares = device_.is_cpu() && !opened.lesson.subject->gpu();
  const bool strange = opened.lesson.strange_images;
  LessonInfo info = info_of(opened.request, scene, opened.lesson);
  const auto lesson = std::make_shared<const Conducted>(
      conducted(opened.lesson, scene.film.seconds > 0 ? std::optional(scene.film.seconds) : std::nullopt));
  info.film_desk = film_desk_of(scene, lesson);
  if (info_.film_desk) info.film_desk->go_on_from(*info_.film_desk);
  if (info.film_desk->timeline() == nullptr) news.words.push_back({info.film_desk->words(), true});
  const bool others = opened.request.again && other_images(info_, info);
  std::unique_ptr<Studio> studio;
  try {
    studio = std::make_unique<Studio>(scene, std::move(opened.lesson), device_, scene.view.autoplay);
  } catch (const VulkanError& e) {
    if (e.device_lost()) throw;
    return Error{failure_text(e) + "."};
  }
  info.preview = studio->session().preview();
  shared_time_.begin(*studio->session().governor(),
                     shares ? std::optional(scene.view.training_share) : std::nullopt);
  if (opened.request.again && info.trains) {
    const auto runs = runs_so_far(info_, *studio_->status());
    if (!runs->empty()) studio->post(command::SetEarlier{runs});
  }
  studio->session().start(studio->ring());
  if (opened.request.again)
    studio->view().look_like(studio_->view());
  else
    studio->view().presenter |= studio_->view().presenter;
  const std::shared_ptr<DataDesk> desk = info_.desk;
  set_studio(std::move(studio), news);
  info_ = std::move(info);
  info_.number = number_;
  conducted_ = lesson;
  film_.reset();
  film_of_ = 0;
  take_film();
  inputs_ = std::move(opened.inputs);
  if (info_.data != nullptr) {
    info_.desk = std::make_shared<DataDesk>(*info_.data, *info_.split, info_.run, background_);
    if (desk) info_.desk->go_on_from(*desk);
  }
  out_ = std::move(opened.folder);
  news.other_lesson = true;
  shown_as_ = std::move(opened.request);
  if (strange) news.words.emplace_back(kStrangeImagesInWindow, false);
  if (others)
    news.words.push_back(
        {printable(shown_as_->what) + " has changed since it was opened: these are other images.", true});
  return {};
}

// The timeline as the strip has it by now.
void Lessons::take_film() {
  const FilmDesk* desk = info_.film_desk.get();
  if (desk == nullptr || desk->timeline() == nullptr || film_of_ == desk->revision() + 1) return;
  film_of_ = desk->revision() + 1;
  info_.timeline = !desk->entries().empty();
  auto conductor = Conductor::make(desk->entries(), *conducted_);
  if (!conductor) return;  // the desk has tried it
  if (!film_) film_.emplace(*conductor);
  film_->change(*std::move(conductor), *studio_);
}

bool Lessons::play_film(LiveTimeline::Clock::time_point now, float aspect) {
  take_film();
  if (!film_) return false;
  const bool played = film_->playing();
  film_->turn(now, *studio_, aspect);
  if (played) info_.film_desk->follow(film_->seconds());
  return film_->playing();
}

// Pictures in flight read the old one's ring, and its session is in the middle of a step: it leaves in its
// own time.
void Lessons::set_studio(std::unique_ptr<Studio> studio, News& news) {
  static_cast<void>(rescuing_.words(true));
  if (studio_->has_lesson())
    leaving_.push_back(
        std::make_unique<Leaving>(std::move(studio_), std::exchange(out_, nullptr), last_picture_));
  studio_ = std::move(studio);
  info_ = {};
  film_.reset();
  conducted_.reset();
  ++number_;
  rescuing_.forget();
  news.other_studio = true;
}

std::string Lessons::failure() {
  const std::string failure = studio_->status()->failure;
  if (failure.empty()) return {};
  rescuing_.begin(*studio_, std::exchange(out_, nullptr));
  const std::string& rescued = rescuing_.words();
  return rescued.empty() ? failure : failure + "; " + rescued;
}

Result<void> Lessons::finish() {
  static_cast<void>(rescuing_.words(true));
  Result<void> all = {};
  for (const auto& leaving : leaving_)
    if (auto saved = leaving->saved(); !saved) all = saved;
  const HeldFolder folder = std::exchange(out_, nullptr);
  if (!folder) return all;
  auto saved = studio_->save(*folder);
  if (saved) log_info("saved in {}", folder->string());
  return saved ? all : saved;
}

std::string Lessons::rescue() {
  const std::string& rescued = rescuing_.words(true);
  if (!rescued.empty()) return rescued;
  const HeldFolder folder = std::exchange(out_, nullptr);
  return studio_->rescue(path_of(folder));
}

}  // namespace fl

#include "trainer/subjects/training_subject.h"

#include <algorithm>
#include <span>

#include "trainer/base/log.h"
#include "trainer/base/overloaded.h"
#include "trainer/base/printable.h"
#include "trainer/data/prepare.h"

namespace fl {

TrainingSubject::TrainingSubject(std::unique_ptr<Training> training)
    : training_(std::move(training)),
      landscape_(*training_),
      curvature_(*training_),
      writer_(*training_, landscape_) {
  writer_.curves().set_measuring(curvature_.every() > 0);
}

void TrainingSubject::use_device_slots() {
  training_->use_device_slots();
  landscape_.begin_on_device();
}

std::int64_t TrainingSubject::advance(std::int64_t most) {
  const std::int64_t made = training_->advance(writer_.fate().steps_to_fork(
      curvature_.steps_to_moment(std::min(most, landscape_.steps_to_snapshot()))));
  if (made > 0) landscape_.after_steps();
  if (made > 0) curvature_.after_steps();
  writer_.forks().follow(made);
  writer_.fate().follow(made);
  show_ends();
  return made;
}

bool TrainingSubject::work(std::size_t points) {
  const bool measured = curvature_.work();
  std::size_t of_forks = writer_.forks().work(points);
  of_forks += writer_.fate().work(points - of_forks);
  show_ends();
  return of_forks == points || landscape_.work(points - of_forks) || measured;
}

void TrainingSubject::show_ends() {
  if (auto plane = writer_.fate().take_plane()) landscape_.show(*std::move(plane));
}

void TrainingSubject::catch_up() {
  landscape_.catch_up();
  writer_.forks().catch_up();
}

void TrainingSubject::begin_here() {
  writer_.forks().remove(0);
  writer_.fate().begin();
  landscape_.reset();
  curvature_.reset();
}

SubjectFacts TrainingSubject::facts() {
  bring_up_to_date(figures_);
  const Surface* surface = landscape_.surface();
  return {.epoch = static_cast<std::int64_t>(training_->history().epochs.size()),
          .rate = training_->rate(),
          .optimizer = training_->spec().optimizer.kind,
          .seed = training_->seed(),
          .grid_evaluated = surface != nullptr ? surface->evaluated() : 0,
          .grid_cells = surface != nullptr ? surface->cells().size() : 0,
          .grid_error = surface != nullptr ? surface->error() : 1,
          .ball_outside = landscape_.ball_place() > 1,
          .landscape = landscape_.choice(),
          .curvature = MeasuringFacts{curvature_.every(), curvature_.usual(), curvature_.refusal()},
          .figures = figures_,
          .no_fork = writer_.forks().refusal()};
}

void TrainingSubject::bring_up_to_date(RunFigures& figures) {
  if (figures_of_ != training_->generation()) figures = {};
  figures_of_ = training_->generation();
  const std::vector<StepRecord>& steps = training_->history().steps;
  const std::vector<EpochRecord>& epochs = training_->history().epochs;
  if (!steps.empty() && (!figures.steps || figures.steps->back().step != steps.back().step)) {
    const std::span newest = std::span(steps).last(std::min(steps.size(), RunFigures::kMostSteps));
    figures.steps = std::make_shared<const std::vector<StepRecord>>(newest.begin(), newest.end());
  }
  if (!epochs.empty() && (!figures.epochs || figures.epochs->size() != epochs.size()))
    figures.epochs = std::make_shared<const std::vector<EpochRecord>>(epochs);
  figures.test = training_->test_figures();
  figures.earlier = writer_.curves().earlier();
  figures.same = training_->same_images();
}

void TrainingSubject::keep_run() {
  const auto& epochs = training_->history().epochs;
  if (epochs.empty()) return;
  const auto& before = writer_.curves().earlier();
  writer_.curves().set_earlier(std::make_shared<const EarlierRuns>(
      with_another(before ? *before : EarlierRuns(),
                   earlier_run(training_->run_in_use(), training_->seed(),
                               static_cast<std::uint32_t>(training_->steps_per_epoch()), epochs))));
}

void TrainingSubject::apply(const Command& command) {
  const Overloaded cases{
      [this](const command::Reset& reset) {
        keep_run();
        // Cannot fail: the initialisation's name was accepted when the training was made.
        if (auto done = training_->reset(reset.seed); !done) log_line(LogLevel::kError, done.error().message);
        begin_here();
      },
      [this](const command::SetRate& set) { training_->set_rate(std::clamp(set.rate, kMinRate, kMaxRate)); },
      [this](const command::SetOptimizer& set) { training_->set_optimizer(set.kind); },
      [this](const command::ShowImage& show) { writer_.show_image(show.image); },
      [this](const command::ShowPixels& show) {
        const auto& [name, pixels] = *show.image;
        if (auto fits = check_input(pixels, training_->image_shape(), printable(name)); !fits)
          log_line(LogLevel::kError, fits.error().message);
        else
          writer_.show_pixels(pixels);
      },
      [this](const command::ShowHeights& show) { landscape_.choose(show.scale); },
      [this](const command::ShowHeat& show) { writer_.show_heat(show); },
      [this](const command::SetEarlier& set) { writer_.curves().set_earlier(set.runs); },
      [this](const command::SetPlane& set) { landscape_.choose(set.plane); },
      [this](const command::SetSurfaces& set) { landscape_.choose(set.surfaces); },
      [this](const command::SetProbe& set) {
        landscape_.choose_probe(std::clamp(set.images, 1, kMostProbeImages));
      },
      [this](const command::SetGrid& set) {
        if (std::ranges::count(kGridSides, set.side) > 0) landscape_.choose_grid(set.side);
      },
      [this](const command::MeasureCurvature& set) {
        curvature_.measure_every(set.every);
        writer_.curves().set_measuring(curvature_.every() > 0);
      },
      [this](const command::MakeFork& fork) {
        if (const std::string why = writer_.forks().refusal(); !why.empty())
          log_line(LogLevel::kError, why);
        else
          writer_.forks().add(fork.what);
      },
      [this](const command::RemoveFork& fork) {
        writer_.forks().remove(static_cast<std::uint32_t>(fork.number));
      },
      [this](const command::ChooseForkStep& choose) {
        writer_.fate().choose(choose.step);
        show_ends();
      },
      [](const auto&) {},  // the session's own
  };
  std::visit(cases, command);
}

}  // namespace fl

#include "trainer/session/session.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/overloaded.h"
#include "trainer/base/printable.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

// What is shown of a command as soon as it is asked for.
void ask(Status& status, const Command& command) {
  const Overloaded cases{
      [&](const command::Play&) { status.playing = true; },
      [&](const command::Pause&) { status.playing = false; },
      [&](const command::Step&) { status.playing = false; },
      [&](const command::Reset& reset) { status.seed = reset.seed; },
      [&](const command::SetOptimizer& set) {
        if (status.optimizer) status.optimizer = set.kind;
      },
      [&](const command::ShowHeat& show) { status.heat = show; },
      [&](const command::SetPace& set) { status.pace = set.steps_per_second; },
      [&](const command::SetPlane& set) {
        if (status.landscape) status.landscape->plane = set.plane;
      },
      [&](const command::SetSurfaces& set) {
        if (status.landscape) status.landscape->surfaces = set.surfaces;
      },
      [&](const command::SetProbe& set) {
        if (status.landscape) status.landscape->probe_images = set.images;
      },
      [&](const command::Phase&) { status.playing = false; },
      [&](const command::SetStart& set) {
        if (status.descents) status.descents->start = set.at;
      },
      [&](const command::SetSurface& set) {
        if (!status.descents) return;
        status.descents->surface = set.name;
        status.descents->formula = set.name.empty() ? set.formula : std::string();
      },
      [&](const command::ShowPhases& show) {
        if (status.descents) status.descents->phases = show.of;
      },
      [&](const command::SetGrid& set) {
        if (status.landscape) status.landscape->grid = set.side;
      },
      [&](const command::MeasureCurvature& set) {
        if (status.curvature && status.curvature->refusal.empty()) status.curvature->every = set.every;
      },
      [](const auto&) {},
  };
  std::visit(cases, command);
}

// A slider says its value for every pixel it passes; of those only the last counts.
bool is_slider(const Command& command) {
  return std::holds_alternative<command::SetRate>(command) ||
         std::holds_alternative<command::SetPace>(command) ||
         std::holds_alternative<command::ShowRates>(command);
}

// Of images that are shown one after the other, pixels are only worth showing if nothing comes after them.
bool shows(const Command& command) {
  return std::holds_alternative<command::ShowImage>(command) ||
         std::holds_alternative<command::ShowPixels>(command);
}

// `of_slider`: in the place of another of the same slider just before.
void add_message(Status& status, SessionMessage message, bool of_slider = false) {
  std::vector<SessionMessage> all;
  if (status.messages) all = *status.messages;
  const auto subject = [](const SessionMessage& one) { return one.text.substr(0, one.text.find(' ')); };
  if (of_slider && !all.empty() && subject(all.back()) == subject(message)) all.pop_back();
  if (all.size() == Status::kMostMessages) all.erase(all.begin());
  all.push_back(std::move(message));
  status.messages = std::make_shared<const std::vector<SessionMessage>>(std::move(all));
}

}  // namespace

Session::Session(SessionStart start)
    : subject_(std::move(start.subject)),
      data_(subject_->training() != nullptr ? &subject_->training()->data() : nullptr),
      head_{.scene = std::move(start.scene),
            .overrides = std::move(start.overrides),
            .seed = subject_->facts().seed,
            .device = std::move(start.device),
            .pace = start.pace,
            .playing = start.playing},
      log_(start.log_bytes),
      playing_(start.playing),
      pacer_(start.pace, !subject_->gpu()) {
  status_ = std::make_shared<const Status>(Status{.playing = playing_,
                                                  .pace = head_.pace,
                                                  .optimizer = subject_->facts().optimizer,
                                                  .seed = head_.seed,
                                                  .landscape = subject_->facts().landscape,
                                                  .curvature = subject_->facts().curvature,
                                                  .descents = subject_->facts().descents,
                                                  .rates = subject_->facts().rates,
                                                  .device = head_.device});
  if (Training* training = subject_->training(); training != nullptr) {
    preview_ = std::make_unique<Preview>(*training, [this](Command command) { post(std::move(command)); });
    work_preview();
  }
  report();
}

Session::~Session() {
  stop();
}

void Session::start(FrameSink& sink) {
  subject_->let_rest([governor = governor_] { governor->rest_in_turn(); });
  thread_ = std::jthread([this, &sink](const std::stop_token& stop) {
    try {
      loop(stop, sink);
    } catch (const std::exception& e) {
      // Whatever it was (memory, a device, a mistake of ours), the window and the history live on.
      fail(fmt::format("Training stopped: {}", failure_text(e)));
    }
    log_.close(subject_->steps());
  });
}

void Session::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
}

void Session::post(const Command& command) {
  {
    const std::scoped_lock lock(mutex_);
    if (shows(command))
      std::erase_if(
          queue_, [](const Command& queued) { return std::holds_alternative<command::ShowPixels>(queued); });
    if (is_slider(command) && !queue_.empty() && queue_.back().index() == command.index())
      queue_.back() = command;
    else
      queue_.push_back(command);
    change_status([&](Status& next) { ask(next, command); });
  }
  wake_.notify_all();
}

void Session::look_at(std::optional<LandscapePlace> place) {
  {
    const std::scoped_lock lock(mutex_);
    if (place == place_) return;
    place_ = place;
    asked_ = true;
  }
  wake_.notify_all();
}

void Session::look_at_map(bool looks) {
  {
    const std::scoped_lock lock(mutex_);
    if (looks == map_looked_at_) return;
    map_looked_at_ = looks;
    look_changed_ = true;
  }
  wake_.notify_all();
}

bool Session::take_look() {
  const std::scoped_lock lock(mutex_);
  if (!std::exchange(look_changed_, false)) return false;
  subject_->look_at_map(map_looked_at_);
  return map_looked_at_;
}

bool Session::is_asked() {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

Result<Command> Session::show_file(std::span<const std::byte> file, std::string_view name,
                                   ImageRemarks* remarks) const {
  const Training* training = subject_->training();
  if (training == nullptr)
    return error("{} cannot be shown: this lesson trains no network; open one with images.", printable(name));
  FL_TRY_LET(pixels, training->prepare(file, name, remarks));
  return command::show_pixels({std::string(name), *std::move(pixels)});
}

std::shared_ptr<const Status> Session::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

void Session::change_status(const std::function<void(Status&)>& change) {
  Status next = *status_;
  change(next);
  status_ = std::make_shared<const Status>(std::move(next));
}

void Session::report() {
  const SubjectFacts facts = subject_->facts();
  std::optional<LandscapePlace> place;
  {
    const std::scoped_lock lock(mutex_);
    place = place_;
    asked_ = false;
  }
  const auto at_place = place ? answer(subject_->view_landscape(), *place) : std::nullopt;
  std::vector<std::string> told = place ? subject_->tell(*place) : std::vector<std::string>();
  const std::scoped_lock lock(mutex_);
  change_status([&](Status& next) {
    next.at_place = at_place;
    next.told = std::move(told);
    next.state = shown_state();
    next.step = subject_->steps();
    next.total_steps = subject_->total_steps();
    next.epoch = facts.epoch;
    next.rate = facts.rate;
    next.steps_per_second = shown_speed();
    next.grid_evaluated = facts.grid_evaluated;
    next.grid_cells = facts.grid_cells;
    next.grid_error = facts.grid_error;
    next.ball_outside = facts.ball_outside;
    next.figures = facts.figures;
    next.descents = facts.descents;
    next.rates = facts.rates;
    next.no_fork = facts.no_fork;
  });
}

void Session::fail(const std::string& failure) {
  log_line(LogLevel::kError, failure);
  const std::scoped_lock lock(mutex_);
  change_status([&](Status& next) {
    next.state = RunState::kStopped;
    next.steps_per_second = 0;
    next.failure = failure;
    add_message(next, {next.step, failure});
  });
}

void Session::hear_log() {
  if (said_cut_ || !log_.cut()) return;
  said_cut_ = true;
  const std::string full = fmt::format(
      "The log of this session is full: what is done from step {} on is not kept, so \"fallline render\" "
      "will draw the session up to here only; the training goes on.",
      subject_->steps());
  log_warning("{}", full);
  const std::scoped_lock lock(mutex_);
  change_status([&](Status& next) {
    next.log_full = true;
    add_message(next, {subject_->steps(), full});
  });
}

bool Session::take_commands() {
  std::vector<Command> commands;
  {
    const std::scoped_lock lock(mutex_);
    commands.swap(queue_);
  }
  for (const Command& command : commands) {
    log_info("step {}: {}", subject_->steps(), command_text(command));
    if (std::holds_alternative<command::Mark>(command))
      mark();
    else
      log_.add(command, subject_->steps());
    obey(command);
  }
  return !commands.empty();
}

void Session::mark() {
  const Training* training = subject_->training();
  const auto seconds =
      log_.add(command::Mark{training != nullptr ? weights_checksum(*training) : ""}, subject_->steps());
  if (!seconds) return;
  const std::scoped_lock lock(mutex_);
  change_status([&](Status& next) { next.marks.push_back(*seconds); });
}

void Session::apply(const Command& command) {
  {
    const std::scoped_lock lock(mutex_);
    change_status([&](Status& next) { ask(next, command); });
  }
  obey(command);
  report();
}

void Session::obey(const Command& command) {
  idle_ = false;
  {
    const std::scoped_lock lock(mutex_);
    change_status([&](Status& next) {
      add_message(next, {subject_->steps(), command_text(command)}, is_slider(command));
    });
  }
  const Overloaded cases{
      [this](const command::Play&) {
        playing_ = true;
        single_steps_ = 0;
        pacer_.go_on(Clock::now());
      },
      [this](const command::Pause&) { playing_ = false; },
      [this](const command::Step& step) {
        playing_ = false;
        single_steps_ += step.count;
      },
      [this](const command::Phase&) {
        playing_ = false;
        single_steps_ = 0;
      },
      [this](const command::Reset&) {
        single_steps_ = 0;
        pacer_.forget_speed();
      },
      [this](const command::SetStart&) { single_steps_ = 0; },
      [this](const command::SetSurface&) { single_steps_ = 0; },
      [this](const command::SetPace& set) { pacer_.set_pace(set.steps_per_second, Clock::now()); },
      [](const auto&) {},
  };
  std::visit(cases, command);
  subject_->apply(command);
}

RunState Session::shown_state() const {
  if (subject_->over()) return subject_->state();
  if (playing_) return RunState::kTraining;
  return subject_->steps() == 0 ? RunState::kReady : RunState::kPaused;
}

double Session::shown_speed() const {
  return playing_ && !subject_->over() ? pacer_.steps_per_second() : 0;
}

bool Session::publish(FrameSink& sink) {
  take_look();
  report();
  return subject_->publish(sink, shown_state(), shown_speed());
}

}  // namespace fl

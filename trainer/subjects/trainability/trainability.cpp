#include "trainer/subjects/trainability/trainability.h"

#include <algorithm>
#include <cmath>

namespace fl {

Trainability::Trainability(const TrainabilitySpec& spec, std::unique_ptr<RateRuns> runs)
    : spec_(spec),
      runs_(std::move(runs)),
      map_(static_cast<std::uint32_t>(spec.side), spec.whole()),
      shades_(std::size_t{map_.side()} * map_.side()) {}

FrameCapacity Trainability::capacity() const {
  return {
      .grid_side = 2, .path_points = 1, .step_points = 1, .epoch_points = 1, .rate_map_side = map_.side()};
}

std::int64_t Trainability::total_steps() const {
  return spec_.zoom_to.empty() ? 0 : spec_.zoom_steps;
}

RunState Trainability::state() const {
  if (steps_ >= total_steps()) return RunState::kFinished;
  return steps_ == 0 ? RunState::kReady : RunState::kTraining;
}

void Trainability::show(const RateView& view) {
  map_.show(possible(view, map_.side()));
  ++version_;
}

std::int64_t Trainability::advance(std::int64_t most) {
  const std::int64_t made = std::clamp<std::int64_t>(total_steps() - steps_, 0, most);
  if (made == 0) return 0;
  steps_ += made;
  show(between(spec_.whole(), spec_.target(),
               static_cast<double>(steps_) / static_cast<double>(total_steps())));
  return made;
}

SubjectFacts Trainability::facts() {
  return {.seed = spec_.seed,
          .rates = RateMapFacts{.view = map_.view(),
                                .whole = spec_.whole(),
                                .side = map_.side(),
                                .known = map_.known(),
                                .trained = map_.trained()}};
}

bool Trainability::work(std::size_t points) {
  const std::uint32_t side = map_.side();
  const RatePrecision precision = precision_of(map_.view(), side);
  std::size_t left = std::max(points, runs_->at_once());
  while (left > 0 && map_.left() > 0) {
    const auto pixels = map_.next(std::min(left, runs_->at_once()));
    pairs_.clear();
    for (const std::uint32_t pixel : pixels)
      pairs_.push_back(rates_of(map_.view(), side, pixel % side, pixel / side));
    done_.resize(pixels.size());
    runs_->run(pairs_, precision, done_);
    map_.set(done_);
    left -= done_.size();
    ++version_;
  }
  return left == 0;
}

std::optional<RateAnswer> Trainability::rates_at(double first, double second) const {
  const RateView& view = map_.view();
  const std::uint32_t side = map_.side();
  const double column = std::floor(((first - view.first) / view.span + 0.5) * side);
  const double row = std::floor(((second - view.second) / view.span + 0.5) * side);
  if (!(column >= 0 && column < side && row >= 0 && row < side)) return std::nullopt;
  const std::uint32_t pixel = static_cast<std::uint32_t>(row) * side + static_cast<std::uint32_t>(column);
  RateAnswer answer{.first = rate_at(view.first, view.span, column + 0.5, side),
                    .second = rate_at(view.second, view.span, row + 0.5, side),
                    .known = map_.knows(pixel),
                    .steps = spec_.steps};
  if (answer.known) answer.run = map_.run(pixel);
  return answer;
}

std::vector<std::string> Trainability::tell(const LandscapePlace& place) const {
  const auto answer = rates_at(place.a, place.b);
  return answer ? rate_answer_words(*answer) : std::vector<std::string>();
}

void Trainability::apply(const Command& command) {
  if (std::holds_alternative<command::Reset>(command)) {
    steps_ = 0;
    show(spec_.whole());
  }
  if (const auto* rates = std::get_if<command::ShowRates>(&command))
    show({rates->middle[0], rates->middle[1], rates->span});
}

bool Trainability::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  if (std::exchange(shaded_, version_) != version_) map_.write_shades(shades_);
  Frame frame;
  frame.facts.step = static_cast<std::uint32_t>(steps_);
  frame.facts.total_steps = static_cast<std::uint32_t>(total_steps());
  frame.facts.state = state;
  frame.facts.steps_per_second = static_cast<float>(steps_per_second);
  const RateView& view = map_.view();
  frame.facts.rate_map = {.side = map_.side(),
                          .known = static_cast<std::uint32_t>(map_.known()),
                          .trained = static_cast<std::uint32_t>(map_.trained()),
                          .steps = static_cast<std::uint32_t>(spec_.steps),
                          .in_double = precision_of(view, map_.side()) == RatePrecision::kDouble,
                          .finest = view.span <= 1.01 * least_span(map_.side()),
                          .first = view.first,
                          .second = view.second,
                          .span = view.span,
                          .whole_first = spec_.middle[0],
                          .whole_second = spec_.middle[1],
                          .whole_span = spec_.span};
  std::ranges::copy(shades_, slot->rate_map().begin());
  sink.publish(*slot, frame);
  return true;
}

}  // namespace fl

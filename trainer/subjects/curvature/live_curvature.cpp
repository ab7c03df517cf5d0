#include "trainer/subjects/curvature/live_curvature.h"

#include <algorithm>
#include <utility>

#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr std::int64_t kUsualMoments = 200;  // of a whole training
// A curve needs no third digit.
constexpr CurvatureSpec kLive{.values = 1, .tolerance = 1e-2, .products = 40};

}  // namespace

LiveCurvature::LiveCurvature(Training& training) : training_(training), spec_(kLive) {
  const LandscapeSpec& scene = training.spec().landscape;
  spec_.images = static_cast<std::size_t>(scene.curvature_images);
  if (auto known = check_tangents(training.program().spec()); !known) refusal_ = known.error().message;
  if (scene.curvature > 0 && !refusal_.empty()) log_warning("{}", refusal_);
  measure_every(scene.curvature);
}

std::int64_t LiveCurvature::usual() const {
  return std::max<std::int64_t>(1, training_.total_steps() / kUsualMoments);
}

void LiveCurvature::reset() {
  waiting_.clear();
  at_work_.reset();
  ++version_;
  if (every_ > 0) take_moment();
}

void LiveCurvature::measure_every(std::int64_t steps) {
  every_ = refusal_.empty() ? std::max<std::int64_t>(0, steps) : 0;
  reset();
}

std::int64_t LiveCurvature::steps_to_moment(std::int64_t most) const {
  return every_ > 0 ? std::min(most, every_ - training_.steps() % every_) : most;
}

void LiveCurvature::after_steps() {
  if (every_ > 0 && (training_.steps() % every_ == 0 || training_.over())) take_moment();
}

void LiveCurvature::take_moment() {
  const auto& known = training_.history().curvatures;
  if (!known.empty() && known.back().step == training_.steps()) return;
  if (!probe_) probe_ = CurvatureProbe::of(training_, training_.split().train, spec_.images);
  if (waiting_.size() == kMostWaiting) {
    std::size_t at = 0;
    std::erase_if(waiting_, [&at](const CurvatureMoment&) { return at++ % 2 == 1; });
  }
  waiting_.push_back(CurvatureMoment::of(training_));
}

bool LiveCurvature::work() {
  if (!at_work_) {
    if (waiting_.empty()) return false;
    at_work_.emplace(training_.program().spec(), *probe_, std::move(waiting_.back()),
                     training_.spec().batch_size, spec_);
    waiting_.pop_back();
  }
  ++version_;
  at_work_->step();
  if (!at_work_->done()) return true;
  if (!at_work_->failed()) training_.note_curvature(at_work_->found().record());
  at_work_.reset();
  return true;
}

}  // namespace fl

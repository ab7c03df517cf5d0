#include "trainer/landscape/surface.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr auto kUnknown = static_cast<std::uint32_t>(CellState::kUnknown);
constexpr auto kEvaluated = static_cast<std::uint32_t>(CellState::kEvaluated);
constexpr auto kNonFinite = static_cast<std::uint32_t>(CellState::kNonFinite);
constexpr std::uint32_t kLattice = 7;      // points a side that the spline begins with
constexpr std::uint32_t kMostPlaces = 64;  // steps a side between places that may come next
constexpr double kCarriedReach = 0.15;     // of a loss that was carried over
constexpr std::size_t kFewestTests = 6;
constexpr double kApartFromWhole = 0.01;  // hardly counts beside the doubts
constexpr std::size_t kUsual = 160;       // points until a spline is within one hundredth
constexpr double kGoodError = 0.05;
constexpr std::size_t kGoodPoints = 17 * 17;
constexpr std::size_t kFewest = 8;  // evaluated between two fits, and more as there are more points:
constexpr std::size_t kPointsForOneMore = 25;  // fitting takes the cube of them

}  // namespace

Surface::Surface(std::uint32_t side, const Plane& plane, double aim, bool small_first)
    : side_(side),
      aim_(aim),
      a_min_(plane.a_min),
      a_max_(plane.a_max),
      b_min_(plane.b_min),
      b_max_(plane.b_max),
      focus_a_((plane.a_min + plane.a_max) / 2),
      focus_b_((plane.b_min + plane.b_max) / 2),
      heights_(std::size_t{side} * side, 0.0f),
      cells_(std::size_t{side} * side, kUnknown),
      small_first_(small_first && aim > 0) {
  FL_CHECK_MSG(side >= kCoarsest && side <= 4097 && ((side - 1) & (side - 2)) == 0,
               "{} is not 2^k + 1 points a side", side);
  if (aim_ > 0)
    begin_lattice();
  else
    begin_level(kCoarsest);
}

Surface::Cell Surface::cell(std::uint32_t column, std::uint32_t row) const {
  return {column, row, a_min_ + column * ((a_max_ - a_min_) / (side_ - 1)),
          b_min_ + row * ((b_max_ - b_min_) / (side_ - 1)), !small_first_ || level_side_ > 0};
}

SurfacePlace Surface::place(std::uint32_t column, std::uint32_t row) const {
  const double step = 2.0 / (side_ - 1);
  return {column * step - 1, row * step - 1};
}

void Surface::begin_lattice() {
  const auto nearest = [this](std::uint32_t i) {
    return ((side_ - 1) * i + (kLattice - 1) / 2) / (kLattice - 1);
  };
  for (std::uint32_t row = 0; row < kLattice; ++row)
    for (std::uint32_t column = 0; column < kLattice; ++column)
      pending_.push_back(cell(nearest(column), nearest(row)));
  const std::uint32_t stride = std::max(1u, (side_ - 1) / kMostPlaces);
  for (std::uint32_t row = 0; row < side_; row += stride)
    for (std::uint32_t column = 0; column < side_; column += stride) {
      candidates_.push_back(cell(column, row));
      places_.push_back(place(column, row));
    }
}

// What another plane told is put to the test where this one is evaluated by now.
void Surface::take_carried() {
  const std::vector<SurfacePoint> carried = std::exchange(carried_, {});
  const auto model = SurfaceModel::fit(carried);
  if (!model || model->has_holes() || !any_finite_ || !(maximum_ > minimum_)) return;
  std::vector<SurfacePlace> tested;
  for (const SurfacePoint& point : points_) tested.push_back({point.x, point.y});
  const std::vector<SurfaceDoubt> doubts = model->doubts(tested);
  const LossScale scale =
      scale_.value_or(spans_a_decade(minimum_, maximum_) ? LossScale::kLog : LossScale::kLinear);
  const auto height = [&](double loss) { return loss_height(loss, static_cast<double>(minimum_), scale); };
  const double range = height(static_cast<double>(maximum_)) - height(static_cast<double>(minimum_));
  double miss = 0;
  std::size_t tests = 0;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (doubts[i].distance > kCarriedReach) continue;  // far from all of them, they do not claim anything
    if (!std::isfinite(points_[i].loss)) return;
    ++tests;
    miss = std::max(miss, std::abs(height(model->loss(tested[i])) - height(points_[i].loss)) / range);
  }
  if (tests < kFewestTests || miss > aim_ / 2) return;
  carried_miss_ = miss;
  for (const SurfacePoint& point : carried)
    if (points_.size() < kMostSplineTerms / 2 &&  // the others are for what is evaluated here
        std::ranges::none_of(tested, [&](const SurfacePlace& own) { return gives_way(point, own); }))
      points_.push_back({point.x, point.y, point.loss, true});
}

// What was carried over gives way to what is known close by: two points in one place tell no spline.
bool Surface::gives_way(const SurfacePoint& carried, const SurfacePlace& known) const {
  const double apart = 1.5 / (side_ - 1);
  return squared_distance({carried.x, carried.y}, known) < apart * apart;
}

// Makes points_ of the samples. False: the whole probe has to be evaluated at more of them first, and is
// wanted.
bool Surface::correct() {
  auto losses = fl::corrected(samples_);
  if (!losses) {
    // Corners, edges and the middle: a difference is not told from one side.
    const auto outer = [half = (side_ - 1) / 2](std::uint32_t i) { return i % half == 0; };
    for (const ProbeSample& sample : samples_) {
      if (!outer(sample.column) || !outer(sample.row) || sample.has_whole() || !std::isfinite(sample.small))
        continue;
      pending_.push_back(cell(sample.column, sample.row));
      pending_.back().whole = true;
    }
    if (pending_.empty()) {  // hardly any sample is finite
      small_first_ = false;
      begin_level(kCoarsest);
    }
    return false;
  }
  corrected_ = *std::move(losses);
  std::erase_if(points_, [](const SurfacePoint& point) { return !point.carried; });
  any_finite_ = false;
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    points_.push_back({samples_[i].place.x, samples_[i].place.y, corrected_[i].loss, false});
    note_range(static_cast<float>(corrected_[i].loss));
  }
  difference_error_ = {};
  for (const LossScale scale : kLossScales)
    for (const CorrectedLoss& each : corrected_)
      difference_error_[static_cast<std::size_t>(scale)] =
          std::max(difference_error_[static_cast<std::size_t>(scale)], share_of(each, scale));
  return true;
}

// How far off the corrected loss may be, as a share of the height range.
double Surface::share_of(const CorrectedLoss& loss, LossScale scale) const {
  const auto least = static_cast<double>(minimum_), largest = static_cast<double>(maximum_);
  if (!std::isfinite(loss.loss) || !(largest > least)) return 0;
  const auto height = [&](double value) { return loss_height(value, least, scale); };
  const double above = height(loss.loss + loss.doubt) - height(loss.loss);
  const double below = height(loss.loss) - height(loss.loss - loss.doubt);  // in a logarithm the larger one
  return std::max(above, below) / (height(largest) - height(least));
}

// The most doubtful samples are to be evaluated over the whole probe.
void Surface::want_whole(std::span<const SurfaceDoubt> doubts, std::size_t count) {
  std::vector<SurfacePlace> places;
  for (const ProbeSample& sample : samples_) places.push_back(sample.place);
  for (const std::size_t at :
       most_doubtful(places, doubts, count, scale_.value_or(LossScale::kLinear), ball())) {
    if (!std::isfinite(samples_[at].small)) continue;
    pending_.push_back(cell(samples_[at].column, samples_[at].row));
    pending_.back().whole = true;
  }
  std::ranges::reverse(pending_);
  sorted_ = true;
}

SurfacePlace Surface::place_of(double a, double b) const {
  return {2 * (a - a_min_) / (a_max_ - a_min_) - 1, 2 * (b - b_min_) / (b_max_ - b_min_) - 1};
}

std::optional<double> Surface::predicted(double a, double b) const {
  if (!model_ || level_side_ > 0) return std::nullopt;
  const SurfacePlace at = place_of(a, b);
  if (std::max(std::abs(at.x), std::abs(at.y)) > 1) return std::nullopt;
  const kernels::SplineValue value =
      kernels::spline_value(model_->spline(), model_->terms().data(), at.x, at.y);
  return value.open ? std::nullopt : std::optional(value.loss);
}

void Surface::note_range(float height) {
  if (!std::isfinite(height)) return;
  minimum_ = any_finite_ ? std::min(minimum_, height) : height;
  maximum_ = any_finite_ ? std::max(maximum_, height) : height;
  any_finite_ = true;
}

// The batch is evaluated: what do all points tell now?
Surface::Change Surface::refine() {
  if (small_first_ && !correct()) return {};
  if (!carried_.empty()) take_carried();
  auto fitted = SurfaceModel::fit(points_);
  if (!fitted) {  // all holes, or nearly
    begin_level(kCoarsest);
    return {};
  }
  model_ = std::move(fitted);
  ready_ = true;
  doubts_ = model_->doubts(places_);
  for (const LossScale scale : kLossScales) {
    const auto s = static_cast<std::size_t>(scale);
    errors_[s] = std::min(1.0, stated_error(doubts_, scale) + carried_miss_ + difference_error_[s]);
  }
  const kernels::PredictCell predict{grid(), model_->terms().data(), model_->spline()};
  for (std::size_t at = 0; at < cells_.size(); ++at) predict(at);
  if (!scale_) scale_ = spans_a_decade(minimum_, maximum_) ? LossScale::kLog : LossScale::kLinear;
  choose_next();
  return {.predicted = true};
}

void Surface::choose(LossScale scale) {
  if (scale_ == scale) return;
  scale_ = scale;
  if (finished_ && level_side_ == 0) choose_next();  // else the next fit will see to it
}

// The edge of a hole is known to the next place.
bool Surface::holes_settled() const {
  const double spacing = places_[1].x - places_[0].x;
  return std::ranges::all_of(
      doubts_, [&](const SurfaceDoubt& doubt) { return !doubt.edge || doubt.distance <= 1.5 * spacing; });
}

// Fills pending_ with what the spline wants to know next, or ends.
void Surface::choose_next() {
  pending_.clear();
  finished_ = all_evaluated();
  if (finished_) return;
  finished_ = error() <= aim_ && holes_settled();
  if (finished_) return;
  const std::size_t batch = std::max(kFewest, points_.size() / kPointsForOneMore);
  if (points_.size() + batch <= kMostSplineTerms) {
    const auto scale = static_cast<std::size_t>(*scale_);
    if (difference_error_[scale] > errors_[scale] / 2) {
      std::vector<SurfaceDoubt> doubts;
      for (std::size_t i = 0; i < samples_.size(); ++i)
        doubts.push_back(
            {.error = {share_of(corrected_[i], LossScale::kLinear), share_of(corrected_[i], LossScale::kLog)},
             .distance = samples_[i].has_whole() ? 0.0 : kApartFromWhole,
             .edge = false});
      want_whole(doubts, batch);
    }
    if (pending_.empty()) {
      for (const std::size_t at : most_doubtful(places_, doubts_, batch, *scale_, ball()))
        pending_.push_back(candidates_[at]);
      std::ranges::reverse(pending_);  // the most doubtful last: the next one
      sorted_ = true;
    }
  }
  if (pending_.empty()) begin_level(kCoarsest);
}

void Surface::begin_level(std::uint32_t level_side) {
  for (level_side_ = level_side;; level_side_ = 2 * level_side_ - 1) {
    pending_.clear();
    const std::uint32_t stride = (side_ - 1) / (level_side_ - 1);
    for (std::uint32_t row = 0; row < side_; row += stride)
      for (std::uint32_t column = 0; column < side_; column += stride) {
        const std::uint32_t state = cells_[index(column, row)];
        if (state != kEvaluated && state != kNonFinite) pending_.push_back(cell(column, row));
      }
    if (!pending_.empty() || level_side_ == side_) break;
  }
  finished_ = pending_.empty();
  sorted_ = false;
}

Surface::Change Surface::end_level() {
  const std::uint32_t complete = level_side_;
  // What the spline says of so many points is better than lines between fewer.
  const bool interpolates = complete < side_ && std::size_t{complete} * complete > points_.size();
  if (interpolates) {
    const kernels::InterpolateCell interpolate{grid(), (side_ - 1) / (complete - 1)};
    for (std::size_t at = 0; at < cells_.size(); ++at) interpolate(at);
    errors_[0] = errors_[1] = 1;
  }
  ready_ = true;
  if (complete < side_)
    begin_level(2 * complete - 1);
  else
    finished_ = true;
  return {.predicted = false, .level = interpolates ? complete : 0};
}

std::size_t Surface::expected_left() const {
  if (finished_) return 0;
  const std::size_t left = cells_.size() - evaluated_;
  if (level_side_ > 0) return left;
  return std::min(left, std::max(pending_.size(), kUsual - std::min<std::size_t>(kUsual, evaluated_)));
}

std::size_t Surface::expected_whole() const {
  return aim_ > 0 ? std::min(kUsual, cells_.size()) : cells_.size();
}

bool Surface::good_enough() const {
  return finished_ || evaluated_ >= kGoodPoints || error() <= kGoodError;
}

void Surface::focus(double a, double b) {
  focus_a_ = a;
  focus_b_ = b;
  if (level_side_ > 0) sorted_ = false;
}

void Surface::sort_pending() {
  sorted_ = true;
  const double scale_a = 1 / (a_max_ - a_min_), scale_b = 1 / (b_max_ - b_min_);
  const auto distance = [&](const Cell& cell) {
    return std::hypot((cell.a - focus_a_) * scale_a, (cell.b - focus_b_) * scale_b);
  };
  std::ranges::stable_sort(pending_, [&](const Cell& x, const Cell& y) { return distance(x) > distance(y); });
}

std::vector<Surface::Cell> Surface::next(std::size_t count) {
  if (!sorted_) sort_pending();
  const std::size_t n = std::min(count, pending_.size());
  return {pending_.rbegin(), pending_.rbegin() + static_cast<std::ptrdiff_t>(n)};
}

Surface::Change Surface::set(const Cell& cell, double loss) {
  const auto found = std::find_if(pending_.rbegin(), pending_.rend(), [&cell](const Cell& other) {
    return other.column == cell.column && other.row == cell.row;
  });
  FL_CHECK(found != pending_.rend());
  pending_.erase(std::next(found).base());
  const auto height = static_cast<float>(loss);
  const std::size_t at_cell = index(cell.column, cell.row);
  const auto known = std::ranges::find_if(samples_, [&cell](const ProbeSample& sample) {
    return sample.column == cell.column && sample.row == cell.row;
  });
  if (known == samples_.end()) ++evaluated_;
  if (cell.whole) {
    ++whole_;
    note_range(height);
    kernels::set_cell(grid(), at_cell, height);
  }
  if (level_side_ == 0) {
    const SurfacePlace at = place(cell.column, cell.row);
    const auto value = static_cast<double>(height);
    std::erase_if(points_, [&](const SurfacePoint& point) { return point.carried && gives_way(point, at); });
    if (!small_first_)
      points_.push_back({at.x, at.y, value, false});
    else if (cell.whole)
      known->whole = value;
    else
      samples_.push_back({.place = at, .column = cell.column, .row = cell.row, .small = value});
  }
  if (!pending_.empty()) return {};
  return level_side_ == 0 ? refine() : end_level();
}

void Surface::flip_b() {
  const kernels::FlipRows flip{grid()};
  for (std::size_t i = 0; i < std::size_t{side_ / 2} * side_; ++i) flip(i);
  b_min_ = -std::exchange(b_max_, -b_min_);
  for (std::vector<SurfacePoint>* points : {&points_, &carried_})
    for (SurfacePoint& point : *points) point.y = -point.y;
  // What is expected of the next places is turned round with them.
  for (std::vector<Cell>* cells : {&candidates_, &pending_})
    for (Cell& cell : *cells) {
      cell.row = side_ - 1 - cell.row;
      cell.b = -cell.b;
    }
  for (SurfacePlace& place : places_) place.y = -place.y;
  for (ProbeSample& sample : samples_) {
    sample.row = side_ - 1 - sample.row;
    sample.place.y = -sample.place.y;
  }
  if (model_) model_ = SurfaceModel::fit(points_);
  focus(focus_a_, -focus_b_);
}

}  // namespace fl

#include "trainer/subjects/curves/curve_writer.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/curvature/stability.h"
#include "trainer/curvature/tangent_net.h"
#include "trainer/seam/frame_words.h"

namespace fl {
namespace {

// How far apart points are taken, so that of `count` no more than `most` are left.
std::size_t stride_for(std::size_t count, std::size_t most) {
  return most == 0 ? 1 : std::max<std::size_t>((count + most - 1) / most, 1);
}

CurvaturePoint point_of(const CurvatureRecord& record) {
  return {.step = static_cast<float>(record.step),
          .sharpness = static_cast<float>(record.sharpness),
          .batch_sharpness = static_cast<float>(record.batch_sharpness),
          .limit = static_cast<float>(record.limit)};
}

}  // namespace

void CurveWriter::add_to(FrameCapacity& capacity) const {
  const auto epochs = static_cast<std::uint32_t>(training_.spec().epochs);
  capacity.epoch_points = epochs;
  capacity.curve_classes = static_cast<std::uint32_t>(training_.curve_classes());
  if (capacity.curve_classes > 0)
    capacity.class_points = std::min(epochs, static_cast<std::uint32_t>(kMostClassPoints));
  capacity.earlier_runs = true;
  if (check_tangents(training_.program().spec())) capacity.curvature_points = kMostCurvatures;
}

void CurveWriter::set_earlier(std::shared_ptr<const EarlierRuns> runs) {
  earlier_ = std::move(runs);
  ++earlier_version_;
  words_.clear();
  earlier_points_.clear();
  if (!earlier_) return;
  FL_CHECK(earlier_->size() <= kEarlierRuns);
  earlier_points_.resize(earlier_->size() * kEarlierPoints);
  for (std::size_t r = 0; r < earlier_->size(); ++r) {
    const std::vector<EpochPoint>& points = (*earlier_)[r].points;
    FL_CHECK(points.size() <= kEarlierPoints);
    std::ranges::copy(points, earlier_points_.begin() + static_cast<std::ptrdiff_t>(r * kEarlierPoints));
  }
}

void CurveWriter::write(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  write_steps(writer, slot, frame);
  write_epochs(writer, slot, frame);
  write_classes(writer, slot, frame);
  write_curvatures(writer, slot, frame);
  write_earlier(writer, slot, frame);
}

void CurveWriter::write_steps(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  const std::vector<StepRecord>& steps = training_.history().steps;
  const std::size_t stride = stride_for(steps.size(), slot.steps().size());
  const std::size_t count = (steps.size() + stride - 1) / stride;
  frame.header.step_stride = static_cast<std::uint32_t>(stride);
  FrameFacts& facts = frame.facts;
  facts.step_count = static_cast<std::uint32_t>(count);
  const auto point_of = [](const StepRecord& step) {
    return StepPoint{.loss = static_cast<float>(step.loss),
                     .gradient_norm = static_cast<float>(step.gradient_norm),
                     .update_norm = static_cast<float>(step.update_norm)};
  };
  writer.write_steps(slot, facts.step_count, frame.header.step_stride,
                     [&](std::uint32_t i) { return point_of(steps[i * stride]); });
  rates_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const StepRecord& step = steps[i * stride];
    const StepPoint point = point_of(step);
    rates_[i] = static_cast<float>(step.rate);
    facts.gradient_norms.add(point.gradient_norm);
    facts.update_norms.add(point.update_norm);
    facts.rates.add(rates_[i]);
    if (!std::isfinite(point.loss)) continue;
    facts.curve_loss_max = std::max(facts.curve_loss_max, point.loss);
    facts.curve_loss_least = std::min(facts.curve_loss_least, point.loss);
  }
  if (!steps.empty()) {
    facts.last_step = point_of(steps.back());
    facts.last_rate = static_cast<float>(steps.back().rate);
  }
  writer.write_section(slot, slot.layout->step_rates, std::as_bytes(std::span(rates_)));
}

void CurveWriter::write_epochs(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  const std::vector<EpochRecord>& epochs = training_.history().epochs;
  const std::size_t count = std::min(epochs.size(), slot.epochs().size());
  FrameFacts& facts = frame.facts;
  epochs_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    epochs_[i] = epochs[i].point();
    for (const float loss : {epochs_[i].loss, epochs_[i].test_loss}) {
      if (!std::isfinite(loss)) continue;
      facts.curve_loss_max = std::max(facts.curve_loss_max, loss);
      facts.curve_loss_least = std::min(facts.curve_loss_least, loss);
      if (loss > 0 && (facts.curve_loss_min == 0 || loss < facts.curve_loss_min)) facts.curve_loss_min = loss;
    }
  }
  writer.write_epochs(slot, epochs_);
  facts.epoch_count = static_cast<std::uint32_t>(count);
  if (count > 0) facts.last_epoch = epochs_[count - 1];
}

void CurveWriter::write_classes(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  const std::size_t classes = training_.curve_classes(), most = slot.layout->capacity.class_points;
  if (classes == 0 || most == 0) return;
  const std::vector<float>& all = training_.history().class_accuracies;
  const std::size_t epochs = all.size() / classes, stride = stride_for(epochs, most);
  const std::size_t count = (epochs + stride - 1) / stride;
  classes_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = all.begin() + static_cast<std::ptrdiff_t>(i * stride * classes);
    classes_.insert(classes_.end(), row, row + static_cast<std::ptrdiff_t>(classes));
  }
  writer.write_section(slot, slot.layout->class_accuracies, std::as_bytes(std::span(classes_)));
  FrameFacts& facts = frame.facts;
  facts.curve_classes = static_cast<std::uint32_t>(classes);
  facts.class_stride = static_cast<std::uint32_t>(stride);
  facts.class_points = static_cast<std::uint32_t>(count);
  facts.class_accuracy.fill(std::nanf(""));
  if (epochs > 0)
    std::copy(all.end() - static_cast<std::ptrdiff_t>(classes), all.end(), facts.class_accuracy.begin());
}

void CurveWriter::write_curvatures(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  const std::vector<CurvatureRecord>& all = training_.history().curvatures;
  const std::size_t stride = stride_for(all.size(), slot.layout->capacity.curvature_points);
  CurvatureFacts& facts = frame.facts.curvature;
  const auto limit = stability_limit(training_.spec().optimizer, 1);
  facts.measuring = measuring_ ? 1 : 0;
  facts.preconditioned = limit && limit->preconditioned ? 1 : 0;
  if (limit) set_words(facts.limit_rule, limit_rule(training_.spec().optimizer));
  if (slot.layout->capacity.curvature_points == 0) return;
  curvatures_.clear();
  for (std::size_t i = 0; i < all.size(); i += stride) {
    const CurvaturePoint& point = curvatures_.emplace_back(point_of(all[i]));
    for (const float value : {point.sharpness, point.limit}) facts.values.add(value);
    // However little batches bend, the axis is about the others.
    if (facts.preconditioned == 0 && point.batch_sharpness > facts.values.most)
      facts.values.add(point.batch_sharpness);
  }
  if (!all.empty()) facts.last = point_of(all.back());
  facts.count = static_cast<std::uint32_t>(curvatures_.size());
  writer.write_section(slot, slot.layout->curvatures, std::as_bytes(std::span(curvatures_)));
}

void CurveWriter::compare_earlier() {
  const OptimizerSpec& optimizer = training_.spec().optimizer;
  if (words_.size() == earlier_->size() && compared_rate_ == training_.rate() &&
      compared_optimizer_ == optimizer && compared_seed_ == training_.seed())
    return;
  compared_rate_ = training_.rate();
  compared_optimizer_ = optimizer;
  compared_seed_ = training_.seed();
  const std::vector<Setting> present = settings_of(training_.run_in_use());
  words_.clear();
  for (const EarlierRun& run : *earlier_) words_.push_back(earlier_words(run, present, compared_seed_));
}

void CurveWriter::write_earlier(SlotWriter& writer, const FrameSlot& slot, Frame& frame) {
  if (!earlier_ || earlier_->empty() || !slot.layout->capacity.earlier_runs) return;
  compare_earlier();
  writer.write_kept(slot, slot.layout->earlier, earlier_version_, std::as_bytes(std::span(earlier_points_)));
  frame.facts.earlier_count = static_cast<std::uint32_t>(earlier_->size());
  for (std::size_t r = 0; r < earlier_->size(); ++r) {
    const EarlierRun& run = (*earlier_)[r];
    EarlierFacts& facts = frame.facts.earlier.at(r);
    facts.count = static_cast<std::uint32_t>(run.points.size());
    facts.stride = run.stride;
    facts.steps_per_epoch = run.steps_per_epoch;
    for (const EpochPoint& point : run.points) {
      facts.losses.add(point.loss);
      if (std::isfinite(point.test_accuracy)) facts.tested = 1;
    }
    set_words(facts.words, words_[r]);
  }
}

}  // namespace fl

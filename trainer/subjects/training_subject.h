#pragma once
// A training, the landscape around its weights, and what writes both into a frame.

#include <memory>

#include "trainer/subjects/curvature/live_curvature.h"
#include "trainer/subjects/frame_writer.h"
#include "trainer/subjects/landscape/landscape_tracker.h"
#include "trainer/subjects/subject.h"
#include "trainer/subjects/training.h"

namespace fl {

class TrainingSubject final : public Subject {
 public:
  explicit TrainingSubject(std::unique_ptr<Training> training);

  [[nodiscard]] Training* training() override { return training_.get(); }
  [[nodiscard]] std::optional<DeviceUuid> gpu() const override { return training_->gpu(); }
  void use_device_slots() override;
  [[nodiscard]] const LandscapeTracker& landscape() const { return landscape_; }
  [[nodiscard]] const FrameWriter& writer() const { return writer_; }

  [[nodiscard]] FrameCapacity capacity() const override { return writer_.capacity(); }
  [[nodiscard]] SubjectFacts facts() override;
  std::int64_t advance(std::int64_t most) override;
  [[nodiscard]] std::int64_t burst() const override { return training_->burst(); }
  [[nodiscard]] RunState state() const override { return training_->state(); }
  [[nodiscard]] std::int64_t steps() const override { return training_->steps(); }
  [[nodiscard]] std::int64_t total_steps() const override { return training_->total_steps(); }
  bool work(std::size_t points) override;
  [[nodiscard]] std::size_t points_left() const override {
    return landscape_.points_left() + writer_.forks().points_left() + writer_.fate().points_left();
  }
  [[nodiscard]] std::uint64_t version() const override {
    return landscape_.version() + curvature_.version() + writer_.forks().version() + writer_.fate().version();
  }
  void catch_up() override;
  // Measures what waits of the curvature: for whoever is in no hurry.
  void complete_curvature() { curvature_.complete(); }
  void complete_path() override {
    landscape_.complete_path();
    curvature_.complete();
  }
  void end_here() override { landscape_.end_here(); }
  void keep_landscape() override { landscape_.keep(); }
  void begin_here() override;
  void look_at_map(bool looks) override { writer_.look_at_map(looks); }
  void let_rest(const std::function<void()>& rest) override { training_->program().let_rest(rest); }
  [[nodiscard]] LandscapeView view_landscape() const override { return landscape_.view(); }
  void apply(const Command& command) override;
  bool publish(FrameSink& sink, RunState state, double steps_per_second) override {
    return writer_.publish(sink, state, steps_per_second);
  }

 private:
  // The run as far as it came becomes an earlier one.
  void keep_run();
  // Of the chosen forks: the landscape is about them.
  void show_ends();
  void bring_up_to_date(RunFigures& figures);

  std::unique_ptr<Training> training_;
  LandscapeTracker landscape_;
  LiveCurvature curvature_;
  FrameWriter writer_;
  RunFigures figures_;            // as they were asked for last
  std::uint64_t figures_of_ = 0;  // a generation of the training
};

}  // namespace fl

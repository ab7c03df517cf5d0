#pragma once
// The map of a sweep: one lesson trained with every combination of some values, a coloured cell for each,
// from coarse to fine. The trainings are what other subjects' landscape points are; there is nothing to step.

#include <memory>
#include <vector>

#include "trainer/subjects/subject.h"
#include "trainer/subjects/sweep_map/cell_source.h"

namespace fl {

class SweepMap final : public Subject {
 public:
  // `known`: by cell, what there is already. Preconditions: plan.check(), as many as it has cells.
  SweepMap(SweepPlan plan, SweepResults known, std::unique_ptr<CellSource> source);

  [[nodiscard]] const SweepPlan& plan() const { return *plan_; }
  [[nodiscard]] const SweepResults& results() const { return results_; }

  [[nodiscard]] FrameCapacity capacity() const override;
  std::int64_t advance(std::int64_t /*most*/) override { return 0; }
  [[nodiscard]] RunState state() const override { return RunState::kFinished; }
  [[nodiscard]] std::int64_t steps() const override { return 0; }
  [[nodiscard]] std::int64_t total_steps() const override { return 0; }
  [[nodiscard]] SubjectFacts facts() override;
  [[nodiscard]] std::shared_ptr<const SweepPlan> sweep() const override { return plan_; }
  // A turn of the cells that are in work, however many points are asked for.
  bool work(std::size_t points) override;
  void listen() override;
  [[nodiscard]] std::size_t points_left() const override { return source_->left(); }
  [[nodiscard]] std::uint64_t version() const override { return version_; }
  [[nodiscard]] bool shown_whole() const override { return true; }
  // Of a column and a row.
  [[nodiscard]] std::vector<std::string> tell(const LandscapePlace& place) const override;
  void catch_up() override {}
  void complete_path() override {}
  void apply(const Command& command) override;
  bool publish(FrameSink& sink, RunState state, double steps_per_second) override;

 private:
  void shade();

  std::shared_ptr<const SweepPlan> plan_;
  SweepResults results_;
  std::unique_ptr<CellSource> source_;
  std::uint64_t version_ = 0;
  // Kept between calls: what is shown of results_.
  std::uint64_t shaded_ = ~0ull;  // the version that they are of
  SweepFacts facts_;
  std::vector<float> shades_;
  bool of_seeds_;
  std::vector<float> bars_;
};

// "learning rate", "batch size (images)": what an axis varies, for its title.
[[nodiscard]] std::string axis_title(const std::string& key);
// "0.01", "adam": one of its values, for a tick.
[[nodiscard]] std::string axis_value(const std::string& value);
// Its values as numbers; empty where one is none.
[[nodiscard]] std::vector<double> axis_numbers(const Axis& axis);
// "21 of 24 trainings, 3 diverged.": what a command says of its map.
[[nodiscard]] std::string sweep_sentence(const SweepResults& results);
// What is told of a cell, a line each: its values, and how it ended.
[[nodiscard]] std::vector<std::string> cell_words(const SweepPlan& plan, std::size_t cell,
                                                  const std::optional<CellResult>& result);

}  // namespace fl

#pragma once
// Which pairs of learning rates train, and which diverge: a map that fills from coarse to fine while somebody
// looks around in it. A step is one of a zoom into it; the pixels are what other subjects' landscape points
// are, and come between the steps. Sohl-Dickstein 2024, "The boundary of neural network trainability is
// fractal".

#include <memory>
#include <vector>

#include "trainer/subjects/subject.h"
#include "trainer/subjects/trainability/rate_map.h"
#include "trainer/subjects/trainability/trainability_spec.h"

namespace fl {

class Trainability final : public Subject {
 public:
  // Precondition: parse_trainability_spec() had nothing against the spec; `runs` are of its task.
  Trainability(const TrainabilitySpec& spec, std::unique_ptr<RateRuns> runs);

  [[nodiscard]] const RateMap& map() const { return map_; }
  [[nodiscard]] const TrainabilitySpec& spec() const { return spec_; }

  [[nodiscard]] FrameCapacity capacity() const override;
  std::int64_t advance(std::int64_t most) override;
  [[nodiscard]] RunState state() const override;
  [[nodiscard]] std::int64_t steps() const override { return steps_; }
  [[nodiscard]] std::int64_t total_steps() const override;
  [[nodiscard]] SubjectFacts facts() override;
  // As many pixels as `points` says, or as are trained at once.
  bool work(std::size_t points) override;
  [[nodiscard]] std::size_t points_left() const override { return map_.left(); }
  [[nodiscard]] std::uint64_t version() const override { return version_; }
  [[nodiscard]] bool shown_whole() const override { return true; }
  [[nodiscard]] std::vector<std::string> tell(const LandscapePlace& place) const override;
  // Of the pixel at a pair of rates, log10; nothing outside of the map.
  [[nodiscard]] std::optional<RateAnswer> rates_at(double first, double second) const;
  void catch_up() override {}
  void complete_path() override {}
  void apply(const Command& command) override;
  bool publish(FrameSink& sink, RunState state, double steps_per_second) override;

 private:
  void show(const RateView& view);

  TrainabilitySpec spec_;
  std::unique_ptr<RateRuns> runs_;
  RateMap map_;
  std::int64_t steps_ = 0;  // of the zoom
  std::uint64_t version_ = 0;
  // Kept between calls.
  std::vector<RatePair> pairs_;
  std::vector<RateRun> done_;
  std::vector<float> shades_;
  std::uint64_t shaded_ = ~0ull;  // the version that they are of
};

// The map's pixels, row by row from the lowest rates on, for spreadsheets and Python:
//   log10_first,log10_second,outcome,steps,loss
// outcome: "trained", "not trained" (it did not end below its first loss) or "diverged", after so many steps.
// loss: the mean of the last steps, a share of the first one's; empty where it diverged. A pixel that is not
// known is left out.
[[nodiscard]] std::string rate_map_csv(const RateMap& map, int steps);
// "31,207 of 65,536 pairs of learning rates train": what a command says of it.
[[nodiscard]] std::string rate_map_sentence(const RateMap& map);
// What is told of a pixel, a line each: the rates; how the training went.
[[nodiscard]] std::vector<std::string> rate_answer_words(const RateAnswer& answer);

}  // namespace fl

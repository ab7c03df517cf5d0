#pragma once
// Several optimizers at once on one surface of two parameters, from the same start, with the very updates
// that train networks: what the drawing side is proved on, because everything here is known exactly.

#include <string>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/surface.h"
#include "trainer/landscape/two_parameters.h"
#include "trainer/subjects/descents/shown_phase.h"
#include "trainer/subjects/subject.h"

namespace fl {

// The scene's [two_parameters] table.
struct DescentsSpec {
  std::string surface = "local-minimum";
  std::string formula{};                  // in place of that; empty: none
  std::vector<std::string> optimizers{};  // by name; empty: all of them
  std::vector<double> start{};            // two numbers; empty: the surface's own
  double rate = 0;                        // one for all; 0: the surface's own for each
  int steps = 0;                          // 0: the surface's own
  int grid = 129;                         // points a side
  std::string phases = "none";            // whose are shown at first: one of phase_choices()
};

class Descents final : public Subject {
 public:
  // Precondition: names exist, the formula is one (own_surface), at most kFrameMaxPaths optimizers, and the
  // one whose phases are shown is one of them.
  explicit Descents(const DescentsSpec& spec);

  // In the order of FrameHeader::paths: "Momentum".
  [[nodiscard]] std::vector<std::string> path_names() const;
  [[nodiscard]] const TwoParameterSurface& function() const { return function_; }
  // Where descent `index` stands.
  [[nodiscard]] TwoParameters position(std::size_t index) const;

  [[nodiscard]] FrameCapacity capacity() const override;
  [[nodiscard]] SubjectFacts facts() override {
    return {.rate = rate_,
            .seed = seed_,
            .grid_evaluated = surface_.evaluated(),
            .grid_cells = surface_.cells().size(),
            .grid_error = 0,
            .descents = descents_facts()};
  }
  std::int64_t advance(std::int64_t most) override;
  [[nodiscard]] std::int64_t moves_a_step() const override;
  [[nodiscard]] RunState state() const override { return state_; }
  [[nodiscard]] std::int64_t steps() const override { return steps_; }
  [[nodiscard]] std::int64_t total_steps() const override { return total_steps_; }
  // The surface is evaluated in the blink of an eye, so it is never outstanding.
  bool work(std::size_t) override { return false; }
  [[nodiscard]] std::size_t points_left() const override { return 0; }
  [[nodiscard]] std::uint64_t version() const override { return version_; }
  void catch_up() override {}
  void complete_path() override {}
  [[nodiscard]] LandscapeView view_landscape() const override;
  void apply(const Command& command) override;
  bool publish(FrameSink& sink, RunState state, double steps_per_second) override;

 private:
  struct Descent {
    OptimizerSpec optimizer;
    OptimizerState memory;
    std::vector<float> at;  // the two parameters
    std::vector<PathPoint> path;
    bool diverged = false;
  };

  void restart();
  bool make_move();
  void make_step();
  [[nodiscard]] DescentsFacts descents_facts() const;
  // The descents whose phases are shown; none where they are not, or have no next step.
  [[nodiscard]] std::vector<std::size_t> told() const;
  void show_phases(const std::string& of);
  void update_phase();
  void move(Descent& descent);
  [[nodiscard]] double rate_of(const Descent& descent) const;
  [[nodiscard]] std::array<float, 2> gradient_at(const Descent& descent) const;
  [[nodiscard]] PathPoint point_at(const std::vector<float>& at) const;

  void show_surface(TwoParameterSurface function);

  TwoParameterSurface function_;
  std::string formula_;  // that it was made of; empty: it has a name
  int steps_asked_;      // 0: the surface's own
  TwoParameters start_;
  double rate_;
  std::uint64_t seed_ = 1;  // as the last reset said; nothing here is random
  std::int64_t steps_ = 0, total_steps_;
  std::uint64_t version_ = 0;
  std::uint32_t starts_ = 0;
  RunState state_ = RunState::kReady;
  Plane plane_;
  Surface surface_;
  std::vector<Descent> descents_;
  std::string phases_ = "none";   // whose are shown
  std::size_t phase_ = 0;         // which one of the next step, from 0
  std::int64_t whole_steps_ = 0;  // that a command asks for, past their phases
  ShownPhase shown_phase_;
};

}  // namespace fl

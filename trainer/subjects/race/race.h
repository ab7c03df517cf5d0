#pragma once
// Several trainings that differ in one key, in turns on one processor: each with a path on one landscape, and
// with curves. The landscape is the first run's network over its images, which all share; a run whose network
// is another one has curves and no path, or where planes lie about the ends, a landscape of its own over the
// same rectangle: of one other network. Each run's weights are those of the same training alone, to the byte.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trainer/publish/host_slot_writer.h"
#include "trainer/subjects/race/ground.h"
#include "trainer/subjects/race/lane.h"
#include "trainer/subjects/race/race_spec.h"
#include "trainer/subjects/subject.h"

namespace fl {

struct RaceRun {
  std::string name;  // for people: its value
  std::unique_ptr<Training> training;
};

class Race final : public Subject {
 public:
  // How far the preparation is, in steps of all runs; false: it is to end.
  using GoOn = std::function<bool(std::size_t done, std::size_t all)>;

  // `runs`: 2 to kFrameMaxPaths, before their first step, all over the same images. Rehearses where `spec`
  // says so, lays the plane, and evaluates enough of the surface for it to be shown. Null: `go_on` said no.
  static std::unique_ptr<Race> create(RaceSpec spec, std::vector<RaceRun> runs, const GoOn& go_on = {});

  [[nodiscard]] const RaceSpec& spec() const { return spec_; }
  [[nodiscard]] std::size_t size() const { return lanes_.size(); }
  [[nodiscard]] const Lane& lane(std::size_t run) const { return *lanes_[run]; }
  [[nodiscard]] Training& training_of(std::size_t run) { return lanes_[run]->training(); }

  [[nodiscard]] FrameCapacity capacity() const override;
  [[nodiscard]] Race* race() override { return this; }
  // A step of the race: each run makes as many of its own as keep all together.
  std::int64_t advance(std::int64_t most) override;
  [[nodiscard]] RunState state() const override;
  [[nodiscard]] std::int64_t steps() const override { return round_; }
  [[nodiscard]] std::int64_t total_steps() const override { return rounds_; }
  [[nodiscard]] SubjectFacts facts() override;
  bool work(std::size_t points) override;
  [[nodiscard]] std::size_t points_left() const override;
  [[nodiscard]] std::uint64_t version() const override { return version_; }
  void catch_up() override;
  void complete_path() override {}
  [[nodiscard]] LandscapeView view_landscape() const override;
  void apply(const Command& command) override;
  void let_rest(const std::function<void()>& rest) override;
  bool publish(FrameSink& sink, RunState state, double steps_per_second) override;

 private:
  Race(RaceSpec spec, std::vector<RaceRun> runs);
  bool prepare(const GoOn& go_on);
  bool rehearse(const GoOn& go_on);
  [[nodiscard]] bool about_ends() const { return spec_.plane == "ends"; }
  [[nodiscard]] Plane plane() const;
  [[nodiscard]] static Plane random_plane(const Lane& lane);
  // On which a run has its place; null: on none.
  [[nodiscard]] const Ground* ground_of(const Lane& lane) const;
  [[nodiscard]] Ground& next_ground();
  void lower_half_to_front();
  void reset(std::uint64_t seed);
  [[nodiscard]] bool in_steps() const { return spec_.together == "steps"; }
  // Own steps of a run after so many of the race.
  [[nodiscard]] std::int64_t own_steps(const Training& training, std::int64_t round) const;
  void write_lanes(const FrameSlot& slot, Frame& frame);

  RaceSpec spec_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::int64_t steps_per_epoch_ = 1;  // of the race: those of the run that has most
  std::int64_t round_ = 0, rounds_ = 0;
  std::uint64_t seed_ = 1;  // as the last reset said
  std::uint64_t version_ = 0;
  std::uint32_t plane_number_ = 0;
  Ground ground_;
  // Of the first run with another network, whose place among the runs this is; null: it has no landscape.
  std::unique_ptr<Ground> second_ground_;
  std::size_t second_run_ = 0;
  std::function<void()> rest_;  // null: none
  HostSlotWriter writer_;
};

}  // namespace fl

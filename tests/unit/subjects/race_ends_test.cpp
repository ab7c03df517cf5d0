// A race whose planes lie about the ends: two networks have a landscape each, one over the other.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/race/race.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;

toml::table skips(const std::string& plane) {
  RunSpec run = test::small_spec();
  run.threads = 1;
  run.epochs = 1;
  run.network = "ct-resnet";
  run.landscape.grid = 9;
  run.landscape.error = 0;
  toml::table table = scene_of(run);
  const toml::table race =
      toml::parse("key = \"network.skip\"\nvalues = [true, false]\nnames = [\"with\", \"without\"]\n");
  table.insert_or_assign("race", race);
  table["race"].as_table()->insert_or_assign("plane", plane);
  return table;
}

std::unique_ptr<Training> alone(const toml::table& table, const RaceSpec& race, std::size_t i) {
  return make_training(parse_run_spec(scene_of_run(table, race, i).value(), RunSpec()).value());
}

std::unique_ptr<Race> make_race(const toml::table& table) {
  const RaceSpec spec = *parse_race_spec(table, RunSpec()).value();
  std::vector<RaceRun> runs;
  for (std::size_t i = 0; i < 2; ++i) runs.push_back({run_name(spec, i), alone(table, spec, i)});
  return Race::create(spec, std::move(runs));
}

TEST(RaceAboutEnds, EachNetworkHasItsOwnLandscape) {
  const auto race = make_race(skips("ends"));
  while (race->step()) {
  }
  while (race->work(8)) {
  }
  EXPECT_EQ(race->points_left(), 0u);
  const LandscapeView view = race->view_landscape();
  ASSERT_EQ(view.surfaces.size(), 2u);
  EXPECT_EQ(view.plane->kind, DirectionKind::kRandom);
  for (std::size_t i = 0; i < 2; ++i) {
    const Lane& lane = race->lane(i);
    EXPECT_EQ(view.surfaces[i].network, lane.name());
    EXPECT_FALSE(lane.apart());
    // The middle of each is where its own run is now.
    Training& training = race->training_of(i);
    const auto here =
        training.program().evaluate(Framing(training).path_probe(), {}, NormStatistics::kReestimated);
    const std::span<const float> heights = view.surfaces[i].surface->heights();
    EXPECT_NEAR(static_cast<double>(heights[heights.size() / 2]), here.batch.loss, 1e-4) << lane.name();
    EXPECT_NEAR(lane.ball().a, 0, 1e-6);
    EXPECT_NEAR(lane.ball().b, 0, 1e-6);
    ASSERT_TRUE(lane.roughness());
    EXPECT_GE(lane.roughness()->value, 1);
  }
  EXPECT_NE(view.surfaces[0].surface->heights()[0], view.surfaces[1].surface->heights()[0]);
}

TEST(RaceAboutEnds, AFrameHasBoth) {
  const auto race = make_race(skips("ends"));
  test::PlainRing ring(race->capacity());
  ASSERT_TRUE(race->publish(ring, race->state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->facts.race.second_surface, 1u);
  EXPECT_GT(frame->facts.test_evaluated, 0u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(frame->facts.race.lane[i].apart, 0u);
    EXPECT_FLOAT_EQ(frame->facts.race.lane[i].roughness,
                    static_cast<float>(race->lane(i).roughness()->value));
    EXPECT_TRUE(std::isfinite(frame->header.paths[i].ball.a));
  }
}

TEST(RaceAboutEnds, OfAnotherStartNothingIsKnown) {
  const auto race = make_race(skips("ends"));
  ASSERT_TRUE(race->lane(0).roughness());
  const std::uint64_t seed = race->facts().seed;
  race->apply(command::Reset{seed + 1});
  EXPECT_FALSE(race->lane(0).roughness());
  race->apply(command::Reset{seed});
  EXPECT_TRUE(race->lane(0).roughness());
}

TEST(RaceAboutEnds, RunsAreTheSameTrainingsAlone) {
  const toml::table table = skips("ends");
  const auto race = make_race(table);
  while (race->step()) race->work(1);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto own = alone(table, race->spec(), i);
    while (own->step()) {
    }
    EXPECT_EQ(params_of(race->training_of(i)), params_of(*own)) << race->lane(i).name();
  }
}

TEST(RaceAboutEnds, ElsewhereNothingOfThatIsMeasured) {
  const auto race = make_race(skips("rehearsed"));
  EXPECT_EQ(race->view_landscape().surfaces.size(), 1u);
  EXPECT_FALSE(race->lane(0).roughness());
  EXPECT_TRUE(race->lane(1).apart());
  test::PlainRing ring(race->capacity());
  ASSERT_TRUE(race->publish(ring, race->state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->facts.race.second_surface, 0u);
  EXPECT_TRUE(std::isnan(frame->facts.race.lane[0].roughness));
}

}  // namespace
}  // namespace fl

// Races: each run is the same training alone, to the byte; what varies is checked by the table of keys; a run
// that diverges ends its path and no other's.
#include "trainer/subjects/race/race.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/scene/setting.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;

// Small and quick: what is asked is what a race adds to it.
RunSpec quick() {
  RunSpec run = test::linear_spec();
  run.threads = 1;
  run.epochs = 4;
  run.landscape.grid = 9;
  return run;
}

toml::table scene(const std::string& race, RunSpec run = quick()) {
  toml::table table = scene_of(run);
  const toml::table more = toml::parse("[race]\n" + race);
  table.insert_or_assign("race", *more.get("race"));
  return table;
}

RunSpec run_of(const toml::table& table, const RaceSpec& race, std::size_t i) {
  return parse_run_spec(scene_of_run(table, race, i).value(), RunSpec()).value();
}

// What a run of the race is without the others.
std::unique_ptr<Training> alone(const toml::table& table, const RaceSpec& race, std::size_t i) {
  auto training = make_training(run_of(table, race, i));
  if (const auto start = start_of(race, i)) {
    EXPECT_TRUE(training->reset(*start).ok());
  }
  return training;
}

std::unique_ptr<Race> make_race(const toml::table& table) {
  auto spec = parse_race_spec(table, RunSpec());
  EXPECT_TRUE(spec.ok()) << spec.error().message;
  std::vector<RaceRun> runs;
  for (std::size_t i = 0; i < (*spec)->values.size(); ++i)
    runs.push_back({run_name(**spec, i), alone(table, **spec, i)});
  return Race::create(**spec, std::move(runs));
}

std::string why_not(const std::string& race) {
  const auto spec = parse_race_spec(toml::parse("[race]\n" + race), RunSpec());
  return spec.ok() ? "" : spec.error().message;
}

void expect_same_as_alone(const toml::table& table) {
  const auto race = make_race(table);
  // As a session does: surface, balls and pictures between the steps.
  test::PlainRing ring(race->capacity());
  while (race->step()) {
    race->work(3);
    if (race->steps() % 3 == 0) race->catch_up();
    race->publish(ring, race->state(), 0);
  }
  for (std::size_t i = 0; i < race->size(); ++i) {
    const auto own = alone(table, race->spec(), i);
    while (own->step()) {
    }
    EXPECT_EQ(params_of(race->training_of(i)), params_of(*own)) << race->lane(i).name();
    EXPECT_EQ(race->training_of(i).history().csv(), own->history().csv()) << race->lane(i).name();
    EXPECT_EQ(race->training_of(i).state(), own->state());
  }
}

TEST(Race, EachRunIsTheSameTrainingAlone) {
  expect_same_as_alone(scene("key = \"train.rate\"\nvalues = [0.0001, 0.003, 0.03]"));
  expect_same_as_alone(scene("key = \"start\"\nvalues = [1, 2, 3, 4]\nplane = \"random\""));
  expect_same_as_alone(scene("key = \"train.batch_size\"\nvalues = [4, 8, 16]"));
  expect_same_as_alone(scene("key = \"train.batch_size\"\nvalues = [4, 16]\ntogether = \"steps\""));
  RunSpec small = test::small_spec();
  small.epochs = 2;
  expect_same_as_alone(scene("key = \"train.optimizer\"\nvalues = [\"adam\", \"momentum\"]", small));
  expect_same_as_alone(scene("key = \"train.order_seed\"\nvalues = [5, 6]"));
  expect_same_as_alone(scene("key = \"train.augment\"\nvalues = [{}, {flip = true, shift = 0.1}]"));
  RunSpec residual = quick();
  residual.layers.clear();
  residual.network = "ct-resnet";
  residual.epochs = 1;
  expect_same_as_alone(scene("key = \"network.skip\"\nvalues = [true, false]", residual));
}

TEST(Race, AnotherOrderIsOfTheSameStart) {
  const toml::table table = scene("key = \"train.order_seed\"\nvalues = [5, 6]");
  const auto race = make_race(table);
  EXPECT_EQ(params_of(race->training_of(0)), params_of(race->training_of(1)));
  EXPECT_EQ(params_of(race->training_of(0)), params_of(*make_training(quick())));
  race->advance(3);
  EXPECT_NE(params_of(race->training_of(0)), params_of(race->training_of(1)));
}

TEST(Race, AllHaveMadeEquallyMany) {
  const auto epochs = make_race(scene("key = \"train.batch_size\"\nvalues = [4, 16]\nplane = \"random\""));
  const std::int64_t each = epochs->training_of(0).steps_per_epoch();
  epochs->advance(each);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(epochs->training_of(i).history().epochs.size(), 1u);
  const auto steps = make_race(
      scene("key = \"train.batch_size\"\nvalues = [4, 16]\nplane = \"random\"\ntogether = \"steps\""));
  steps->advance(2);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(steps->training_of(i).steps(), 2);
}

TEST(Race, ARewindIsTheSameRaceAgain) {
  const auto race = make_race(scene("key = \"start\"\nvalues = [7, 8]"));
  while (race->step()) {
  }
  const std::vector<float> end = params_of(race->training_of(1));
  const std::vector<PathPoint> path = race->lane(1).path();
  race->apply(command::Reset{race->facts().seed});
  EXPECT_EQ(race->state(), RunState::kReady);
  EXPECT_EQ(race->lane(1).path().size(), 1u);
  while (race->step()) {
  }
  EXPECT_EQ(params_of(race->training_of(1)), end);
  ASSERT_EQ(race->lane(1).path().size(), path.size());
  EXPECT_EQ(race->lane(1).path().back().a, path.back().a);
}

TEST(Race, TheRehearsalSaysWhatIsMeasured) {
  const auto race = make_race(scene("key = \"train.rate\"\nvalues = [0.001, 0.003]"));
  race->advance(7);
  race->catch_up();
  Training& second = race->training_of(1);
  const auto measured =
      second.program().evaluate(Framing(race->training_of(0)).path_probe(), {}, NormStatistics::kReestimated);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(race->lane(i).path().back().step, 7);
  EXPECT_FLOAT_EQ(race->lane(1).path().back().real_loss, static_cast<float>(measured.batch.loss));
}

TEST(Race, TheRehearsedPlaneHoldsAllPaths) {
  const auto race = make_race(scene("key = \"start\"\nvalues = [1, 2, 3]"));
  const LandscapeView before = race->view_landscape();
  EXPECT_EQ(before.plane->kind, DirectionKind::kPca);
  ASSERT_EQ(before.surfaces.size(), 1u);
  EXPECT_TRUE(before.surfaces[0].surface->ready()) << "it is shown at once";
  while (race->step()) {
  }
  for (std::size_t i = 0; i < race->size(); ++i) {
    EXPECT_FALSE(race->lane(i).ended()) << i;
    for (const PathPoint& point : race->lane(i).path()) EXPECT_TRUE(std::isfinite(point.a));
  }
}

TEST(Race, ARunThatDivergesEndsAlone) {
  const auto race = make_race(scene("key = \"train.rate\"\nvalues = [0.01, 1e6]", [] {
    RunSpec run = quick();
    run.optimizer = optimizer_info(OptimizerKind::kGradientDescent).defaults;
    return run;
  }()));
  while (race->step()) {
  }
  EXPECT_EQ(race->state(), RunState::kFinished);
  EXPECT_EQ(race->training_of(0).state(), RunState::kFinished);
  ASSERT_EQ(race->training_of(1).state(), RunState::kDiverged);
  test::PlainRing ring(race->capacity());
  ASSERT_TRUE(race->publish(ring, race->state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->header.several_paths, 2u);
  EXPECT_EQ(frame->facts.race.lanes, 2u);
  EXPECT_EQ(frame->facts.race.lane[0].diverged, 0u);
  EXPECT_EQ(frame->facts.race.lane[1].diverged, 1u);
  EXPECT_EQ(frame->header.paths[0].diverged, 0u);
  EXPECT_EQ(frame->header.paths[1].diverged, 1u);
  EXPECT_TRUE(std::isfinite(frame->header.paths[1].ball.a)) << "its last place";
  EXPECT_TRUE(std::isfinite(frame->facts.curve_loss_max));
  EXPECT_EQ(frame->facts.race.lane[0].epochs, 4u);
}

TEST(Race, AnotherNetworkHasCurvesAndNoPath) {
  RunSpec residual = quick();
  residual.layers.clear();
  residual.network = "ct-resnet";
  residual.epochs = 1;
  const auto race = make_race(scene("key = \"network.skip\"\nvalues = [true, false]", residual));
  race->advance(4);
  EXPECT_FALSE(race->lane(0).apart());
  EXPECT_TRUE(race->lane(1).apart());
  EXPECT_FALSE(race->lane(1).ended());
  EXPECT_TRUE(std::isnan(race->lane(1).path().back().a));
  EXPECT_TRUE(std::isfinite(race->lane(1).path().back().real_loss));
  residual.network = "ct-small";
  const auto dropout = make_race(scene("key = \"network.dropout\"\nvalues = [0.0, 0.5]", residual));
  EXPECT_FALSE(dropout->lane(1).apart()) << "evaluated, it is the same network";
}

TEST(Race, StopsWhereNobodyWaits) {
  const toml::table table = scene("key = \"start\"\nvalues = [1, 2]");
  const auto spec = parse_race_spec(table, RunSpec()).value();
  std::vector<RaceRun> runs;
  for (std::size_t i = 0; i < 2; ++i) runs.push_back({"", alone(table, *spec, i)});
  int asked = 0;
  EXPECT_EQ(Race::create(*spec, std::move(runs), [&](std::size_t, std::size_t) { return ++asked < 3; }),
            nullptr);
  EXPECT_EQ(asked, 3);
}

TEST(RaceKeys, WhatCannotBeIsSaidInASentence) {
  EXPECT_EQ(
      why_not("key = \"train.rate\"\nvalues = []"),
      "line 3: [race] values must be a list of 2 to 16 values, as in [0.001, 0.03, 1.0]; this one has none.");
  std::string thousand = "1";
  for (int i = 1; i < 1000; ++i) thousand += ", 1";
  EXPECT_EQ(
      why_not("key = \"train.rate\"\nvalues = [" + thousand + "]"),
      "line 3: [race] values must be a list of 2 to 16 values, as in [0.001, 0.03, 1.0]; this one has 1000.");
  EXPECT_EQ(
      why_not("key = \"train.rate\"\nvalues = [0.1, \"fast\"]"),
      "line 3: [race] values: \"fast\" will not do: [train] rate must be a number from 1e-12 to 1000000.");
  EXPECT_EQ(why_not("key = \"start\"\nvalues = [1, -2]"),
            "line 3: [race] values: -2 will not do: \"start\" is a seed, a whole number from 0 to "
            "9007199254740991.");
  EXPECT_EQ(why_not("key = \"train.sede\"\nvalues = [1, 2]").substr(0, 70),
            "line 2: [race] key: there is no key \"train.sede\" that a run could have");
  EXPECT_NE(why_not("key = \"train.rat\"\nvalues = [1, 2]").find("did you mean \"train.rate\"?"),
            std::string::npos);
  for (const char* shared : {"train.seed", "data.image_size", "landscape.grid", "network.backbone", "title"})
    EXPECT_NE(why_not(fmt::format("key = \"{}\"\nvalues = [1, 2]", shared)).find("cannot vary"),
              std::string::npos)
        << shared << ": " << why_not(fmt::format("key = \"{}\"\nvalues = [1, 2]", shared));
  EXPECT_NE(why_not("values = [1, 2]").find("[race] needs key"), std::string::npos);
  EXPECT_NE(why_not("key = \"train.rate\"").find("[race] needs values"), std::string::npos);
  const auto both = parse_race_spec(
      toml::parse("[two_parameters]\n[race]\nkey = \"train.rate\"\nvalues = [1, 2]\n"), RunSpec());
  EXPECT_NE(both.error().message.find("do not go together"), std::string::npos);
  EXPECT_FALSE(parse_race_spec(toml::table(), RunSpec())->has_value());
}

TEST(RaceKeys, RunsMayHaveNames) {
  const std::string race = "key = \"network.skip\"\nvalues = [true, false]\n";
  const auto named =
      parse_race_spec(toml::parse("[race]\n" + race + "names = [\"with\", \"without\"]"), RunSpec());
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_EQ(run_name(**named, 1), "without");
  EXPECT_EQ(run_value(**named, 1), "false");
  EXPECT_EQ(runs_word(**named), "run");
  EXPECT_EQ(run_name(*parse_race_spec(toml::parse("[race]\n" + race), RunSpec()).value(), 1), "false");
  EXPECT_EQ(why_not(race + "names = [\"with\"]"),
            "line 4: [race] names: 1 name for 2 runs; give each run a name, or leave names out.");
  EXPECT_NE(why_not(race + "names = [1, 2]").find("must be a list of texts"), std::string::npos);
  EXPECT_NE(why_not(race + "names = [\"a\", \"\"]").find("must be a list of texts"), std::string::npos);
  // As the run's own folder has it.
  toml::table written = race_keys().write(**named);
  EXPECT_EQ(parse_race_spec(toml::table{{"race", written}}, RunSpec()).value()->names, (*named)->names);
}

TEST(RaceKeys, RunsAreCalledByTheirValues) {
  RaceSpec race{.key = "network.init", .values = {"\"he\"", "\"zeros\""}};
  EXPECT_EQ(run_name(race, 1), "zeros");
  EXPECT_EQ(varied_word(race), "init");
  race = {.key = "train.batch_size", .values = {"4", "16"}};
  EXPECT_EQ(run_name(race, 1), "16");
  EXPECT_EQ(varied_word(race), "batch size");
}

}  // namespace
}  // namespace fl

// What the scenes of races say is seen on their own networks and images, over five seeds.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/race/race_report.h"

namespace fl {
namespace {

constexpr double kGuess = 0.6931471805599453;  // the loss of a guess between two classes: ln 2
constexpr int kSeeds = 5;

// What became of each run of a scene, with other images, starts and orders.
struct Ended {
  std::vector<RaceResult> runs;
  std::vector<History> histories;
};

Ended train(const std::string& name, int seed) {
  std::ifstream file(std::string(FALLLINE_SOURCE_DIR "/scenes/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  toml::table scene = parse_toml(text.str(), name).value();
  scene["train"].as_table()->insert_or_assign("seed", seed);
  const RaceSpec race = *parse_race_spec(scene, RunSpec()).value();
  Ended ended;
  std::ostringstream line;
  line << name << ", seed " << seed << ":";
  for (std::size_t i = 0; i < race.values.size(); ++i) {
    auto training =
        test::make_training(parse_run_spec(scene_of_run(scene, race, i).value(), RunSpec()).value());
    if (const auto start = start_of(race, i)) {
      EXPECT_TRUE(training->reset(*start).ok());
    }
    while (training->step()) {
    }
    ended.runs.push_back(race_result(run_name(race, i), *training));
    ended.histories.push_back(training->history());
    const RaceResult& one = ended.runs.back();
    line << fmt::format("  {} loss {:.4f} test {:.3f}{}", one.value, one.loss, one.test_accuracy,
                        one.diverged ? " diverged" : "");
  }
  std::printf("%s\n", line.str().c_str());
  std::fflush(stdout);
  return ended;
}

TEST(RaceClaims, OfFourRatesOneArrives) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("learning-rates.toml", seed);
    const RaceResult &slow = runs[0], &good = runs[1], &bouncing = runs[2], &far = runs[3];
    EXPECT_GT(slow.loss, 0.65) << "it has not arrived";
    EXPECT_LT(good.loss, 0.4);
    EXPECT_GT(bouncing.loss, good.loss);
    EXPECT_TRUE(far.diverged || far.loss > kGuess - 0.01) << far.loss;
  }
}

TEST(RaceClaims, ZerosNeverLearn) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("initialisations.toml", seed);
    EXPECT_LT(runs[0].loss, 0.5);
    EXPECT_LT(runs[1].loss, 0.5);
    for (const EpochRecord& epoch : histories[2].epochs) EXPECT_NEAR(epoch.loss, kGuess, 0.01);
  }
}

TEST(RaceClaims, TheSizeOfTheStartMatters) {
  int ends_far_above = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("start-sizes.toml", seed);
    EXPECT_NEAR(runs[0].loss, kGuess, 0.01);
    EXPECT_LT(runs[1].loss, 0.5);
    EXPECT_GT(histories[2].steps.front().loss, 100 * kGuess);
    ends_far_above += runs[2].loss > 10 ? 1 : 0;
  }
  EXPECT_EQ(ends_far_above, 3) << "the scene says so";
}

TEST(RaceClaims, GradientDescentEndsAboveTheOthers) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("optimizers.toml", seed);
    EXPECT_GT(runs[0].loss, runs[1].loss) << "momentum";
    EXPECT_GT(runs[0].loss, runs[2].loss) << "Adam";
  }
}

TEST(RaceClaims, SmallBatchesEndLowest) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("batch-size.toml", seed);
    EXPECT_LT(runs[0].loss, runs[1].loss);
    EXPECT_LT(runs[1].loss, runs[2].loss);
    EXPECT_EQ(runs[0].steps, 780);
    EXPECT_EQ(runs[2].steps, 60);
  }
}

TEST(RaceClaims, AnotherOrderEndsElsewhere) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const auto [runs, histories] = train("batch-order.toml", seed);
    const auto [low, high] = std::ranges::minmax(runs, {}, &RaceResult::loss);
    EXPECT_GT(high.loss, 2 * low.loss);
  }
}

}  // namespace
}  // namespace fl

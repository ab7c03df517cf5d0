// What the scene of a run's fate says is seen on its own network and images, over five seeds.
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/fate/fate.h"

namespace fl {
namespace {

constexpr int kSeeds = 5, kOften = 5;  // seeds, of which so many show it at least
constexpr double kHigh = 0.2, kGone = 0.02;

// A ridge is high above `kHigh`, and has gone below `kGone`.
TEST(FateClaims, ClonesOfTheStartArePartedByARidgeAndLateOnesAreNot) {
  std::ifstream file(std::string(FALLLINE_SOURCE_DIR "/scenes/fate.toml"));
  std::ostringstream text;
  text << file.rdbuf();
  toml::table scene = parse_toml(text.str(), "fate.toml").value();
  int parted = 0, joined = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    scene["train"].as_table()->insert_or_assign("seed", seed);
    const auto run = test::make_training(parse_run_spec(scene, RunSpec()).value());
    Fate fate(*run);
    while (const std::int64_t made = run->advance(fate.steps_to_fork(run->total_steps()))) fate.follow(made);
    std::string line = fmt::format("fate.toml, seed {}:", seed);
    for (const Fate::Pair& pair : fate.pairs()) {
      ASSERT_EQ(pair.state, FateState::kSealed);
      line += fmt::format("  {}: {:.4f} over {:.4f} {:.4f}", pair.step, pair.ridge, pair.losses.front(),
                          pair.losses.back());
    }
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
    const double first = fate.pairs().front().ridge, last = fate.pairs().back().ridge;
    parted += first > kHigh ? 1 : 0;
    joined += last < kGone ? 1 : 0;
  }
  EXPECT_GE(parted, kOften);
  EXPECT_GE(joined, kOften);
}

}  // namespace
}  // namespace fl

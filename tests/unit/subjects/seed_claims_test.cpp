// What the scene of a thousand seeds says is seen on its own network and images, over five sets of seeds that
// have none in common.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/group/run_group.h"
#include "trainer/subjects/sweep_map/seed_bars.h"

namespace fl {
namespace {

constexpr int kSets = 5, kRuns = 25;

SeedFacts facts_of(const RunSpec& spec, int set) {
  std::vector<GroupRun> runs;
  for (int i = 0; i < kRuns; ++i)
    runs.push_back({spec, static_cast<std::uint64_t>(set) * kRuns + static_cast<std::uint64_t>(i) + 1});
  const Dataset data = load_dataset(spec.data, {}, spec.seed).value();
  auto group = RunGroup::create(runs, data);
  EXPECT_TRUE(group) << group.error().message;
  (*group)->advance((*group)->run(0).total_steps());
  SweepResults results;
  for (std::size_t i = 0; i < (*group)->size(); ++i) {
    Training& run = (*group)->run(i);
    results.push_back(CellResult{.cell = i,
                                 .state = report_state(run.state()),
                                 .test_accuracy = run.history().epochs.back().test_accuracy,
                                 .test_images = run.split().test.size(),
                                 .weights = {},
                                 .note = {}});
  }
  std::vector<float> bars;
  return seed_bars(results, bars);
}

TEST(SeedClaims, StartsSpreadAboutAsFarAsChanceOnSoFewTestImages) {
  std::ifstream file(std::string(FALLLINE_SOURCE_DIR "/scenes/seeds.toml"));
  std::ostringstream text;
  text << file.rdbuf();
  const toml::table scene = parse_toml(text.str(), "seeds.toml").value();
  const RunSpec spec = parse_run_spec(scene, RunSpec()).value();
  int alike = 0;
  for (int set = 0; set < kSets; ++set) {
    const SeedFacts facts = facts_of(spec, set);
    std::printf("set %d: mean %.3f, spread %.4f, chance %.4f\n", set + 1, static_cast<double>(facts.mean),
                static_cast<double>(facts.spread), static_cast<double>(facts.chance_spread));
    EXPECT_EQ(facts.runs, static_cast<std::uint32_t>(kRuns));
    EXPECT_EQ(facts.test_images, 40u);
    EXPECT_GT(facts.mean, 0.6F) << "guessing spreads like coins";
    const float ratio = facts.spread / facts.chance_spread;
    alike += ratio > 2.0F / 3 && ratio < 4.0F / 3 ? 1 : 0;
  }
  EXPECT_GE(alike, 4) << "of " << kSets;
}

}  // namespace
}  // namespace fl

// What scenes say of forks is seen on their own networks and images, over five seeds.
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/forks/fork_change.h"

namespace fl {
namespace {

constexpr int kSeeds = 5, kOften = 4;  // seeds, of which so many show it at least

toml::table scene_of_seed(const std::string& name, int seed) {
  std::ifstream file(std::string(FALLLINE_SOURCE_DIR "/scenes/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  toml::table scene = parse_toml(text.str(), name).value();
  scene["train"].as_table()->insert_or_assign("seed", seed);
  return scene;
}

std::unique_ptr<Training> open(const toml::table& scene) {
  return test::make_training(parse_run_spec(scene, RunSpec()).value());
}

void go_to(Training& training, std::int64_t step) {
  while (training.steps() < step && training.advance(step - training.steps()) > 0) {
  }
}

double loss_of(Training& training) {
  return training.program().evaluate(training.split().train, {}, NormStatistics::kReestimated).batch.loss;
}

// The steps at which the scene's timeline forks the run.
std::vector<std::int64_t> fork_steps(const toml::table& scene) {
  std::vector<std::int64_t> steps;
  for (const toml::node& entry : *scene["timeline"].as_array()) {
    const toml::table& table = *entry.as_table();
    if (table["do"].value_or(std::string()) == "fork river") steps.push_back(*table["step"].value<std::int64_t>());
  }
  return steps;
}

TEST(ForkClaims, TheRiverLiesUnderThePath) {
  const std::size_t count = fork_steps(scene_of_seed("river.toml", 1)).size();
  ASSERT_EQ(count, 2u);
  std::vector<int> lower(count);
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const toml::table scene = scene_of_seed("river.toml", seed);
    const auto run = open(scene);
    std::string line = fmt::format("river.toml, seed {}:", seed);
    const std::vector<std::int64_t> steps = fork_steps(scene);
    for (std::size_t i = 0; i < count; ++i) {
      go_to(*run, steps[i]);
      const double before = loss_of(*run);
      Course fork = run->course();
      run->exchange(fork);
      change(*run, ForkChange::kRiver, 1);
      go_to(*run, run->total_steps());
      const std::int64_t end = run->steps();
      const double fallen = loss_of(*run);
      run->exchange(fork);
      // The run goes up and down from step to step: its mean over an epoch about there.
      go_to(*run, end - run->steps_per_epoch());
      double beside = 0;
      for (std::int64_t s = 0; s < run->steps_per_epoch(); ++s) {
        go_to(*run, run->steps() + 1);
        beside += loss_of(*run) / static_cast<double>(run->steps_per_epoch());
      }
      line += fmt::format("  from {} at {:.4f} to {}: {:.4f}, the run {:.4f}", steps[i], before, end, fallen, beside);
      lower[i] += fallen < beside ? 1 : 0;
    }
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  }
  for (std::size_t i = 0; i < count; ++i) EXPECT_GE(lower[i], kOften) << "fork " << i + 1;
}

}  // namespace
}  // namespace fl

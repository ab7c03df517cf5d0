// What the scene at the edge of stability says is seen on its own network and images, over five seeds.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/curvature/live_curvature.h"

namespace fl {
namespace {

constexpr int kSeeds = 5;

RunSpec scene_with_seed(const std::string& name, int seed) {
  std::ifstream file(std::string(FALLLINE_SOURCE_DIR "/scenes/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  toml::table scene = parse_toml(text.str(), name).value();
  scene["train"].as_table()->insert_or_assign("seed", seed);
  return parse_run_spec(scene, RunSpec()).value();
}

// Its curvatures, all of them measured.
History train(const RunSpec& spec) {
  auto training = test::make_training(spec);
  LiveCurvature curvature(*training);
  curvature.complete();
  while (training->advance(curvature.steps_to_moment(training->burst())) > 0) {
    curvature.after_steps();
    curvature.complete();
  }
  return training->history();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Of the steps between two, the share that raises the loss.
double rising(const std::vector<StepRecord>& steps, std::int64_t from, std::int64_t to) {
  double rose = 0, all = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].step <= from || steps[i].step > to) continue;
    all += 1;
    rose += steps[i].loss > steps[i - 1].loss ? 1 : 0;
  }
  return all > 0 ? rose / all : 0;
}

TEST(CurvatureClaims, SharpnessRisesToTheLimitAndStaysAboutIt) {
  int holds = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    RunSpec spec = scene_with_seed("edge-of-stability.toml", seed);
    spec.landscape.curvature = 10;  // every second of its measurements says as much
    const double limit = 2 / spec.rate;
    const History history = train(spec);
    const auto& all = history.curvatures;
    ASSERT_FALSE(all.empty());
    const auto there =
        std::ranges::find_if(all, [&](const CurvatureRecord& one) { return one.largest >= 0.7 * limit; });
    ASSERT_NE(there, all.end());
    std::vector<double> after;
    for (auto one = there; one != all.end(); ++one) after.push_back(one->largest / limit);
    const double first = all.front().largest / limit, stays = median(after);
    const double most = *std::ranges::max_element(after);
    const std::int64_t end = all.back().step;
    const double before = rising(history.steps, 0, there->step);
    const double then = rising(history.steps, there->step, end);
    std::printf(
        "seed %d: starts at %.2f of the limit, comes to 0.7 at step %d of %d, then %.2f, at most %.2f; of the steps "
        "%.2f rise before, %.2f after; loss %.3f\n",
        seed, first, static_cast<int>(there->step), static_cast<int>(end), stays, most, before, then,
        history.steps.back().loss);
    std::fflush(stdout);
    const bool rises = first < 0.2 && there->step < end / 2 && before < 0.05;
    holds += rises && stays > 0.7 && stays < 1.3 && then > 0.2 ? 1 : 0;
    EXPECT_LT(history.steps.back().loss, history.steps[static_cast<std::size_t>(there->step)].loss);
  }
  EXPECT_GE(holds, 4) << "of five seeds";
}

}  // namespace
}  // namespace fl

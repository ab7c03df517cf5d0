// What the scene of skip connections says is seen on its own networks and images, over five seeds.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/race/race_spec.h"
#include "trainer/subjects/roughness/run_roughness.h"

namespace fl {
namespace {

constexpr int kSeeds = 5, kOften = 4;  // seeds, of which so many show it at least

toml::table scene_of_seed(int seed) {
  std::ifstream file(FALLLINE_SOURCE_DIR "/scenes/skip-connections.toml");
  std::ostringstream text;
  text << file.rdbuf();
  toml::table scene = parse_toml(text.str(), "skip-connections.toml").value();
  scene["train"].as_table()->insert_or_assign("seed", seed);
  scene["train"].as_table()->insert_or_assign("threads", 1);  // the same bytes everywhere
  return scene;
}

TEST(SkipClaims, WithoutSkipsTheSliceIsRougher) {
  int rougher = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const toml::table scene = scene_of_seed(seed);
    const RaceSpec race = *parse_race_spec(scene, RunSpec()).value();
    ASSERT_EQ(race.values, (std::vector<std::string>{"true", "false"}));
    std::vector<RunRoughness> found;
    std::string line = fmt::format("skip-connections.toml, seed {}:", seed);
    for (std::size_t i = 0; i < race.values.size(); ++i) {
      const auto training =
          test::make_training(parse_run_spec(scene_of_run(scene, race, i).value(), RunSpec()).value());
      while (training->step()) {
      }
      const auto rough = measure_roughness(*training);
      ASSERT_TRUE(rough);
      found.push_back(*rough);
      const EpochRecord& last = training->history().epochs.back();
      line +=
          fmt::format("  {}: loss {:.4f} test {:.3f} roughness {:.3f} ({:.3f} to {:.3f})", run_name(race, i),
                      last.loss, last.test_accuracy, rough->value, rough->least, rough->most);
    }
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
    rougher += found[0].value < 1.2 && found[1].value > 1.2 ? 1 : 0;
  }
  EXPECT_GE(rougher, kOften) << "of five seeds";
}

}  // namespace
}  // namespace fl

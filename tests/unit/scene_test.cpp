// Scenes say what is wrong with them, where, and what would be right.
#include <gtest/gtest.h>

#include "trainer/base/scene_table.h"
#include "trainer/run/run_spec.h"

namespace fl {
namespace {

std::string failure(const char* text) {
  const auto spec = parse_run_spec(toml::parse(text), RunSpec{});
  return spec ? "" : spec.error().message;
}

TEST(RunSpec, ReadsWhatItSaysAndKeepsDefaultsElsewhere) {
  const auto spec = parse_run_spec(toml::parse(R"(
    title = "Two rates"
    [train]
    rate = 1e-2
    optimizer = "gradient-descent"
    seed = 9
    [landscape]
    grid = 65
    [data]
    phantom_counts = [30, 1000]
  )"),
                                   RunSpec{});
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->title, "Two rates");
  EXPECT_EQ(spec->rate, 1e-2);
  EXPECT_EQ(spec->optimizer.kind, OptimizerKind::kGradientDescent);
  EXPECT_EQ(spec->seed, 9u);
  EXPECT_EQ(spec->landscape.grid, 65);
  EXPECT_EQ(spec->data.phantom_counts, (std::vector<int>{30, 1000}));
  EXPECT_EQ(spec->batch_size, 16);
}

TEST(RunSpec, NamesLineAndNearestKey) {
  const std::string message = failure("[train]\nepochs = 3\nlearning_rat = 0.1\n");
  EXPECT_NE(message.find("line 3"), std::string::npos) << message;
  EXPECT_NE(failure("[train]\nepoch = 3\n").find("did you mean \"epochs\""), std::string::npos);
}

TEST(RunSpec, RefusesImpossibleValues) {
  EXPECT_NE(failure("[train]\nepochs = 0").find("whole number from 1"), std::string::npos);
  EXPECT_NE(failure("[train]\nepochs = 2.5").find("whole number"), std::string::npos);
  EXPECT_NE(failure("[train]\nrate = -1").find("a number from"), std::string::npos);
  EXPECT_NE(failure("[train]\nrate = nan").find("a number from"), std::string::npos);
  EXPECT_NE(failure("[train]\nrate = \"fast\"").find("a number from"), std::string::npos);
  EXPECT_NE(failure("[train]\noptimizer = \"adm\"").find("adam or gradient-descent"), std::string::npos);
  EXPECT_NE(failure("[landscape]\ngrid = 20").find("33"), std::string::npos);
  EXPECT_NE(failure("[data]\nphantom_counts = [30]").find("list of 2"), std::string::npos);
  EXPECT_NE(failure("[data]\nchannels = 2").find("1 (luminance) or 3"), std::string::npos);
}

TEST(Scene, UnknownTablesAreErrors) {
  const auto scene = toml::parse("[trian]\nepochs = 3\n");
  const auto result = check_tables(scene, run_tables());
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("\"train\""), std::string::npos);
}

TEST(NearestName, CountsEdits) {
  EXPECT_EQ(nearest_name("bath_size", {"epochs", "batch_size", "rate"}), "batch_size");
  EXPECT_EQ(nearest_name("x", {}), "");
}

}  // namespace
}  // namespace fl

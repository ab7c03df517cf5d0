#include "trainer/subjects/descents/descents.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "trainer/subjects/descents/descents_spec.h"

namespace fl {
namespace {

using test::PlainRing;

void run_to_the_end(Descents& descents) {
  while (descents.step()) {
  }
}

// Nothing where the scene is wrong; then `why` says so.
std::optional<DescentsSpec> parse(const char* scene, std::string& why) {
  const auto spec = parse_descents_spec(toml::parse(scene));
  if (!spec) {
    why = spec.error().message;
    return {};
  }
  return *spec;
}

TEST(Descents, PartWaysOnTheLocalMinimum) {
  Descents descents({.optimizers = {"gradient-descent", "momentum", "adam"}});
  run_to_the_end(descents);
  EXPECT_EQ(descents.state(), RunState::kFinished);
  EXPECT_EQ(descents.steps(), 300);
  EXPECT_NEAR(descents.position(0)[0], 0.91, 0.02) << "gradient descent stays in the near hollow";
  EXPECT_NEAR(descents.position(1)[0], -0.97, 0.03) << "momentum reaches the deep one";
  EXPECT_NEAR(descents.position(2)[0], -0.97, 0.03);
}

TEST(Descents, AreTheTrainersOwnUpdates) {
  Descents descents({.surface = "global-minimum", .optimizers = {"gradient-descent"}, .rate = 0.1});
  descents.step();
  // x - 0.1 * 2 x
  EXPECT_NEAR(descents.position(0)[0], 1.5 * 0.8, 1e-6);
  EXPECT_NEAR(descents.position(0)[1], 1.1 * 0.8, 1e-6);
}

TEST(Descents, EveryPresetStaysOnThePicture) {
  for (const std::string& surface : two_parameter_names()) {
    Descents descents({.surface = surface});
    const double before = descents.function().value(descents.position(0));
    run_to_the_end(descents);
    EXPECT_EQ(descents.state(), RunState::kFinished) << surface;
    for (std::size_t i = 0; i < descents.path_names().size(); ++i)
      EXPECT_LT(descents.function().value(descents.position(i)), before)
          << surface << ", " << descents.path_names()[i];
  }
}

TEST(Descents, ARateTooLargeDivergesAndKeepsItsPath) {
  Descents descents({.surface = "global-minimum", .optimizers = {"gradient-descent", "adam"}, .rate = 1.5});
  run_to_the_end(descents);
  PlainRing ring(descents.capacity());
  ASSERT_TRUE(descents.publish(ring, descents.state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->header.paths[0].diverged, 1u);
  EXPECT_EQ(frame->header.paths[1].diverged, 0u);
  EXPECT_GT(frame->header.paths[0].count, 1u);
  EXPECT_TRUE(std::isfinite(frame->header.paths[0].ball.real_loss));
}

TEST(Descents, WriteWhatTheHeaderSays) {
  Descents descents({.surface = "saddle-point", .steps = 20, .grid = 33});
  for (int i = 0; i < 7; ++i) descents.step();
  PlainRing ring(descents.capacity());
  ASSERT_TRUE(descents.publish(ring, RunState::kTraining, 3));
  const auto frame = ring.read();
  ASSERT_TRUE(frame.has_value());
  const Frame& h = *frame;
  EXPECT_EQ(h.header.several_paths, optimizer_names().size());
  EXPECT_TRUE(h.facts.grid_ready && h.facts.grid_finished);
  EXPECT_EQ(h.facts.grid_error, 0) << "every point is evaluated";
  EXPECT_EQ(h.header.path_count, 8u);
  EXPECT_EQ(h.facts.directions, DirectionKind::kParameters);
  for (std::uint32_t i = 0; i < h.header.several_paths; ++i) {
    const FramePath& path = h.header.paths[i];
    EXPECT_EQ(path.first, i * 8);
    const PathPoint& last = frame->slot.path()[path.first + path.count - 1];
    EXPECT_EQ(last.step, 7);
    EXPECT_EQ(last.a, path.ball.a);
    EXPECT_EQ(last.real_loss, last.slice_loss);
    EXPECT_NEAR(static_cast<double>(last.a), descents.position(i)[0], 1e-6);
  }
  // Row b, column a: the middle of the grid is (0, 0).
  EXPECT_FLOAT_EQ(frame->slot.heights()[16 * 33 + 16], 0.0f);
  EXPECT_NEAR(frame->slot.heights()[16 * 33 + 32], std::sin(2.0), 1e-6);
}

TEST(Descents, StartAnewAndTakeASharedRate) {
  Descents descents({.surface = "global-minimum", .optimizers = {"momentum"}});
  run_to_the_end(descents);
  EXPECT_FALSE(descents.step());
  descents.apply(command::Reset{1});
  EXPECT_EQ(descents.steps(), 0);
  EXPECT_EQ(descents.state(), RunState::kReady);
  descents.apply(command::SetRate{0.25});
  descents.step();
  EXPECT_NEAR(descents.position(0)[0], 0.75, 1e-6) << "the velocity, too, starts from zero";
}

TEST(DescentsSpec, SaysWhatIsWrong) {
  std::string why;
  EXPECT_TRUE(
      parse("[two_parameters]\nsurface = \"hills\"\noptimizers = [\"adam\", \"qhm\"]\nsteps = 9", why));
  EXPECT_EQ(why, "");
  EXPECT_FALSE(parse("[two_parameters]\nsurface = \"hill\"", why));
  EXPECT_NE(why.find("line 2: [two_parameters] surface must be local-minimum"), std::string::npos) << why;
  EXPECT_FALSE(parse("[two_parameters]\noptimizers = [\"adam\", \"adan\"]", why));
  EXPECT_NE(why.find(fmt::format("a list of 1 to {} of these: gradient-descent", kFrameMaxPaths)), std::string::npos) << why;
  EXPECT_FALSE(parse("[two_parameters]\nsurfaces = \"hills\"", why));
  EXPECT_NE(why.find("did you mean \"surface\""), std::string::npos) << why;
  EXPECT_FALSE(parse("[two_parameters]\n[train]\nrate = 1", why));
  EXPECT_NE(why.find("do not go together"), std::string::npos) << why;
  EXPECT_FALSE(parse("[two_parameters]\ngrid = 100", why));
  EXPECT_NE(why.find("halves the cells"), std::string::npos) << why;
}

}  // namespace
}  // namespace fl

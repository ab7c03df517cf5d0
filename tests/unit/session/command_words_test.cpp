// Commands as a scene's timeline says them.

#include "trainer/session/command_words.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(CommandWords, AreThoseOfSessionFiles) {
  const auto expect = [](const std::string& words, const Command& wanted) {
    const auto command = command_in_words(words);
    ASSERT_TRUE(command.ok()) << words << ": " << command.error().message;
    EXPECT_EQ(*command, wanted) << words;
  };
  expect("rate 0.1", command::SetRate{0.1});
  expect("rate  1e-3", command::SetRate{1e-3});
  expect("optimizer adam", command::SetOptimizer{OptimizerKind::kAdam});
  expect("reset 7", command::Reset{7});
  expect("grid 65", command::SetGrid{65});
  expect("curvature 10", command::MeasureCurvature{10});
  expect("heat on", command::ShowHeat{true});
  expect("heights log", command::ShowHeights{LossScale::kLog});
  expect("surfaces both", command::SetSurfaces{SurfaceSets::kBoth});
  expect("plane random", command::SetPlane{{.directions = DirectionKind::kRandom}});
  expect("start 1, -1.5", command::SetStart{{1, -1.5}});
  expect("surface hills", command::SetSurface{"hills"});
  expect("surface x^2 + z^2", command::SetSurface{{}, "x^2 + z^2"});
  expect("phases adam", command::ShowPhases{"adam"});
  expect("fork river", command::MakeFork{ForkChange::kRiver});
  expect("fork-step 24", command::ChooseForkStep{24});
  expect("fork rate x 10", command::MakeFork{ForkChange::kRateUp});
  expect("fork rate / 10", command::MakeFork{ForkChange::kRateDown});
  expect("remove-fork 2", command::RemoveFork{2});
}

TEST(CommandWords, SayWhatThereIsNot) {
  const auto said = [](const std::string& words) {
    const auto command = command_in_words(words);
    return command ? "" : command.error().message;
  };
  EXPECT_NE(said("rat 0.1").find("rate"), std::string::npos);
  EXPECT_NE(said("rate").find("a number"), std::string::npos);
  EXPECT_NE(said("rate fast").find("a number"), std::string::npos);
  EXPECT_NE(said("play").find("pace"), std::string::npos);
  EXPECT_NE(said("pixels a.png").find("no command"), std::string::npos);
  EXPECT_NE(said("").find("no command"), std::string::npos);
  EXPECT_NE(said("surface x +"), "");
  EXPECT_NE(said("start 1"), "");
  EXPECT_EQ(said("fork sideways"),
            "the value of \"fork\" must be river, order, rate x 10, rate / 10 or optimizer.");
  EXPECT_NE(said("remove-fork 16"), "");
}

}  // namespace
}  // namespace fl

// Whether a head on a backbone learns, or a network from scratch, where the scene leaves it open.
#include "trainer/subjects/network/network_choice.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

RunSpec read(const toml::table& scene) {
  const auto run = parse_run_spec(scene, RunSpec{});
  EXPECT_TRUE(run.ok()) << run.error().message;
  return run.ok() ? *run : RunSpec{};
}

struct Completed {
  RunSpec run;
  std::string why, words;
};
Completed complete(const char* text, const TmSettings& settings = {30, 8, 0.002}) {
  toml::table scene = toml::parse(text);
  const std::string why = complete_with_project(scene, settings).value_or("");
  const RunSpec run = read(scene);
  return {run, why, network_words(scene, run)};
}

TEST(NetworkChoice, AProjectIsTrainedAsItSays) {
  const auto [run, why, words] = complete("[data]\nsource = \"a.tm\"");
  EXPECT_EQ(run.backbone, "phantom");
  EXPECT_EQ(run.head, std::vector<int>{100});
  EXPECT_EQ(run.data.image_size, 112);
  EXPECT_EQ(run.init, "tm-truncated");
  EXPECT_EQ(run.epochs, 30);
  EXPECT_EQ(run.batch_size, 8);
  EXPECT_EQ(run.rate, 0.002);
  EXPECT_EQ(run.shuffle, "once");
  EXPECT_EQ(why, "");
  EXPECT_EQ(words, "transfer: phantom backbone");
}

TEST(NetworkChoice, TheSceneHasTheLastWord) {
  const auto said =
      complete("[train]\nepochs = 3\nshuffle = \"epoch\"\n[network]\nbackbone = \"some/model.zip\"");
  EXPECT_EQ(said.run.epochs, 3);
  EXPECT_EQ(said.run.batch_size, 8);
  EXPECT_EQ(said.run.shuffle, "epoch");
  EXPECT_EQ(said.words, "transfer: model.zip");
  EXPECT_EQ(complete("[network]\nhead = [20]\ninit = \"he\"").run.backbone, "phantom");
  EXPECT_EQ(complete("[network]\nunfreeze = 1").run.backbone, "phantom");
  const auto none = complete("[network]\nbackbone = \"none\"");
  EXPECT_EQ(none.run.backbone, "");
  EXPECT_EQ(none.why, "");
  EXPECT_EQ(none.words, "from scratch");
}

// A head on our own backbone learns from mirrored images, and from a smaller start; on another's it learns as
// Teachable Machine does.
TEST(NetworkChoice, OurOwnBackboneSeesMirrorsToo) {
  EXPECT_TRUE(complete("").run.mirror);
  EXPECT_EQ(complete("").run.init_scale, 0.5);
  EXPECT_EQ(complete("[network]\ninit_scale = 2").run.init_scale, 2);
  EXPECT_EQ(complete("[network]\ninit = \"he\"").run.init_scale, 1) << "a start of one's own";
  EXPECT_EQ(complete("[network]\nbackbone = \"some/model.zip\"").run.init_scale, 1);
  EXPECT_TRUE(complete("[network]\nbackbone = \"mine.safetensors\"").run.mirror);
  EXPECT_FALSE(complete("[train]\nmirror = false").run.mirror);
  EXPECT_FALSE(complete("[network]\nbackbone = \"some/model.zip\"").run.mirror);
  EXPECT_FALSE(complete("[network]\nunfreeze = 1").run.mirror);
  EXPECT_FALSE(complete("[network]\nbackbone = \"none\"").run.mirror);
  EXPECT_FALSE(read(toml::parse("[network]\nbackbone = \"phantom\"")).mirror) << "no project";
}

// From scratch a project's images are larger than a lesson's phantoms and change, and a head's rate would
// teach nothing; whatever the scene says stands.
TEST(NetworkChoice, FromScratchAProjectGetsWhatSuitsPhotographs) {
  const char* const scratch = "[network]\nbackbone = \"none\"\n";
  const RunSpec run = complete(scratch, {30, 8, 5e-5}).run;
  EXPECT_EQ(run.data.image_size, 112);
  EXPECT_EQ(run.data.channels, kAutoChannels) << "colour where there is any";
  EXPECT_TRUE(run.augment.flip);
  EXPECT_GT(run.augment.rotate, 0);
  EXPECT_GT(run.augment.shift, 0);
  EXPECT_EQ(run.rate, 1e-3);
  EXPECT_EQ(run.epochs, 30);
  EXPECT_EQ(complete(scratch, {30, 8, 0.02}).run.rate, 0.02);
  const RunSpec said =
      complete("[network]\nbackbone = \"none\"\n[data]\nimage_size = 48\n[train]\naugment = {}\nrate = 1e-4")
          .run;
  EXPECT_EQ(said.data.image_size, 48);
  EXPECT_FALSE(said.augment.any());
  EXPECT_EQ(said.rate, 1e-4);
  const RunSpec own = complete("[network]\nname = \"mlp\"").run;
  EXPECT_EQ(own.data.image_size, 64) << "who chooses the network chooses its images";
  EXPECT_FALSE(own.augment.any());
  EXPECT_EQ(complete("", {30, 8, 5e-5}).run.rate, 5e-5) << "a head has the file's";
}

TEST(NetworkChoice, WhatOnlyAScratchNetworkHasMeansOne) {
  const std::pair<const char*, const char*> cases[] = {
      {"[network]\nname = \"mlp\"", "network.name"},
      {"[network]\nskip = true", "network.skip"},
      {"[network]\nblocks = 3", "network.blocks"},
      {"[network]\ndropout = 0.5", "network.dropout"},
      {"[network]\nlayers = [{kind = \"dense\"}]", "network.layers"},
      {"[data]\nimage_size = 64", "data.image_size"},
      {"[data]\nchannels = 1", "data.channels"},
      {"[data]\nstandardise = false", "data.standardise"},
      {"[train]\naugment = {flip = true}", "train.augment"}};
  for (const auto& [text, key] : cases) {
    const auto [run, why, words] = complete(text);
    EXPECT_EQ(why, key);
    EXPECT_EQ(run.backbone, "") << text;
    EXPECT_EQ(run.epochs, 30) << text;
    EXPECT_EQ(words, "from scratch") << text;
  }
  // What is the same either way decides nothing.
  for (const char* text : {"[data]\nimage_size = 112", "[data]\nchannels = 3", "[data]\nstandardise = true",
                           "[data]\ncolour_range = [50, 90]"})
    EXPECT_EQ(complete(text).run.backbone, "phantom") << text;
}

TEST(NetworkChoice, LeavesOutWhatAProjectHasWrong) {
  const auto [run, why, words] =
      complete("", {.epochs = 50, .batch_size = 4, .faults = {{"epochs", Error{"0"}}}});
  EXPECT_EQ(run.epochs, RunSpec{}.epochs);
  EXPECT_EQ(run.batch_size, 4);
}

TEST(NetworkChoice, AnySceneCanBeSwitched) {
  const char* const scenes[] = {
      "",
      "[network]\nlayers = [{kind = \"dense\"}]",
      "[network]\nname = \"ct-resnet\"\nskip = false\ndropout = 0.2",
      "[data]\nimage_size = 48\nchannels = 1\nstandardise = false\n[train]\naugment = {flip = true}",
      "[data]\ncolour_range = [50, 90]",
      "[network]\nbackbone = \"model.zip\"\nhead = [7, 5]\ninit = \"export\"",
      "[network]\nbackbone = \"phantom\"\nunfreeze = 2\n[train]\nbackbone_rate = 0.5",
      "[network]\nbackbone = \"phantom\"\n[train]\nmirror = true",
      "[network]\nbackbone = \"none\"\nname = \"mlp\""};
  for (const char* text : scenes) {
    toml::table scene = toml::parse(text);
    choose_network(scene, NetworkChoice::kTransfer);
    const RunSpec transfer = read(scene);
    EXPECT_EQ(transfer.backbone, "phantom") << text;
    EXPECT_EQ(network_words(scene, transfer), "transfer: phantom backbone") << text;
    scene = toml::parse(text);
    choose_network(scene, NetworkChoice::kScratch);
    const RunSpec scratch = read(scene);
    EXPECT_EQ(scratch.backbone, "") << text;
    EXPECT_EQ(network_words(scene, scratch), "from scratch") << text;
  }
}

TEST(NetworkChoice, FromScratchNothingOfTheHeadStays) {
  toml::table scene =
      toml::parse("[network]\nbackbone = \"phantom\"\ninit_scale = 0.5\n[train]\nmirror = true");
  choose_network(scene, NetworkChoice::kScratch);
  EXPECT_EQ(read(scene).init_scale, 1);
  EXPECT_FALSE(read(scene).mirror);
}

TEST(NetworkChoice, APictureSaysItOnlyWhereTheSceneDoes) {
  const toml::table scene = toml::parse("[network]\nname = \"mlp\"");
  EXPECT_EQ(network_words(scene, read(scene)), "");
}

}  // namespace
}  // namespace fl

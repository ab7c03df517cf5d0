// A Teachable Machine project opens as transfer, however it is named; a run's own scene as what it was.
#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "engine/app/opening/opening.h"
#include "tests/unit/data/data_support.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

class ProjectScene : public ::testing::Test {
 protected:
  ProjectScene() {
    std::vector<LabelledImage> images;
    for (unsigned i = 0; i < 8; ++i)
      images.push_back({static_cast<int>(i % 2), test::test_picture(40, 3, i)});
    EXPECT_TRUE(write_tm_project(folder_ / "a.tm", {7, 4, 0.003}, {"dark", "light"}, images));
    write("lesson.toml", "[data]\nsource = \"a.tm\"\n");
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  SceneFile open(const std::string& name, const std::vector<std::string>& overrides = {},
                 std::optional<NetworkChoice> network = {}) {
    auto scene = open_scene((folder_ / name).string(), overrides, {}, network);
    EXPECT_TRUE(scene.ok()) << scene.error().message;
    return scene.ok() ? *std::move(scene) : SceneFile{};
  }
  test::TempFolder folder_;
};

TEST_F(ProjectScene, ASceneOfAProjectIsTheProject) {
  for (const char* name : {"a.tm", "lesson.toml"}) {
    const SceneFile scene = open(name);
    EXPECT_EQ(scene.run.backbone, "phantom") << name;
    EXPECT_EQ(scene.run.epochs, 7) << name;
    EXPECT_EQ(scene.run.batch_size, 4) << name;
    EXPECT_EQ(scene.run.rate, 0.003) << name;
    EXPECT_EQ(scene.run.shuffle, "once") << name;
    ASSERT_NE(scene.images, nullptr) << name;
    EXPECT_EQ(scene.images->listing.images.size(), 8u) << name;
  }
  EXPECT_EQ(open("lesson.toml", {"train.epochs=2", "network.name=mlp"}).run.epochs, 2);
  EXPECT_EQ(open("lesson.toml", {"network.name=mlp"}).why_scratch, "network.name");
  EXPECT_EQ(open("a.tm", {"data.source=phantom"}).run.backbone, "");
}

TEST_F(ProjectScene, FoldersAndPhantomsStayFromScratch) {
  for (const char* name : {"set/a/1.png", "set/a/2.png", "set/b/1.png", "set/b/2.png"}) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    test::spill(folder_ / name, test::png_of(test::test_picture(30, 3, 1)));
  }
  write("set.toml", "[data]\nsource = \"set\"\n");
  write("phantoms.toml", "[data]\nphantom_counts = [3, 3]\n");
  for (const char* name : {"set", "set.toml", "phantoms.toml"}) {
    const SceneFile scene = open(name);
    EXPECT_EQ(scene.run.backbone, "") << name;
    EXPECT_EQ(network_words(scene.table, scene.run), "") << name;
  }
}

// Runs of projects that say nothing of a backbone are of a time when they were trained from scratch.
TEST_F(ProjectScene, ARunsSceneIsWhatItWas) {
  write("run/scene.toml", "[data]\nsource = \"../a.tm\"\n");
  EXPECT_EQ(open("run/scene.toml").run.backbone, "phantom") << "only called so";
  write("run/weights.safetensors", "some");
  const SceneFile scene = open("run/scene.toml");
  EXPECT_EQ(scene.run.backbone, "");
  EXPECT_EQ(scene.run.epochs, RunSpec{}.epochs);
  EXPECT_EQ(open("run/scene.toml", {}, NetworkChoice::kTransfer).run.backbone, "phantom");
}

TEST_F(ProjectScene, WhatIsSavedSaysWhatItIs) {
  for (const char* backbone : {"phantom", "none"}) {
    const SceneFile scene = open("a.tm", {std::string("network.backbone=") + backbone});
    RunSpec ran = scene.run;
    ran.data.channels = 3;  // of coloured images
    write("saved/scene.toml", scene.text(ran));
    write("saved/checkpoint.safetensors", "some");
    const SceneFile again = open("saved/scene.toml");
    EXPECT_EQ(again.run.backbone, scene.run.backbone);
    EXPECT_EQ(again.run.data, ran.data);
    EXPECT_EQ(again.run.rate, 0.003);
    EXPECT_EQ(network_words(again.table, again.run), network_words(scene.table, scene.run));
  }
}

TEST_F(ProjectScene, AChoiceIsWorthMoreThanTheScene) {
  EXPECT_EQ(open("a.tm", {}, NetworkChoice::kScratch).run.backbone, "");
  EXPECT_EQ(open("a.tm", {"network.name=mlp"}, NetworkChoice::kTransfer).run.backbone, "phantom");
}

// What the window's key asks for: there, and back to what the scene says.
TEST_F(ProjectScene, AnOpenedLessonKnowsItsOtherNetwork) {
  const auto opened = [](OpeningRequest request) {
    Opening opening(std::move(request));
    while (!opening.done()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    auto arrived = opening.take();
    EXPECT_TRUE(arrived.ok()) << arrived.error().message;
    return *std::move(arrived);
  };
  const std::string asset = FALLLINE_SOURCE_DIR "/assets/backbone.safetensors";
  const OpeningRequest asked{.what = (folder_ / "a.tm").string(), .overrides = {"network.backbone=" + asset}};
  const Opened transfer = opened(asked);
  EXPECT_EQ(transfer.lesson.texts.network, "transfer: backbone.safetensors");
  EXPECT_FALSE(transfer.request.again);
  const Opened scratch = opened(with_other_network(transfer.request, true));
  EXPECT_EQ(scratch.lesson.texts.network, "from scratch");
  EXPECT_TRUE(scratch.request.again);
  EXPECT_EQ(opened(with_other_network(scratch.request, false)).lesson.texts.network,
            "transfer: backbone.safetensors");
  const Opened longer = opened(again_with(scratch.request, {"train.epochs=7"}));
  EXPECT_EQ(longer.lesson.texts.network, "from scratch");
  EXPECT_EQ(longer.lesson.subject->training()->spec().epochs, 7);
}

TEST(OpeningAgain, ASettingTakesThePlaceOfThatOfTheSameKey) {
  const OpeningRequest shown{.what = "a.tm", .overrides = {"train.epochs=7", "train.seed=2"}};
  const OpeningRequest again = again_with(shown, {"train.epochs=9", "train.rate=0.1"});
  EXPECT_EQ(again.what, "a.tm");
  EXPECT_TRUE(again.again);
  EXPECT_EQ(again.overrides, (std::vector<std::string>{"train.seed=2", "train.epochs=9", "train.rate=0.1"}));
}

TEST_F(ProjectScene, SettingsThatAreWrongMatterInASceneToo) {
  test::write_zip(
      folder_ / "wrong.tm",
      {{"a-!-0.png", test::png_of(test::test_picture(20, 3, 1))},
       {"b-!-0.png", test::png_of(test::test_picture(20, 3, 2))},
       {"manifest.json", test::bytes_of("{\"type\":\"image\",\"appdata\":{\"trainEpochs\":0}}")}});
  write("wrong.toml", "[data]\nsource = \"wrong.tm\"\n");
  for (const char* name : {"wrong.tm", "wrong.toml"}) {
    const auto scene = open_scene((folder_ / name).string(), {});
    ASSERT_FALSE(scene.ok()) << name;
    EXPECT_NE(scene.error().message.find("trainEpochs is 0"), std::string::npos) << scene.error().message;
    EXPECT_EQ(open(name, {"train.epochs=2"}).run.epochs, 2);
  }
}

}  // namespace
}  // namespace fl

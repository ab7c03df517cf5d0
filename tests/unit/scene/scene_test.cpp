// Scenes say what is wrong with them, where, and what would be right.
#include <gtest/gtest.h>

#include "trainer/base/nearest_name.h"
#include "trainer/subjects/run_spec.h"

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

TEST(RunSpec, ReadsOptimizerScheduleAndInitialisation) {
  const auto spec = parse_run_spec(toml::parse(R"(
    [network]
    init = "orthogonal"
    [train]
    beta1 = 0.8
    optimizer = "qhadam"
    weight_decay = 1e-4
    schedule = "step"
    warmup_epochs = 1.5
    step_epochs = 4
    step_factor = 0.3
  )"),
                                   RunSpec{});
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->init, "orthogonal");
  EXPECT_EQ(spec->optimizer.kind, OptimizerKind::kQhAdam);
  EXPECT_EQ(spec->optimizer.beta1, 0.8);
  EXPECT_EQ(spec->optimizer.nu1, 0.7) << "what the scene leaves out is the optimizer's own default";
  EXPECT_EQ(spec->optimizer.weight_decay, 1e-4);
  EXPECT_EQ(spec->schedule.kind, ScheduleKind::kStep);
  EXPECT_EQ(spec->schedule.warmup_epochs, 1.5);
  EXPECT_EQ(spec->schedule.step_epochs, 4);
  EXPECT_EQ(spec->schedule.step_factor, 0.3);
}

TEST(RunSpec, ReadsAugmentationAndBalance) {
  const auto spec = parse_run_spec(toml::parse(R"(
    [train]
    augment = {flip = true, rotate = 15, shift = 0.1}
    balance = "weight"
  )"),
                                   RunSpec{});
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->augment, (AugmentSpec{.flip = true, .rotate = 15, .shift = 0.1}));
  EXPECT_EQ(spec->balance, "weight");
  EXPECT_FALSE(RunSpec{}.augment.any());
  EXPECT_EQ(RunSpec{}.balance, "off");
  EXPECT_NE(failure("[train]\naugment = {flip = true, rotat = 1}").find("\"rotate\""), std::string::npos);
  EXPECT_NE(failure("[train]\naugment = {rotate = 181}").find("from 0 to 180"), std::string::npos);
  EXPECT_NE(failure("[train]\naugment = {shift = 0.6}").find("line 2: [train] augment shift"),
            std::string::npos);
  EXPECT_NE(failure("[train]\naugment = true").find("a table in braces"), std::string::npos);
  EXPECT_NE(failure("[train]\nbalance = \"on\"").find("off, sample or weight"), std::string::npos);
}

TEST(RunSpec, ABackboneBringsItsDefaults) {
  const auto plain = parse_run_spec(toml::parse("[network]\nbackbone = \"a.zip\""), RunSpec{});
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  EXPECT_EQ(plain->backbone, "a.zip");
  EXPECT_EQ(plain->head, std::vector<int>{100});
  EXPECT_EQ(plain->init, "tm-truncated");
  EXPECT_EQ(plain->loss_clip, 1e-7);
  EXPECT_EQ(plain->data.image_size, 224);
  EXPECT_EQ(plain->data.channels, 3);
  EXPECT_FALSE(plain->data.standardise);
  const auto own = parse_run_spec(
      toml::parse(
          "[network]\nbackbone = \"a.zip\"\nhead = [20, 10]\ninit = \"he\"\n[train]\nloss_clip = 0.01\n"
          "[data]\nimage_size = 224\nstandardise = false"),
      RunSpec{});
  ASSERT_TRUE(own.ok()) << own.error().message;
  EXPECT_EQ(own->init, "he");
  EXPECT_EQ(own->loss_clip, 0.01);
  const NetSpec head = network_of(*own, {7, 1, 1}, 2).value();
  ASSERT_EQ(head.layers.size(), 5u);
  EXPECT_EQ(head.layers[0].out_channels, 20);
  EXPECT_EQ(head.layers[2].out_channels, 10);
  EXPECT_FALSE(head.layers[4].bias);
  EXPECT_EQ(head.clip, 0.01);
  for (const auto& spec : {*plain, *own}) {
    const auto again = parse_run_spec(scene_of(spec), RunSpec{});
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->backbone, spec.backbone);
    EXPECT_EQ(again->head, spec.head);
    EXPECT_EQ(again->data, spec.data);
    EXPECT_EQ(again->loss_clip, spec.loss_clip);
  }
  const auto says = [](const std::string& more, const char* what) {
    const std::string message = failure(("[network]\nbackbone = \"a.zip\"\n" + more).c_str());
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  says("name = \"mlp\"", "line 3: [network] name does not go with a backbone");
  says("head = [0]", "whole numbers from 1 to 4096");
  says("head = 100", "like [100]");
  says("[data]\nimage_size = 64", "line 4: [data] image_size is for the backbone to say");
  says("[data]\nstandardise = true", "standardise");
  says("[data]\nchannels = 1", "channels");
  says("[train]\naugment = {flip = true}", "augment");
  EXPECT_NE(failure("[network]\nbackbone = \"\"").find("must be \"phantom\", \"none\" or a path"),
            std::string::npos);
  const auto none = parse_run_spec(toml::parse("[network]\nbackbone = \"none\"\nname = \"mlp\""), RunSpec{});
  ASSERT_TRUE(none.ok()) << none.error().message;
  EXPECT_EQ(none->backbone, "");
  EXPECT_EQ(none->data, RunSpec{}.data);
  EXPECT_NE(failure("[network]\nhead = [100]").find("stands on a backbone"), std::string::npos);
  EXPECT_NE(failure("[network]\ninit = \"export\"").find("is the head of a backbone"), std::string::npos);
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
  for (const std::string& name : optimizer_names())
    EXPECT_NE(failure("[train]\noptimizer = \"adm\"").find(name), std::string::npos);
  EXPECT_NE(failure("[train]\nschedule = \"cosin\"").find("constant, step or cosine"), std::string::npos);
  EXPECT_NE(failure("[train]\nwarmup_epochs = -1").find("a number from"), std::string::npos);
  EXPECT_NE(failure("[train]\nstep_epochs = 0").find("whole number from 1"), std::string::npos);
  EXPECT_NE(failure("[train]\nweight_decay = -1").find("a number from"), std::string::npos);
  EXPECT_NE(failure("[train]\nnu1 = 2").find("a number from 0 to 1"), std::string::npos);
  EXPECT_NE(failure("[network]\ninit = \"hee\"").find("tm-truncated"), std::string::npos);
  EXPECT_NE(failure("[landscape]\ngrid = 20").find("33"), std::string::npos);
  EXPECT_NE(failure("[data]\nphantom_counts = [30]").find("list of 2"), std::string::npos);
  for (const char* value : {"2", "7", "1.0", "true", "\"grey\"", "[1]"})
    EXPECT_NE(failure(fmt::format("[data]\nchannels = {}", value).c_str())
                  .find("must be \"auto\", 1 (luminance) or 3"),
              std::string::npos)
        << value;
  for (const char* value : {"40", "true", "\"brian\""})
    EXPECT_NE(failure(fmt::format("[data]\nwindow = {}", value).c_str())
                  .find("or \"bone\", or [level, width] in HU"),
              std::string::npos)
        << value;
  for (const char* value : {"50", "false", "\"on\""})
    EXPECT_NE(
        failure(fmt::format("[data]\ncolour_range = {}", value).c_str()).find("\"off\" or [low, high] in HU"),
        std::string::npos)
        << value;
}

TEST(Scene, UnknownTablesAreErrors) {
  const auto scene = toml::parse("[trian]\nepochs = 3\n");
  const auto result = check_tables(scene, run_tables());
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("\"train\""), std::string::npos);
}

TEST(RunSpec, OneSurfaceOrBoth) {
  const auto spec = parse_run_spec(toml::parse("[landscape]\nsurfaces = 'both'"), {});
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->landscape.surfaces, SurfaceSets::kBoth);
  EXPECT_EQ(parse_run_spec(toml::parse("[landscape]\nsurfaces = 'test'"), {})->landscape.surfaces,
            SurfaceSets::kTest);
  EXPECT_FALSE(parse_run_spec(toml::parse("[landscape]\nsurfaces = 'none'"), {}));
}

TEST(RunSpec, AnyPlane) {
  const auto read = [](const std::string& keys) {
    return parse_run_spec(toml::parse("[landscape]\n" + keys), {});
  };
  const auto spec = read("directions = 'three-points'\nanchor = 'follow'\npoints = ['start', 12, 'now']");
  ASSERT_TRUE(spec) << spec.error().message;
  const PlaneChoice& plane = spec->landscape.plane;
  EXPECT_EQ(plane.directions, DirectionKind::kThreePoints);
  EXPECT_EQ(plane.anchor, PlaneAnchor::kFollow);
  EXPECT_EQ(plane.points[1], (PathMoment{PathMoment::Kind::kStep, 12}));
  EXPECT_EQ(parse_run_spec(scene_of(*spec), {})->landscape.plane, plane) << "as it is written";
  EXPECT_EQ(read("directions = 'osculating'")->landscape.plane.directions, DirectionKind::kOsculating);
  EXPECT_NE(
      read("directions = 'up'")
          .error()
          .message.find("[landscape] directions must be pca, random, three-points, osculating or curvature."),
      std::string::npos)
      << read("directions = 'up'").error().message;
  for (const char* points : {"'now'", "['start', 'now']", "['start', 'now', 'now']", "['start', 'now', -1]",
                             "['start', 'now', 1.5]", "['start', 'now', '7']", "['start', 'now', 'then']"}) {
    const auto wrong = read(std::string("points = ") + points);
    ASSERT_FALSE(wrong) << points;
    EXPECT_NE(wrong.error().message.find("a list of 3 different moments"), std::string::npos);
  }
}

TEST(NearestName, CountsEdits) {
  EXPECT_EQ(nearest_name("bath_size", {"epochs", "batch_size", "rate"}), "batch_size");
  EXPECT_EQ(nearest_name("x", {}), "");
  EXPECT_EQ(nearest_name("batchSize", {"epochs", "batch_size", "rate"}), "batch_size");
  EXPECT_EQ(suggestion("q", {"epochs", "rate"}), "choose one of epochs and rate.");
}

// What other frameworks call it.
TEST(Scene, SuggestsTheKeyThatAnotherToolHasAnotherNameFor) {
  const auto suggested = [](const char* table, const char* key) {
    const std::string said = failure(fmt::format("[{}]\n{} = 1\n", table, key).c_str());
    const auto begin = said.find("did you mean \"");
    if (begin == std::string::npos) return said;
    const auto name = begin + 14;
    return said.substr(name, said.find('"', name) - name);
  };
  for (const char* key : {"lr", "LR", "learning_rate", "learningRate", "learning-rate", "eta"})
    EXPECT_EQ(suggested("train", key), "rate") << key;
  for (const char* key : {"batch", "batchsize", "batchSize", "bs", "mini_batch_size"})
    EXPECT_EQ(suggested("train", key), "batch_size") << key;
  for (const char* key : {"epoch", "num_epochs", "n_epochs", "max_epochs"})
    EXPECT_EQ(suggested("train", key), "epochs") << key;
  EXPECT_EQ(suggested("train", "momentum"), "beta1");
  EXPECT_EQ(suggested("train", "random_state"), "seed");
  EXPECT_EQ(suggested("train", "wd"), "weight_decay");
  EXPECT_EQ(suggested("train", "optim"), "optimizer");
  EXPECT_EQ(suggested("data", "path"), "source");
  EXPECT_EQ(suggested("data", "size"), "image_size");
  EXPECT_EQ(suggested("data", "validation_split"), "test_fraction");
  EXPECT_EQ(suggested("data", "normalize"), "standardise");
  EXPECT_EQ(suggested("network", "model"), "name");
  EXPECT_EQ(suggested("landscape", "resolution"), "grid");
  EXPECT_NE(suggested("train", "xyzzy").find("choose one of epochs"), std::string::npos);
}

TEST(Scene, APathWithTabsIsABackslashTooFew) {
  EXPECT_NE(failure("[data]\nsource = \"C:\\temp\"\n").find("write paths in single quotes or with /"),
            std::string::npos);
}

}  // namespace
}  // namespace fl

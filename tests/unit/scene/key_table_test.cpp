// The rows of a table read, refuse, write and document their keys.
#include "trainer/scene/key_table.h"

#include <sstream>

#include <gtest/gtest.h>

#include "trainer/data/data_keys.h"
#include "trainer/scene/scene_document.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/descents/descents_spec.h"
#include "trainer/subjects/run_spec.h"

namespace fl {
namespace {

struct Cake {
  double sugar = 0.5;
  int eggs = 3;
  std::string shape = "round";
  std::vector<int> tiers{};
  bool operator==(const Cake&) const = default;
};

const KeyTable<Cake>& cake_keys() {
  static const KeyTable<Cake> keys("[cake]", "What is baked.",
                                   {{"sugar", number(0, 2), &Cake::sugar, "Sweetness."},
                                    {"eggs", whole_number(1, 12), &Cake::eggs, "Eggs."},
                                    {"shape", one_of({"round", "square"}), &Cake::shape, "From above."},
                                    {"tiers", whole_numbers(2, 1, 9), &Cake::tiers, "Heights.", "one tier"}});
  return keys;
}

std::string failure(const char* text) {
  Cake cake;
  const toml::table table = toml::parse(text);
  const auto done = cake_keys().read(&table, cake);
  return done ? "" : done.error().message;
}

TEST(KeyTable, ReadsWhatIsThereAndKeepsTheRest) {
  Cake cake;
  const toml::table table = toml::parse("eggs = 4\ntiers = [2, 3]");
  ASSERT_TRUE(cake_keys().read(&table, cake));
  EXPECT_EQ(cake, (Cake{.eggs = 4, .tiers = {2, 3}}));
  ASSERT_TRUE(cake_keys().read(nullptr, cake));
  EXPECT_EQ(cake.eggs, 4);
}

TEST(KeyTable, SaysWhatIsWrongWhereAndWhatWouldBeRight) {
  EXPECT_EQ(failure("\nsugar = 3"), "line 2: [cake] sugar must be a number from 0 to 2.");
  EXPECT_EQ(failure("sugar = nan"), "line 1: [cake] sugar must be a number from 0 to 2.");
  EXPECT_EQ(failure("eggs = 2.5"), "line 1: [cake] eggs must be a whole number from 1 to 12.");
  EXPECT_EQ(failure("shape = 'oval'"), "line 1: [cake] shape must be round or square.");
  EXPECT_EQ(failure("tiers = [1]"), "line 1: [cake] tiers must be a list of 2 whole numbers from 1 to 9.");
  EXPECT_EQ(failure("shap = 'round'"), "line 1: [cake] has no key \"shap\"; did you mean \"shape\"?");
  EXPECT_EQ(failure("abc = 1\neggs = 0"), "line 2: [cake] eggs must be a whole number from 1 to 12.");
}

TEST(KeyTable, WritesAllThatASceneCanSay) {
  std::ostringstream text;
  text << cake_keys().write({});
  EXPECT_EQ(text.str(), "eggs = 3\nshape = 'round'\nsugar = 0.5");
  const toml::table some = cake_keys().write({.tiers = {2, 3}}, {"eggs", "tiers"});
  EXPECT_EQ(some.size(), 2u);
  Cake read;
  ASSERT_TRUE(cake_keys().read(&some, read));
  EXPECT_EQ(read, (Cake{.tiers = {2, 3}}));
}

TEST(KeyTable, DescribesEachKey) {
  const TableText table = cake_keys().describe();
  EXPECT_EQ(table.title, "[cake]");
  ASSERT_EQ(table.keys.size(), 4u);
  EXPECT_EQ(table.keys[0].range, "0 to 2");
  EXPECT_EQ(table.keys[0].preset, "`0.5`");
  EXPECT_EQ(table.keys[2].range, "\"round\" or \"square\"");
  EXPECT_EQ(table.keys[2].preset, "`\"round\"`");
  EXPECT_EQ(table.keys[3].preset, "one tier");
  const std::string page = scene_document({table});
  EXPECT_NE(page.find("\n## [cake]\n\nWhat is baked.\n"), std::string::npos) << page;
  EXPECT_NE(page.find("\n| `eggs` | whole number | 1 to 12 | `3` | Eggs. |\n"), std::string::npos) << page;
}

TEST(KeyType, AGridIsOneMoreThanAPowerOfTwo) {
  const KeyType<int> type = grid_side(33);
  EXPECT_EQ(type.range, "9, 17 or 33");
  const auto read = [&](const char* text) {
    const toml::table table = toml::parse(text);
    const auto side = type.read({*table.get("grid"), "[x] grid"});
    return side ? std::to_string(*side) : side.error().message;
  };
  EXPECT_EQ(read("grid = 17"), "17");
  EXPECT_EQ(read("grid = 20"),
            "line 1: [x] grid must be 9, 17 or 33, not 20: each level halves the cells of the one before.");
  EXPECT_EQ(read("grid = 65"), "line 1: [x] grid must be a whole number from 9 to 33.");
}

// Every key of a training and of descents is documented, and what it is without being said can be said.
TEST(SceneKeys, HaveATextAndADefaultThatPassesItsOwnCheck) {
  auto tables = run_tables();
  tables.push_back(descents_keys().describe());
  std::size_t keys = 0;
  for (const TableText& table : tables) {
    EXPECT_TRUE(table.text.ends_with('.')) << table.title;
    for (const KeyText& key : table.keys) {
      ++keys;
      EXPECT_TRUE(key.text.ends_with('.')) << table.title << " " << key.name;
      EXPECT_FALSE(key.kind.empty() || key.preset.empty()) << table.title << " " << key.name;
      for (const std::string& part : {key.kind, key.range, key.preset, key.text})
        EXPECT_EQ(part.find('|'), std::string::npos) << table.title << " " << key.name << ": ends the column";
    }
  }
  EXPECT_GT(keys, 60u);
  const auto read = parse_run_spec(scene_of({}), {});
  ASSERT_TRUE(read.ok()) << read.error().message;
  const toml::table surface{{"two_parameters", descents_keys().write({})}};
  const auto descents = parse_descents_spec(surface);
  EXPECT_TRUE(descents.ok()) << descents.error().message;
}

// A default that the document names is what a spec has: reading all of them changes nothing.
TEST(SceneKeys, DefaultsInTheDocumentAreThoseOfTheSpec) {
  for (const TableText& table : run_tables()) {
    const bool whole = table.title.ends_with(']') || table.title == "[train] augment";
    if (!whole) continue;
    std::string text = table.title == "[train] augment" ? "[train.augment]\n" : table.title + "\n";
    for (const KeyText& key : table.keys)
      if (key.preset.starts_with('`'))
        text += key.name + " = " + key.preset.substr(1, key.preset.size() - 2) + "\n";
    const auto scene = parse_toml(text, "the document");
    ASSERT_TRUE(scene.ok()) << scene.error().message;
    const auto read = parse_run_spec(*scene, {});
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(scene_of(*read), scene_of({})) << text;
  }
}

// All that a training is, said in a scene and read again.
TEST(SceneKeys, ASceneThatWasWrittenIsReadAsTheSameSpec) {
  const auto spec = parse_run_spec(toml::parse(R"(
    title = "All of it"
    [data]
    source = "heads"
    image_size = 48
    channels = 3
    test_fraction = 0.2
    leave_out_small_classes = true
    standardise = false
    phantom_counts = [5, 6]
    window = "bone"
    colour_range = [50, 90]
    [network]
    init = "orthogonal"
    init_scale = 0.5
    layers = [
      {kind = "convolution", channels = 4, name = "stem", kernel = 5, padding = 1, stride = 2, bias = false, frozen = true},
      {kind = "batch-norm", epsilon = 1e-3, momentum = 0.8, frozen = true},
      {kind = "relu", output = "kept"},
      {kind = "depthwise", kernel = 1},
      {kind = "add", with = "relu1"},
      {kind = "max-pool", kernel = 3, stride = 1},
      {kind = "convolution", channels = 4, from = "pool1"},
      {kind = "dropout", rate = 0.25},
      {kind = "dense"},
    ]
    [train]
    epochs = 3
    batch_size = 5
    rate = 0.02
    optimizer = "qhadam"
    beta1 = 0.8
    beta2 = 0.9
    epsilon = 1e-5
    nu1 = 0.5
    nu2 = 0.6
    weight_decay = 1e-3
    schedule = "step"
    warmup_epochs = 0.5
    step_epochs = 2
    step_factor = 0.3
    seed = 9007199254740991
    shuffle = "once"
    balance = "weight"
    threads = 2
    augment = {flip = true, rotate = 10, shift = 0.1}
    [landscape]
    directions = "random"
    surfaces = "both"
    grid = 17
    probe_images = 10
    snapshots = 9
    path_megabytes = 12.5
  )"),
                                   RunSpec{});
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  std::ostringstream text;
  text << scene_of(*spec);
  const auto scene = parse_toml(text.str(), "what was written");
  ASSERT_TRUE(scene.ok()) << scene.error().message;
  const auto read = parse_run_spec(*scene, RunSpec{});
  ASSERT_TRUE(read.ok()) << read.error().message << "\n" << text.str();
  // Two that say the same are the same, as long as what is said tells every member: hence the members, too.
  EXPECT_EQ(scene_of(*read), scene_of(*spec)) << text.str();
  EXPECT_EQ(read->title, "All of it");
  EXPECT_EQ(read->data, spec->data);
  EXPECT_EQ(read->optimizer, spec->optimizer);
  EXPECT_EQ(read->augment, (AugmentSpec{.flip = true, .rotate = 10, .shift = 0.1}));
  EXPECT_EQ(read->seed, 9007199254740991u);
  EXPECT_EQ(read->schedule.step_factor, 0.3);
  EXPECT_EQ(read->landscape.snapshots, 9);
  EXPECT_EQ(read->landscape.path_megabytes, 12.5);
  ASSERT_EQ(read->layers.size(), spec->layers.size());
  for (std::size_t i = 0; i < read->layers.size(); ++i) {
    LayerSpec written = read->layers[i], first = spec->layers[i];
    written.line = first.line = 0;
    EXPECT_EQ(written, first) << i << "\n" << text.str();
  }
}

}  // namespace
}  // namespace fl

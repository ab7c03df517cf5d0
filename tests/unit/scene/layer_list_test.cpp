// Networks that a scene lists layer by layer: what it may leave out, and what is wrong with it, where.
#include "trainer/net/layer_list.h"

#include <sstream>

#include <gtest/gtest.h>

#include "trainer/net/layer_kinds.h"
#include "trainer/net/networks.h"
#include "trainer/net/param_layout.h"
#include "trainer/subjects/run_spec.h"

namespace fl {
namespace {

constexpr const char* kCtSmall = R"(
[network]
layers = [
  {kind = "convolution", channels = 16},
  {kind = "relu"},
  {kind = "max-pool"},
  {kind = "convolution", channels = 32, kernel = 3, stride = 1, padding = 1, bias = true},
  {kind = "relu"},
  {kind = "max-pool", kernel = 2, stride = 2},
  {kind = "convolution", channels = 64},
  {kind = "relu"},
  {kind = "max-pool"},
  {kind = "convolution", channels = 64},
  {kind = "relu"},
  {kind = "max-pool"},
  {kind = "global-average-pool", name = "gap"},
  {kind = "dense", name = "dense"},
]
)";

std::string list(const std::string& layers) {
  return "[network]\nlayers = [\n" + layers + "\n]\n";
}

Result<NetSpec> network(const std::string& text, TensorShape image = {1, 32, 32}, int classes = 2) {
  const auto spec = parse_run_spec(toml::parse(text), RunSpec{});
  if (!spec) return spec.error();
  return network_of(*spec, image, classes);
}

std::string failure(const std::string& layers) {
  const auto net = network(list(layers));
  return net ? "" : net.error().message;
}

// The sentence for a list holds every one of `parts`.
void expect_failure(const std::string& layers, const std::vector<std::string>& parts) {
  const std::string message = failure(layers);
  EXPECT_NE(message, "") << layers;
  for (const std::string& part : parts)
    EXPECT_NE(message.find(part), std::string::npos) << "no \"" << part << "\" in: " << message;
}

std::vector<LayerSpec> without_lines(std::vector<LayerSpec> layers) {
  for (LayerSpec& layer : layers) layer.line = 0;
  return layers;
}

TEST(LayerList, SpellsTheNetworkThatHasAName) {
  const auto net = network(kCtSmall, {3, 64, 64}, 5);
  ASSERT_TRUE(net.ok()) << net.error().message;
  EXPECT_EQ(net->layers[0].line, 4);
  EXPECT_EQ(without_lines(net->layers), ct_small({3, 64, 64}, 5).layers);
}

TEST(LayerList, EveryKindReadsItsKeysAndKeepsSensibleDefaults) {
  const auto net = network(list(R"(
    {kind = "convolution", channels = 4, kernel = 5, stride = 2, padding = 0, padding_end = 3, bias = false},
    {kind = "batch-norm", epsilon = 1e-3, momentum = 0.8, frozen = true},
    {kind = "relu6"},
    {kind = "depthwise", kernel = 4, frozen = true},
    {kind = "relu"},
    {kind = "average-pool", kernel = 3},
    {kind = "convolution", channels = 4, name = "branch"},
    {kind = "add", with = "pool1"},
    {kind = "max-pool", kernel = 3, stride = 1, padding = 1},
    {kind = "dropout"},
    {kind = "dense", units = 9, bias = false, frozen = true},
    {kind = "dropout", rate = 0.25},
    {kind = "dense"})"));
  ASSERT_TRUE(net.ok()) << net.error().message;
  const std::vector<LayerSpec> expected = {
      {.kind = LayerKind::kConvolution,
       .name = "conv1",
       .out_channels = 4,
       .kernel = 5,
       .stride = 2,
       .padding_end = 3,
       .bias = false},
      {.kind = LayerKind::kBatchNorm, .name = "norm1", .frozen = true, .epsilon = 1e-3, .momentum = 0.8},
      {.kind = LayerKind::kRelu6, .name = "relu1", .output = "conv 1"},
      {.kind = LayerKind::kDepthwise, .name = "depthwise1", .kernel = 4, .padding = 1, .frozen = true},
      {.kind = LayerKind::kRelu, .name = "relu2", .output = "depthwise 1"},
      {.kind = LayerKind::kAveragePool, .name = "pool1", .kernel = 3, .stride = 3},
      {.kind = LayerKind::kConvolution, .name = "branch", .out_channels = 4, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kAdd, .name = "add1", .second = 5},
      {.kind = LayerKind::kMaxPool, .name = "pool2", .kernel = 3, .stride = 1, .padding = 1},
      {.kind = LayerKind::kDropout, .name = "dropout1", .rate = 0.5},
      {.kind = LayerKind::kDense, .name = "dense1", .out_channels = 9, .bias = false, .frozen = true},
      {.kind = LayerKind::kDropout, .name = "dropout2", .rate = 0.25},
      {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 2},
  };
  EXPECT_EQ(without_lines(net->layers), expected);
  EXPECT_EQ(layer_kind_names().size(), 11u);
}

TEST(LayerList, FromReadsAnEarlierLayer) {
  const auto net = network(list(R"(
    {kind = "convolution", channels = 4, name = "stem"},
    {kind = "convolution", channels = 8, name = "deep"},
    {kind = "convolution", channels = 8, kernel = 1, name = "short", from = "stem"},
    {kind = "add", from = "deep", with = "short"},
    {kind = "dense"})"));
  ASSERT_TRUE(net.ok()) << net.error().message;
  EXPECT_EQ(net->sources(2), (std::vector<int>{0}));
  EXPECT_EQ(net->sources(3), (std::vector<int>{1, 2}));
}

TEST(LayerList, OneOutputOfTheScenesOwnReplacesTheChosenOnes) {
  const auto net = network(list(R"(
    {kind = "convolution", channels = 4},
    {kind = "relu", output = "edges"},
    {kind = "convolution", channels = 4},
    {kind = "relu"},
    {kind = "dense"})"));
  ASSERT_TRUE(net.ok());
  EXPECT_EQ(net->layers[1].output, "edges");
  for (const std::size_t i : {0u, 2u, 3u, 4u}) EXPECT_EQ(net->layers[i].output, "");
}

// A run folder saves the scene's tables, and opens again from there.
TEST(LayerList, SurvivesBeingWrittenAndReadAgain) {
  const toml::table scene = toml::parse(list(R"(
    {kind = "convolution", channels = 4, name = "a-b.c_d", bias = false},
    {kind = "relu", output = "it's \"edges\" \\ blobs"},
    {kind = "dropout", rate = 0.1},
    {kind = "dense"})") + "init = \"xavier\"\n[train]\nrate = 1e-3\n");
  toml::table copied = scene;  // as a scene with overrides is
  copied.insert_or_assign("title", "saved");
  std::ostringstream text;
  text << copied << "\n";
  const auto first = parse_run_spec(scene, RunSpec{});
  const auto again = parse_run_spec(toml::parse(text.str()), RunSpec{});
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_TRUE(again.ok()) << again.error().message << "\n" << text.str();
  EXPECT_EQ(first->layers.size(), 4u);
  EXPECT_EQ(without_lines(again->layers), without_lines(first->layers)) << text.str();
  EXPECT_EQ(again->init, "xavier");
}

TEST(LayerList, NamesLineAndNearestKeyOrKind) {
  expect_failure("{kind = \"dense\", unit = 3}", {"line 3", "layer 1", "\"unit\"", "\"units\""});
  expect_failure("{kind = \"relu\"},\n{kind = \"convolutoin\"}", {"line 4", "layer 2", "\"convolution\""});
  expect_failure("{kind = \"relu\", rate = 0.5}, {kind = \"dense\"}", {"line 3", "no key \"rate\""});
  expect_failure("{kind = \"relu\", frozen = true}, {kind = \"dense\"}", {"line 3", "no key \"frozen\""});
  expect_failure("{kind = \"dense\", frozen = 1}", {"line 3", "layer 1 frozen must be"});
  expect_failure("{channels = 3}", {"line 3", "no kind"});
  expect_failure("{kind = 3}", {"line 3"});
  expect_failure("{kind = \"relu\"},\n{kind = \"add\", with = \"rely1\"}",
                 {"line 4", "\"rely1\"", "\"relu1\""});
  expect_failure("{kind = \"relu\"},\n{kind = \"dense\", from = \"dense1\"}", {"line 4", "no earlier layer"});
  expect_failure("{kind = \"dense\", from = \"image\"}", {"line 3", "no layer comes before it"});
  expect_failure("{kind = \"relu\", name = \"a\"},\n{kind = \"dense\", name = \"a\"}", {"line 4", "layer 1"});
  expect_failure("{kind = \"relu\", name = \"relu2\"},\n{kind = \"relu\"}", {"line 4", "relu2"});
}

TEST(LayerList, RefusesImpossibleValues) {
  const std::string dense = ", {kind = \"dense\"}";
  expect_failure("{kind = \"convolution\"}" + dense, {"line 3", "channels = 16"});
  expect_failure("{kind = \"convolution\", channels = 0}" + dense, {"line 3", "whole number from 1"});
  expect_failure("{kind = \"convolution\", channels = 4, kernel = 3, padding = 3}" + dense,
                 {"line 3", "from 0 to 2"});
  expect_failure("{kind = \"depthwise\", kernel = 3, padding_end = 3}" + dense,
                 {"line 3", "padding_end", "from 0 to 2"});
  expect_failure("{kind = \"convolution\", channels = 4, stride = 0}" + dense, {"line 3", "stride"});
  expect_failure("{kind = \"convolution\", channels = 4, bias = 1}" + dense, {"line 3", "true or false"});
  expect_failure("{kind = \"dropout\", rate = 1.0}" + dense, {"line 3", "from 0 to 0.95"});
  expect_failure("{kind = \"batch-norm\", epsilon = 0.0}" + dense, {"line 3", "epsilon"});
  expect_failure("{kind = \"relu\", name = \"two words\"}" + dense, {"line 3", "name must be"});
  expect_failure("{kind = \"relu\", name = \"\"}" + dense, {"line 3", "name must be"});
  expect_failure("{kind = \"relu\", output = \"" + std::string(41, 'x') + "\"}" + dense,
                 {"line 3", "output"});
  expect_failure("{kind = \"relu\"}, {kind = \"add\"}" + dense, {"line 3", "with"});
  expect_failure("", {"layers must be a list of tables"});
  expect_failure("3", {"list of tables"});
}

TEST(LayerList, RefusesLayersThatDoNotFit) {
  expect_failure(
      "{kind = \"convolution\", channels = 4},\n{kind = \"convolution\", channels = 8},\n"
      "{kind = \"add\", with = \"conv1\"}, {kind = \"dense\"}",
      {"add1 (line 5)", "8x32x32 to 4x32x32"});
  expect_failure("{kind = \"max-pool\", kernel = 40}, {kind = \"dense\"}", {"pool1 (line 3)", "larger"});
  expect_failure("{kind = \"convolution\", channels = 4},\n{kind = \"relu\"}",
                 {"relu1 (line 4)", "4x32x32", "2 classes", "add a dense layer after it"});
  expect_failure("{kind = \"dense\", units = 3}", {"dense1 (line 3)", "2 classes", "leave out its units"});
  expect_failure("{kind = \"dense\"},\n{kind = \"relu\"}", {"dense1 (line 3)", "units = 64"});
  expect_failure("{kind = \"relu\"},\n{kind = \"relu\"},\n{kind = \"dense\", from = \"relu1\"}",
                 {"relu2 (line 4)", "no other layer reads its output"});
  EXPECT_EQ(failure("{kind = \"convolution\", channels = 2}, {kind = \"global-average-pool\"}"), "")
      << "classes by averaging, as Lin et al. 2014, need no dense layer";
}

// What slides over an image needs one, however many layers lie between it and a dense layer.
TEST(LayerList, RefusesLayersForImagesBehindADenseLayer) {
  for (const std::string between :
       {"", "{kind = \"relu\"},", "{kind = \"batch-norm\"}, {kind = \"dropout\"},",
        "{kind = \"relu6\"}, {kind = \"add\", with = \"d\"},"})
    for (const std::string keys : {"convolution\", channels = 4", "depthwise\"", "max-pool\", kernel = 1",
                                   "average-pool\", kernel = 1", "global-average-pool\""}) {
      const std::string layer = "{kind = \"" + keys + ", name = \"x\"},";
      const std::string dense = "{kind = \"dense\", name = \"d\", units = 4},";
      expect_failure(dense + between + "\n" + layer + "{kind = \"dense\"}",
                     {"Layer x (line 4)", "row of numbers", "dense layer"});
      EXPECT_EQ(failure(layer + dense + between + "{kind = \"dense\"}"), "");
    }
  expect_failure(
      "{kind = \"convolution\", channels = 4}, {kind = \"global-average-pool\", name = \"g\"},\n"
      "{kind = \"dense\", units = 4},\n{kind = \"add\", with = \"g\"}, {kind = \"dense\"}",
      {"add1 (line 5)", "row of numbers", "4x1x1"});
}

TEST(LayerList, HasBounds) {
  std::string many;
  for (std::size_t i = 0; i < kMaxListedLayers; ++i) many += "{kind = \"relu\"}, ";
  expect_failure(many + "{kind = \"dense\"}", {"201", "200"});
  expect_failure(
      "{kind = \"dense\", units = 4096}, {kind = \"dense\", units = 4096}, {kind = \"dense\", units = 4096}, "
      "{kind = \"dense\", units = 4096}, {kind = \"dense\"}",
      {"parameters", "50000000"});
  expect_failure(
      "{kind = \"convolution\", channels = 4096, kernel = 1, padding = 0},\n{kind = \"convolution\", "
      "channels = "
      "4096, kernel = 512, padding = 511}, {kind = \"dense\"}",
      {"conv2 (line 4)", "50000000"});
}

TEST(LayerList, GoesWithNoNamedNetwork) {
  for (const std::string key : {"name = \"ct-small\"", "skip = false", "blocks = 2", "dropout = 0.5"}) {
    const auto net = network("[network]\n" + key + "\nlayers = [{kind = \"dense\"}]\n");
    ASSERT_FALSE(net.ok()) << key;
    EXPECT_NE(net.error().message.find("line 2"), std::string::npos) << net.error().message;
    EXPECT_NE(net.error().message.find("layers"), std::string::npos) << net.error().message;
  }
}

TEST(NetworkOf, ANameStillNamesANetwork) {
  RunSpec spec;
  spec.network = "ct-resnet";
  spec.skip = false;
  spec.blocks = 2;
  spec.dropout = 0.5;
  const auto net = network_of(spec, {1, 32, 32}, 3);
  ASSERT_TRUE(net.ok());
  EXPECT_FALSE(net->has(LayerKind::kAdd));
  EXPECT_TRUE(net->has(LayerKind::kDropout));
  EXPECT_EQ(ParamLayout::of(*net).find("dense.bias")->count, 3u);
  EXPECT_NE(ParamLayout::of(*net).find("stage3.block2.conv2.weight"), nullptr);
}

}  // namespace
}  // namespace fl

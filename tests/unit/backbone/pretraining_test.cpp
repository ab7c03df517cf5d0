// Our own backbone: its truth in the right places, its norms folded, its training to go on with, its file.
#include "trainer/pretraining/pretraining.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/backbone/embedding.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/base/random.h"
#include "trainer/net/init.h"

namespace fl {
namespace {

constexpr std::size_t kCells = 28 * 28;
constexpr PretrainingRecipe kSmall{.seed = 3, .images = 24, .batch = 4, .chunk = 8};

Pretraining small_training(const PretrainingRecipe& recipe = kSmall) {
  auto backend = make_cpu_backend(1);
  return Pretraining::make(recipe, **backend, 2).value();
}

TEST(PhantomTargets, ACellOfBloodIsAnOutputOfItsOwn) {
  VariedHead head;
  head.level = 2;
  head.coverage.assign(kBleedKinds * kCells, 0.0f);
  constexpr std::size_t kKind = 3, kY = 13, kX = 5;
  head.coverage[kKind * kCells + kY * 28 + kX] = 0.75f;
  head.area[kKind] = 50;
  const auto floats = static_cast<std::size_t>(phantom_network().classes);
  ASSERT_EQ(floats, 2 * 6 * kCells + 10);
  for (const bool mirrored : {false, true}) {
    std::vector<float> targets(floats);
    write_targets(head, mirrored, targets);
    const std::size_t x = mirrored ? 27 - kX : kX;
    std::size_t begin = 0;
    for (const std::size_t cells : {2u, 4u}) {
      const std::size_t side = 28 / cells, pixel = kY / cells * side + x / cells;
      const std::size_t within = kY % cells * cells + x % cells;
      for (const std::size_t map : {std::size_t{0}, kKind + 1})
        EXPECT_EQ(targets[begin + (map * cells * cells + within) * side * side + pixel], 0.75f) << cells;
      begin += 6 * kCells;
    }
    EXPECT_EQ(std::count(targets.begin(), targets.begin() + 12 * static_cast<std::ptrdiff_t>(kCells), 0.75f),
              4);
    const std::vector<float> answers(targets.end() - 10, targets.end());
    EXPECT_EQ(answers, (std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1, 0}));
  }
}

// The frozen network without norms says what the trained one does when it evaluates, and shows its stages.
TEST(PhantomBackbone, IsTheTrainedNetwork) {
  const NetSpec spec = phantom_network();
  const ParamLayout layout = ParamLayout::of(spec);
  EXPECT_NEAR(static_cast<double>(layout.parameters), 495'000, 10'000);
  std::vector<float> params(layout.all_floats), statistics(layout.statistic_floats);
  ASSERT_TRUE(initialise(layout, "he", 1, 5, params).ok());
  RandomStream random(7, StreamId::kTest);
  for (const ParamTensor& tensor : layout.tensors)
    if (tensor.kind != ParamKind::kWeight)
      for (std::size_t i = 0; i < tensor.count; ++i)
        params[tensor.offset + i] += static_cast<float>(random.normal(0, 0.2));
  for (const ParamTensor& tensor : layout.statistics)
    for (std::size_t i = 0; i < tensor.count; ++i)
      statistics[tensor.offset + i] = static_cast<float>(
          tensor.kind == ParamKind::kScale ? random.uniform(0.5, 2) : random.normal(0, 0.3));

  auto backend = make_cpu_backend(1);
  auto program = (*backend)->compile(spec, 2);
  ASSERT_TRUE(program.ok());
  (*program)->write_params(params);
  (*program)->write_statistics(statistics);
  const Examples examples = make_examples(1, 0, 4, 2);
  (*program)->set_data(examples.pixels, std::vector<std::int32_t>(4, 0));
  (*program)->set_targets(examples.targets);
  const std::vector<std::int32_t> all = {0, 1, 2, 3};
  const auto row = static_cast<std::size_t>(spec.classes);
  std::vector<float> says(4 * row);
  (*program)->evaluate(all, says);

  const KnownNetwork backbone = phantom_backbone(params, statistics);
  EXPECT_FALSE(backbone.spec.has(LayerKind::kBatchNorm));
  EXPECT_EQ(ParamLayout::of(backbone.spec).floats, 0u) << "all of it is frozen";
  auto embedder = Embedder::make(backbone, **backend);
  ASSERT_TRUE(embedder.ok());
  ASSERT_EQ(embedder->floats(), static_cast<std::size_t>(kPhantomFeatures));
  std::vector<float> features(4 * embedder->floats());
  embedder->embed(examples.pixels, features);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t k = 0; k < 6; ++k) {
      const double logit = features[(i + 1) * embedder->floats() - 10 + k];
      EXPECT_NEAR(says[(i + 1) * row - 10 + k], 1 / (1 + std::exp(-logit)), 1e-4) << i << " " << k;
    }
  // The averages and maxima of the first and the last stage, of the second image.
  std::size_t at = embedder->floats();
  for (int stage = 1; stage <= 3; ++stage) {
    const auto found =
        std::ranges::find(spec.layers, "stage" + std::to_string(stage) + ".block2.relu", &LayerSpec::name);
    const int layer = static_cast<int>(found - spec.layers.begin());
    const TensorShape shape = layer_shapes(spec).value()[static_cast<std::size_t>(layer)];
    std::vector<float> values(shape.floats());
    (*program)->activations(1, {&layer, 1}, values);
    const auto channels = static_cast<std::size_t>(shape.channels), area = values.size() / channels;
    for (std::size_t c = 0; c < channels; ++c) {
      const auto plane = std::span(values).subspan(c * area, area);
      const double largest = *std::ranges::max_element(plane);
      const double mean = std::accumulate(plane.begin(), plane.end(), 0.0) / static_cast<double>(area);
      EXPECT_NEAR(features[at + c], mean, 1e-4 * (1 + largest)) << stage << " " << c;
      EXPECT_NEAR(features[at + channels + c], largest, 1e-4 * (1 + largest)) << stage << " " << c;
    }
    at += 2 * channels;
  }
}

TEST(Pretraining, GoesOnWithTheSameBytes) {
  Pretraining whole = small_training();
  while (!whole.finished()) EXPECT_TRUE(std::isfinite(whole.advance()));
  Pretraining first = small_training();
  first.advance();
  first.judge(8);  // changes nothing
  const auto saved = decode_safetensors(encode_safetensors(first.unfinished()));
  ASSERT_TRUE(saved.ok());
  Pretraining second = small_training();
  ASSERT_TRUE(second.resume(*saved).ok());
  EXPECT_EQ(second.images(), 8);
  while (!second.finished()) second.advance();
  EXPECT_EQ(encode_safetensors(second.result({})), encode_safetensors(whole.result({})));

  PretrainingRecipe other = kSmall;
  other.seed = 4;
  EXPECT_NE(small_training(other).resume(*saved).error().message.find("another recipe"), std::string::npos);
  EXPECT_FALSE(small_training().resume(whole.result({})).ok()) << "there is nothing to go on with";
}

TEST(Pretraining, RefusesImpossibleRecipes) {
  auto backend = make_cpu_backend(1);
  PretrainingRecipe recipe = kSmall;
  recipe.images = 2;
  EXPECT_FALSE(Pretraining::make(recipe, **backend, 1).ok());
  recipe = kSmall;
  recipe.batch = 3;
  EXPECT_FALSE(Pretraining::make(recipe, **backend, 1).ok());
}

TEST(BackboneFile, IsReadWhereItIsWhole) {
  const test::TempFolder folder;
  const auto path = folder.path() / "own.safetensors";
  Pretraining training = small_training();
  training.advance();
  ASSERT_TRUE(write_safetensors(path, training.unfinished()).ok());
  EXPECT_NE(read_phantom_backbone(path).error().message.find("has not ended"), std::string::npos);
  while (!training.finished()) training.advance();
  const PretrainingFigures figures = training.judge(8);
  ASSERT_TRUE(write_safetensors(path, training.result(figures)).ok());
  EXPECT_LT(std::filesystem::file_size(path), 2'500'000u);
  const auto read = read_phantom_backbone(path);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->network.spec.classes, kPhantomFeatures);
  EXPECT_NE(read->facts.at("recipe").find("seed 3"), std::string::npos);
  EXPECT_NE(read->facts.at("figures").find("of 8 pictures"), std::string::npos);

  Safetensors damaged = training.result(figures);
  damaged.tensors.pop_back();
  ASSERT_TRUE(write_safetensors(path, damaged).ok());
  EXPECT_NE(read_phantom_backbone(path).error().message.find("it has no"), std::string::npos);
  damaged.metadata["format"] = "other";
  ASSERT_TRUE(write_safetensors(path, damaged).ok());
  EXPECT_FALSE(read_phantom_backbone(path).ok());
}

}  // namespace
}  // namespace fl

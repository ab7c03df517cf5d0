// Embeddings, alone and in batches, and the maps behind them; and those of the real backbone, where it is
// there.
#include "trainer/backbone/embedding.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace {

// Three channels of 6 x 6 to two numbers.
KnownNetwork small_backbone() {
  KnownNetwork known;
  known.spec = {"small", {3, 6, 6}, 2, {}};
  known.spec.layers = {{.kind = LayerKind::kConvolution,
                        .name = "c",
                        .out_channels = 2,
                        .kernel = 3,
                        .stride = 2,
                        .frozen = true},
                       {.kind = LayerKind::kRelu6, .name = "r"},
                       {.kind = LayerKind::kGlobalAveragePool, .name = "g"}};
  known.params.resize(ParamLayout::of(known.spec).all_floats);
  for (std::size_t i = 0; i < known.params.size(); ++i)
    known.params[i] = 0.05f * static_cast<float>(i * 7 % 23) - 0.4f;
  return known;
}

// Image `index` is a ramp of its own.
void ramp(std::size_t index, std::span<float> pixels) {
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<float>((i * (index + 3)) % 17) * 0.1f + 0.01f * static_cast<float>(index);
}

class Embeddings : public testing::Test {
 protected:
  std::unique_ptr<Backend> backend_ = make_cpu_backend(2).value();
  Embedder embedder_ = Embedder::make(small_backbone(), *backend_).value();
};

TEST_F(Embeddings, AreTheSameAloneAndInBatches) {
  constexpr std::size_t kImages = 50;
  std::vector<float> pixels(kImages * 108), all(2 * kImages), alone(2);
  const auto image = [&](std::size_t i) { return std::span(pixels).subspan(i * 108, 108); };
  for (std::size_t i = 0; i < kImages; ++i) ramp(i, image(i));
  embedder_.embed(pixels, all);
  for (std::size_t i = 0; i < kImages; ++i) {
    embedder_.embed(image(i), alone);
    EXPECT_EQ(alone[0], all[2 * i]);
    EXPECT_EQ(alone[1], all[2 * i + 1]);
  }
  EXPECT_NE(all[0], all[2]) << "images are told apart";
}

TEST_F(Embeddings, TakePixelsOfADataSet) {
  for (const double half_range : {kTmHalfRange, 127.5}) {
    KnownNetwork backbone = small_backbone();
    backbone.half_range = half_range;
    Embedder embedder = Embedder::make(backbone, *backend_).value();
    std::vector<float> pixels(108), scaled(108), digested(2), expected(2);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const double byte = static_cast<double>(i * i % 253);
      pixels[i] = static_cast<float>(byte / 127.5 - 1);
      scaled[i] = static_cast<float>(byte / half_range - 1);
    }
    embedder.digest(pixels, digested);
    embedder.embed(scaled, expected);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(digested[i], expected[i], 1e-6) << half_range;
  }
}

TEST_F(Embeddings, AreStandardisedForAHead) {
  std::vector<float> pixels(2 * 108), plain(4);
  ramp(0, std::span(pixels).first(108));
  ramp(1, std::span(pixels).last(108));
  embedder_.digest(pixels, plain);
  EXPECT_EQ(features_of(embedder_, {}, pixels), plain);
  const std::vector<float> features = features_of(embedder_, {{0.5f, -1.0f}, {2.0f, 3.0f}}, pixels);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_FLOAT_EQ(features[i], i % 2 == 0 ? (plain[i] - 0.5f) * 2 : (plain[i] + 1) * 3) << i;
}

// The maps of its one activation, whose means are the embedding.
TEST_F(Embeddings, ShowTheMapsThatTheyAreMadeOf) {
  ASSERT_EQ(embedder_.maps().size(), 1u);
  EXPECT_EQ(embedder_.maps()[0].name, "backbone 1");
  EXPECT_EQ(embedder_.maps()[0].shape, (TensorShape{2, 2, 2}));
  std::vector<float> pixels(108), maps(8), embedding(2);
  ramp(4, pixels);
  embedder_.read_maps(pixels, maps);
  embedder_.digest(pixels, embedding);
  for (std::size_t c = 0; c < 2; ++c)
    EXPECT_NEAR(std::accumulate(maps.begin() + 4 * static_cast<int>(c),
                                maps.begin() + 4 * static_cast<int>(c) + 4, 0.0) /
                    4,
                embedding[c], 1e-6);
}

TEST_F(Embeddings, AnotherNetworkHasAnotherChecksum) {
  KnownNetwork other = small_backbone();
  EXPECT_EQ(network_checksum(other), embedder_.network());
  other.params[3] += 0.001f;
  EXPECT_NE(network_checksum(other), embedder_.network());
  other = small_backbone();
  other.spec.layers[1].kind = LayerKind::kRelu;
  EXPECT_NE(network_checksum(other), embedder_.network());
  other = small_backbone();
  other.half_range = kTmHalfRange;
  EXPECT_NE(network_checksum(other), embedder_.network());
  EXPECT_NE(embedder_.checksum(), Embedder::make(small_backbone(), *make_cpu_backend(1).value())->checksum())
      << "of another device";
}

// Needs the real export and the real project.
class RealBackbone : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = test::real_data_folder();
    if (folder_.empty() || !std::filesystem::exists(folder_ / "teachable-machine-export.zip"))
      GTEST_SKIP() << "no real export; set FALLLINE_TEST_DATA to a folder with teachable-machine-export.zip "
                      "and exp_1.tm";
    auto read = read_tm_export(folder_ / "teachable-machine-export.zip");
    ASSERT_TRUE(read.ok()) << read.error().message;
    export_ = *std::move(read);
    project_.emplace(FileTree::open(folder_ / "exp_1.tm").value());
    for (std::size_t i = 0; i < project_->paths().size(); ++i)
      if (project_->is_image(i)) images_.push_back(i);
  }
  Result<void> pixels_of(std::size_t image, std::span<float> pixels) {
    FL_TRY_LET(bytes, project_->read(images_[image]));
    FL_TRY_LET(bitmap, decode_image(*bytes, project_->paths()[images_[image]]));
    to_input(crop_and_resize(*bitmap, kTmImageSize), 3, pixels, kTmHalfRange);
    return {};
  }

  std::filesystem::path folder_;
  TmExport export_;
  std::optional<FileTree> project_;
  std::vector<std::size_t> images_;
  std::unique_ptr<Backend> backend_ = make_cpu_backend(2).value();
};

TEST_F(RealBackbone, HasItsLayers) {
  EXPECT_EQ(export_.labels, (std::vector<std::string>{"Class 1", "Class 2"}));
  EXPECT_EQ(export_.backbone.spec.classes, 1280);
  EXPECT_EQ(export_.head.spec.layers.size(), 3u) << "dense, ReLU, dense";
  // 410,208 with four numbers a channel in place of the bias that they became.
  std::size_t channels = 0;
  const ParamLayout layout = ParamLayout::of(export_.backbone.spec);
  for (const ParamTensor& tensor : layout.tensors)
    if (tensor.kind == ParamKind::kBias) channels += tensor.count;
  EXPECT_EQ(layout.parameters + 3 * channels, 410'208u);
  EXPECT_EQ(ParamLayout::of(export_.head.spec).parameters, 1280u * 100 + 100 + 100 * 2);
}

// Figures from another program, which read the same files.
TEST_F(RealBackbone, EmbedsAnImageAsItDoesElsewhere) {
  const auto first = std::ranges::find_if(
      images_, [&](std::size_t at) { return project_->paths()[at] == "Hemorrhage-!-0.jpg"; });
  ASSERT_NE(first, images_.end());
  auto embedder = Embedder::make(export_.backbone, *backend_);
  std::vector<float> pixels(embedder->image().floats()), embedding(embedder->floats());
  ASSERT_TRUE(pixels_of(static_cast<std::size_t>(first - images_.begin()), pixels).ok());
  embedder->embed(pixels, embedding);
  EXPECT_NEAR(std::accumulate(embedding.begin(), embedding.end(), 0.0), 473.05, 0.02);
  EXPECT_NEAR(std::ranges::max(embedding), 3.962, 0.001);
  EXPECT_EQ(std::ranges::count(embedding, 0.0f), 419);
}

// Backbone and head apart give what they give in one, and what PyTorch gives with the same weights.
TEST_F(RealBackbone, ItsOwnHeadJudgesEveryImage) {
  auto embedder = Embedder::make(export_.backbone, *backend_);
  std::vector<float> one(embedder->image().floats()), embeddings(images_.size() * embedder->floats());
  for (std::size_t i = 0; i < images_.size(); ++i) {
    ASSERT_TRUE(pixels_of(i, one).ok()) << i;
    embedder->embed(one, std::span(embeddings).subspan(i * embedder->floats(), embedder->floats()));
  }
  auto head = backend_->compile(export_.head.spec, 1).value();
  head->write_params(export_.head.params);
  head->set_guests(embeddings);
  std::vector<std::int32_t> all(images_.size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<float> apart(2 * all.size());
  head->evaluate(all, apart);
  constexpr double kFirstClass[] = {0.000020, 0.004150, 0.013133, 0.001323};
  for (std::size_t i = 0; i < std::size(kFirstClass); ++i) {
    const auto found = std::ranges::find_if(images_, [&](std::size_t at) {
      return project_->paths()[at] == fmt::format("Hemorrhage-!-{}.jpg", i);
    });
    ASSERT_NE(found, images_.end());
    EXPECT_NEAR(apart[2 * static_cast<std::size_t>(found - images_.begin())], kFirstClass[i], 2e-6) << i;
  }
  const KnownNetwork whole = whole_network(export_);
  auto program = backend_->compile(whole.spec, 1).value();
  program->write_params(whole.params);
  std::vector<float> pixels(whole.spec.input.floats()), together(2);
  for (std::size_t image = 0; image < all.size(); image += 7) {
    ASSERT_TRUE(pixels_of(image, pixels).ok());
    program->set_guests(pixels);
    program->evaluate(std::vector<std::int32_t>{0}, together);
    EXPECT_NEAR(together[0], apart[2 * image], 1e-5) << image;
    EXPECT_NEAR(together[1], apart[2 * image + 1], 1e-5) << image;
  }
}

}  // namespace
}  // namespace fl

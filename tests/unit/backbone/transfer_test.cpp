// A scene with a backbone, from its file to a trained head.
#include "trainer/backbone/transfer.h"

#include <fstream>

#include <gtest/gtest.h>

#include "engine/app/open_training.h"
#include "tests/support/small_export.h"
#include "tests/unit/data/data_support.h"
#include "trainer/backbone/embedding.h"
#include "trainer/files/run_folder.h"
#include "trainer/files/weights_file.h"

namespace fl {
namespace {

// A scene of phantoms on the small export beside it.
class Transfer : public testing::Test {
 protected:
  Transfer() {
    const test::SmallExport parts(test::SmallExport::Dialect::k2020);
    test::write_zip(folder_ / "model.zip", {{"model.json", test::bytes_of(parts.model)},
                                            {"weights.bin", parts.weights},
                                            {"metadata.json", test::bytes_of(parts.metadata)}});
    std::ofstream(folder_ / "lesson.toml")
        << "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 30\nrate = 0.01\n"
           "[network]\nbackbone = \"model.zip\"\nhead = [12]\n";
  }
  Result<std::unique_ptr<Training>> open(const std::vector<std::string>& overrides = {}) {
    scene_ = open_scene((folder_ / "lesson.toml").string(), overrides).value();
    return open_training(scene_, {});
  }

  test::TempFolder folder_;
  SceneFile scene_;
};

TEST_F(Transfer, TrainsAHeadOnEmbeddings) {
  const auto training = open();
  ASSERT_TRUE(training.ok()) << training.error().message;
  EXPECT_EQ((*training)->data().shape, (TensorShape{6, 1, 1}));
  EXPECT_EQ((*training)->program().layout().parameters, 6u * 12 + 12 + 12 * 2);
  while ((*training)->advance(64) > 0) continue;
  const Report report = (*training)->report();
  EXPECT_EQ(report.state, RunState::kFinished);
  EXPECT_LT(report.epochs.back().loss, report.epochs.front().loss);
  // The scene that is kept beside the results opens as the same run.
  std::ofstream(folder_ / "kept.toml") << scene_.text((*training)->spec());
  const auto kept = open_scene((folder_ / "kept.toml").string(), {});
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept->run.backbone, scene_.run.backbone);
  EXPECT_EQ(kept->run.data, scene_.run.data);
  // Its weights alone see no images.
  const auto weights = folder_ / "weights.safetensors";
  test::spill(weights, encode_safetensors(weights_of(**training, scene_.text((*training)->spec()))));
  const auto read = read_weights(weights);
  ASSERT_FALSE(read.ok());
  EXPECT_SAYS(read.error().message, "a head on the backbone");
}

TEST_F(Transfer, ABackboneThatIsNone) {
  const auto training = open({"network.backbone=lesson.toml"});
  ASSERT_FALSE(training.ok());
  EXPECT_SAYS(training.error().message, "lesson.toml");
}

TEST_F(Transfer, ImagesAreEmbeddedInTheBackbonesScale) {
  const TmExport parts = read_tm_export(folder_ / "model.zip").value();
  Dataset data;
  data.classes = {"a", "b"};
  data.shape = {3, 224, 224};
  data.labels = {0, 1, 1};
  data.names = {"1", "2", "3"};
  std::vector<float> scaled;
  for (std::size_t i = 0; i < 3 * data.shape.floats(); ++i) {
    const double byte = static_cast<double>(i * i % 253);
    data.pixels.push_back(static_cast<float>(byte / 127.5 - 1));
    scaled.push_back(static_cast<float>(byte / 127 - 1));
  }
  auto backend = make_cpu_backend(2).value();
  std::vector<float> expected(18);
  Embedder::make(parts.backbone, *backend)->embed(scaled, expected);
  const auto embedded = embed_dataset(data, parts.backbone, *backend, {});
  ASSERT_TRUE(embedded.ok());
  EXPECT_EQ(embedded->shape, (TensorShape{6, 1, 1}));
  EXPECT_EQ(embedded->labels, data.labels);
  ASSERT_EQ(embedded->pixels.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(embedded->pixels[i], expected[i], 1e-5) << i;
  std::stop_source stop;
  stop.request_stop();
  const auto stopped =
      embed_dataset(data, parts.backbone, *backend, {.stop = stop.get_token(), .report = {}});
  ASSERT_FALSE(stopped.ok());
  EXPECT_TRUE(stopped.error().cancelled);
}

}  // namespace
}  // namespace fl

// From a run on disk to a model that leaves: of its own, and on a backbone.
#include <fstream>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "engine/app/open_training.h"
#include "tests/support/leaving_models.h"
#include "tests/support/plain_tfjs.h"
#include "tests/support/small_export.h"
#include "tests/unit/data/data_support.h"
#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/exports/tfjs_zip.h"
#include "trainer/files/run_folder.h"
#ifdef FALLLINE_HAS_ONNX
#include "tests/support/plain_onnx.h"
#include "trainer/exports/onnx_file.h"
#endif

namespace fl {
namespace {

class ExportedRuns : public testing::Test {
 protected:
  // A run of `scene`, trained and saved.
  std::unique_ptr<Training> train(const std::string& scene) {
    std::ofstream(folder_ / "lesson.toml") << scene;
    const SceneFile opened = open_scene((folder_ / "lesson.toml").string(), {}).value();
    auto training = open_training(opened, {}).value();
    while (training->advance(64) > 0) continue;
    EXPECT_TRUE(
        write_run_folder(folder_ / "run", *training, training->report(), opened.text(training->spec())).ok());
    return training;
  }
  LeavingModel open() {
    auto model = open_leaving_model(folder_ / "run");
    EXPECT_TRUE(model.ok()) << model.error().message;
    return *std::move(model);
  }
  // The model as a reader of TensorFlow.js has it.
  test::PlainTfjs left(const LeavingModel& model) {
    const auto bytes = tfjs_zip_of(model, self_check_of(model).value(), "model.zip");
    EXPECT_TRUE(bytes.ok()) << bytes.error().message;
    test::spill(folder_ / "left.zip", *bytes);
    return test::PlainTfjs(test::unzip(folder_ / "left.zip"));
  }
  void save_small_export() {
    const test::SmallExport parts(test::SmallExport::Dialect::k2020);
    test::write_zip(folder_ / "model.zip", {{"model.json", test::bytes_of(parts.model)},
                                            {"weights.bin", parts.weights},
                                            {"metadata.json", test::bytes_of(parts.metadata)}});
  }
  // The run says of images what independent readers of both formats say of them from their bytes. Returns the
  // classes that it sees.
  std::set<bool> expect_leaves_whole(Training& training);

  test::TempFolder folder_;
};

Bitmap in_colour(const Bitmap& grey) {
  Bitmap image{grey.width, grey.height, 3, {}};
  for (const std::uint8_t value : grey.pixels) image.pixels.insert(image.pixels.end(), 3, value);
  return image;
}

std::set<bool> ExportedRuns::expect_leaves_whole(Training& training) {
  const LeavingModel model = open();
  EXPECT_EQ(model.side, kTmImageSize);
  EXPECT_TRUE(model.network.outputs.empty());
  const test::PlainTfjs tfjs = left(model);
#ifdef FALLLINE_HAS_ONNX
  const test::PlainOnnx onnx(onnx_file_of(model, self_check_of(model).value(), "model.onnx").value());
#endif
  const std::vector<std::int32_t> guest = {static_cast<std::int32_t>(training.data().size())};
  std::set<bool> seen;
  for (std::uint32_t i = 0; i < 6; ++i) {
    SCOPED_TRACE(i);
    const auto kind = i % 2 == 0 ? PhantomClass::kHemorrhage : PhantomClass::kNormal;
    const Bitmap image = in_colour(apply_window(make_phantom(3, kind, i, kTmImageSize).slice, kBrainWindow));
    const auto png = encode_png(image.width, image.height, 3, image.pixels);
    training.program().set_guests(features_of(*training.embedder(), training.standardisation(),
                                              training.prepare(*png, "image").value()));
    std::vector<float> here(2);
    training.program().evaluate(guest, here);
    const auto expect_same = [&](const auto& there) {
      EXPECT_NEAR(there[0], here[0], 1e-3);
      EXPECT_NEAR(there[1], here[1], 1e-3);
      EXPECT_EQ(there[1] > there[0], here[1] > here[0]);
    };
    seen.insert(here[1] > here[0]);
    expect_same(tfjs.probabilities(image.pixels));
    expect_same(probabilities_of(model, std::span(&image, 1)).value());
#ifdef FALLLINE_HAS_ONNX
    expect_same(onnx.probabilities(image.pixels));
#endif
  }
  return seen;
}

// The run's own way from a file to probabilities, and the model's.
TEST_F(ExportedRuns, SeeWhatTheRunSaw) {
  for (const char* data :
       {"image_size = 32\nchannels = 1", "image_size = 32\nchannels = 3\nstandardise = false"}) {
    SCOPED_TRACE(data);
    auto training = train(fmt::format("[data]\nphantom_counts = [8, 8]\n{}\n[train]\nepochs = 2\n", data));
    const LeavingModel model = open();
    EXPECT_EQ(model.side, kTmImageSize);
    EXPECT_EQ(model.labels, training->data().classes);
    const test::PlainTfjs reader = left(model);
    for (std::uint32_t i = 0; i < 3; ++i) {
      const Bitmap image =
          i == 0 ? test::patches(model.side, 1)
                 : in_colour(apply_window(make_phantom(3, PhantomClass::kNormal, i, model.side).slice,
                                          kBrainWindow));
      const auto png = encode_png(image.width, image.height, 3, image.pixels);
      auto& program = training->program();
      program.set_guests(training->prepare(*png, "image").value());
      const std::vector<std::int32_t> guest = {static_cast<std::int32_t>(training->data().size())};
      std::vector<float> here(2);
      program.evaluate(guest, here);
      const auto there = reader.probabilities(image.pixels);
      EXPECT_NEAR(there[0], here[0], 1e-4) << i;
      EXPECT_NEAR(there[1], here[1], 1e-4) << i;
    }
  }
}

// A head leaves together with its backbone, and what has left is a backbone again, of the same embeddings.
TEST_F(ExportedRuns, AHeadLeavesWithItsBackbone) {
  save_small_export();
  auto training = train(
      "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 30\nrate = 0.01\n"
      "[network]\nbackbone = \"model.zip\"\nhead = [12]\n");
  std::filesystem::path place;
  const auto opened = open_leaving_model(folder_ / "run", &place);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(place, folder_ / "model.zip");
  const test::PlainTfjs reader = left(*opened);
  EXPECT_EQ(reader.labels(), (std::vector<std::string>{"Hemorrhage", "Normal"}));
  EXPECT_EQ(std::ranges::count(reader.names(), "scale"), 0) << "the backbone takes the pixels as they come";
  // The backbone by plain loops, its own head by the program that trained it.
  const test::SmallExport parts(test::SmallExport::Dialect::k2020);
  std::vector<double> pixels;
  const Bitmap image = test::patches(kTmImageSize, 2);
  for (const std::uint8_t byte : image.pixels) pixels.push_back(byte / 127.0 - 1);
  const auto embedding = parts.answer(pixels).embedding;
  std::vector<float> guest(embedding.begin(), embedding.end()), here(2);
  training->program().set_guests(guest);
  training->program().evaluate(std::vector<std::int32_t>{static_cast<std::int32_t>(training->data().size())},
                               here);
  const auto there = reader.probabilities(image.pixels);
  EXPECT_NEAR(there[0], here[0], 1e-4);
  EXPECT_NEAR(there[1], here[1], 1e-4);
  const auto before = read_tm_export(folder_ / "model.zip"), after = read_tm_export(folder_ / "left.zip");
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->backbone.spec.layers, before->backbone.spec.layers);
  EXPECT_EQ(after->backbone.params, before->backbone.params);
  EXPECT_EQ(after->head.spec.layers.size(), 3u);
}

// Our own backbone has several outputs, and its numbers are standardised: both go into plain layers. Whoever
// reads them gives every image the run's own class and probabilities.
TEST_F(ExportedRuns, AHeadOnOurBackboneLeavesWithIt) {
  for (const char* head : {"[12]", "[]"}) {
    SCOPED_TRACE(head);
    auto training =
        train(fmt::format("[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 30\nrate = 0.01\n"
                          "[network]\nbackbone = \"{}/assets/backbone.safetensors\"\nhead = {}\n",
                          FALLLINE_SOURCE_DIR, head));
    EXPECT_EQ(expect_leaves_whole(*training).size(), 2u) << "images of one class compare little";
    std::filesystem::remove_all(folder_ / "run");
  }
}

// The stages that were trained leave as they are now, below the head and on what was kept of each image.
TEST_F(ExportedRuns, AnUnfrozenBackboneLeavesAsItWasTrained) {
  save_small_export();
  for (const std::string& backbone :
       {std::string("model.zip"), std::string(FALLLINE_SOURCE_DIR) + "/assets/backbone.safetensors"}) {
    SCOPED_TRACE(backbone);
    auto training = train(
        fmt::format("[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 8\nrate = 0.01\nbackbone_rate = 0.2\n"
                    "[network]\nbackbone = \"{}\"\nunfreeze = 1\nhead = [12]\n",
                    backbone));
    expect_leaves_whole(*training);
    std::filesystem::remove_all(folder_ / "run");
  }
  // Teachable Machine's is a backbone again, with what it learnt.
  train(
      "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 8\nrate = 0.01\n[network]\nbackbone = "
      "\"model.zip\"\nunfreeze = 1\n");
  left(open());
  const auto before = read_tm_export(folder_ / "model.zip"), after = read_tm_export(folder_ / "left.zip");
  ASSERT_TRUE(after.ok()) << after.error().message;
  EXPECT_EQ(after->backbone.params.size(), before->backbone.params.size());
  EXPECT_NE(after->backbone.params, before->backbone.params);
}

// A network of our own as the backbone of another: the layers of both are called alike.
TEST_F(ExportedRuns, LayersOfOneNameStayApart) {
  const LeavingModel own = test::noise_model(ct_small({3, kTmImageSize, kTmImageSize}, 2), kTmImageSize);
  left(own);
  std::filesystem::rename(folder_ / "left.zip", folder_ / "model.zip");
  train(
      "[data]\nphantom_counts = [4, 4]\n[train]\nepochs = 1\n[network]\nbackbone = \"model.zip\"\nhead = "
      "[5]\n");
  const LeavingModel model = open();
  EXPECT_NE(ParamLayout::of(model.network).find("dense.weight"), nullptr);
  const std::vector<std::string> names = left(model).names();
  EXPECT_EQ(std::ranges::count(names, "relu1"), 1);
  const Bitmap image = test::patches(kTmImageSize, 0);
  EXPECT_NEAR(left(model).probabilities(image.pixels)[0],
              probabilities_of(model, std::span(&image, 1)).value()[0], 1e-4);
}

TEST_F(ExportedRuns, AnotherBackboneInItsPlaceIsSeen) {
  save_small_export();
  train("[data]\nphantom_counts = [4, 4]\n[train]\nepochs = 1\n[network]\nbackbone = \"model.zip\"\n");
  left(test::noise_model(ct_small({3, kTmImageSize, kTmImageSize}, 2), kTmImageSize));
  std::filesystem::rename(folder_ / "left.zip", folder_ / "model.zip");
  const auto other = open_leaving_model(folder_ / "run");
  ASSERT_FALSE(other.ok());
  EXPECT_SAYS(other.error().message,
              "cannot be used to export: its network is a head that was trained on another backbone");
  std::filesystem::remove(folder_ / "model.zip");
  const auto none = open_leaving_model(folder_ / "run");
  ASSERT_FALSE(none.ok());
  EXPECT_SAYS(none.error().message, "a head on a backbone that cannot be read: ");
}

// What shrinks its images itself reads others than a backbone may.
TEST_F(ExportedRuns, ASmallNetworkIsNoBackbone) {
  left(test::noise_model(ct_small({3, 32, 32}, 2), kTmImageSize, {1, 7}));
  const auto read = read_tm_export(folder_ / "left.zip");
  ASSERT_FALSE(read.ok());
  EXPECT_SAYS(read.error().message, "reads images of 32 x 32 with 3 channels");
}

}  // namespace
}  // namespace fl

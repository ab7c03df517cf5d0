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
#include "trainer/backbone/phantom_network.h"
#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/exports/tfjs_zip.h"
#include "trainer/files/backbone_file.h"
#include "trainer/files/run_folder.h"
#include "trainer/session/classifier.h"
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

// What has left opens again: the same probabilities, and below the head a backbone of the same numbers, on
// which the head itself trains on.
TEST_F(ExportedRuns, OpenAgainWithTheirOwnHead) {
  for (const char* head : {"[12]", "[]"}) {
    SCOPED_TRACE(head);
    const std::string lesson = "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 30\nrate = 0.01\n";
    train(fmt::format("{}[network]\nbackbone = \"{}/assets/backbone.safetensors\"\nhead = {}\n", lesson,
                      FALLLINE_SOURCE_DIR, head));
    left(open());
    Classifier run = Classifier::open(folder_ / "run").value();
    auto model = Classifier::open(folder_ / "left.zip");
    ASSERT_TRUE(model.ok()) << model.error().message;
    EXPECT_EQ(model->classes(), run.classes());
    const KnownNetwork own =
        read_phantom_backbone(std::string(FALLLINE_SOURCE_DIR) + "/assets/backbone.safetensors")
            .value()
            .network;
    const TmExport again = read_tm_export(folder_ / "left.zip").value();
    EXPECT_EQ(again.backbone.spec.classes, kPhantomFeatures);
    EXPECT_EQ(again.backbone.spec.outputs.size(), own.spec.outputs.size());
    EXPECT_EQ(again.backbone.stages.size(), own.stages.size());
    std::vector<std::vector<std::byte>> images;
    std::vector<std::vector<float>> said;
    const auto say = [&](Classifier& classifier, const std::vector<std::byte>& png) {
      std::vector<float> input(classifier.input_floats()), probabilities(2);
      EXPECT_TRUE(classifier.prepare(png, "image", input).ok());
      EXPECT_TRUE(classifier.classify(input, probabilities).ok());
      return probabilities;
    };
    for (std::uint32_t i = 0; i < 4; ++i) {
      const auto slice =
          make_phantom(3, i % 2 == 0 ? PhantomClass::kNormal : PhantomClass::kHemorrhage, i, kTmImageSize)
              .slice;
      const Bitmap image = in_colour(apply_window(slice, kBrainWindow));
      images.push_back(*encode_png(image.width, image.height, 3, image.pixels));
      said.push_back(say(run, images.back()));
      EXPECT_NEAR(say(*model, images.back())[0], said.back()[0], 1e-4) << i;
    }
    // A new head on the same numbers, which are standardised.
    std::filesystem::remove_all(folder_ / "run");
    auto anew = train(lesson + "[network]\nbackbone = \"left.zip\"\nhead = [12]\n");
    EXPECT_EQ(anew->image_shape().floats(), 3u * kPhantomImageSize * kPhantomImageSize);
    EXPECT_EQ(anew->standardisation().mean.size(), static_cast<std::size_t>(kPhantomFeatures));
    std::filesystem::remove_all(folder_ / "run");
    if (std::string(head) == "[]") continue;  // its one layer has a bias, which none of that shape has here
    train(fmt::format(
        "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 1\nrate = 1e-9\n[network]\nbackbone = "
        "\"left.zip\"\nhead = {}\ninit = \"export\"\n",
        head));
    Classifier with_its_head = Classifier::open(folder_ / "run").value();
    for (std::size_t i = 0; i < images.size(); ++i)
      EXPECT_NEAR(say(with_its_head, images[i])[0], said[i][0], 1e-3) << i;
    std::filesystem::remove_all(folder_ / "run");
  }
}

TEST_F(ExportedRuns, WithoutDenseLayersAreNoBackbone) {
  train(
      "[data]\nphantom_counts = [4, 4]\nimage_size = 16\n[train]\nepochs = 1\n[network]\nlayers = [{kind = "
      "\"convolution\", channels = 2, kernel = 3}, {kind = \"global-average-pool\"}]\n");
  left(open());
  const auto read = read_tm_export(folder_ / "left.zip");
  ASSERT_FALSE(read.ok());
  EXPECT_SAYS(read.error().message, "has no head to cut off");
}

// Any network with dense layers at its end has something below them, whatever size its images have.
TEST_F(ExportedRuns, FromScratchAreBackbones) {
  struct Known {
    const char* name;
    int side;  // of its images
  };
  for (const Known& known : {Known{"ct-small", 32}, Known{"ct-resnet", 32}, Known{"mlp", 16}}) {
    SCOPED_TRACE(known.name);
    train(
        fmt::format("[data]\nphantom_counts = [4, 4]\nimage_size = {}\nchannels = 3\n[train]\nepochs = 1\n"
                    "[network]\nname = \"{}\"\n",
                    known.side, known.name));
    left(open());
    std::filesystem::remove_all(folder_ / "run");
    auto training = train(
        "[data]\nphantom_counts = [9, 8]\n[train]\nepochs = 1\n[network]\nbackbone = \"left.zip\"\nhead = [12]\n");
    EXPECT_EQ(training->image_shape().width, known.side);
    EXPECT_EQ(training->standardisation().mean.size(), 0u) << "one layer's numbers have one size";
    expect_leaves_whole(*training);
    std::filesystem::remove_all(folder_ / "run");
  }
}

}  // namespace
}  // namespace fl

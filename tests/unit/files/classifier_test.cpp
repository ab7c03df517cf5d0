// Weights that stand on their own, and what they say of images.
#include "trainer/session/classifier.h"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <png.h>

#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/files/checkpoint.h"
#include "trainer/files/run_folder.h"
#include "trainer/files/safetensors.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using test::Bytes;

struct Scene {
  const char* name;
  const char* text;
};

constexpr Scene kScenes[] = {
    {"grey", "[data]\nimage_size = 16\nchannels = 1\n"},
    {"automatic", "[data]\nimage_size = 16\nchannels = 'auto'\n"},
    {"red",
     "[data]\nimage_size = 24\ncolour_range = [50.1, 90]\nwindow = [40.3, 79.9]\n[network]\nname = "
     "'ct-resnet'\n"
     "dropout = 0.2\n"},
    {"raw", "[data]\nimage_size = 20\nchannels = 3\nstandardise = false\n[network]\nname = 'mlp'\n"},
};

// Seven images of each class, grey PNGs and colour JPEGs of several sizes.
void write_images(const fs::path& folder) {
  unsigned seed = 0;
  for (const char* name : {"A", "B"})
    for (int i = 0; i < 7; ++i, ++seed) {
      const Bitmap image = test::test_picture(20 + 3 * i, i % 2 == 0 ? 1 : 3, seed);
      const auto file = folder / name / fmt::format("{}.{}", i, i % 2 == 0 ? "png" : "jpg");
      test::spill(file, i % 2 == 0 ? test::png_of(image) : test::jpeg_of(image));
    }
}

// A run of two epochs over `images`, left in `run`.
std::unique_ptr<Training> train_run(const Scene& scene, const fs::path& images, const fs::path& run) {
  const std::string text = fmt::format("{}[train]\nepochs = 2\nbatch_size = 4\nthreads = 2\n", scene.text);
  const RunSpec defaults;
  RunSpec spec = parse_run_spec(toml::parse(text), defaults).value();
  spec.data.source = images.string();
  auto training = test::make_training(spec);
  while (training->step()) {
  }
  EXPECT_TRUE(write_run_folder(run, *training, training->report(), text).ok());
  return training;
}

std::vector<float> classified(Classifier& classifier, const Bytes& file) {
  std::vector<float> input(classifier.input_floats()), probabilities(classifier.classes().size());
  const auto prepared = classifier.prepare(file, "image", input);
  EXPECT_TRUE(prepared.ok()) << prepared.error().message;
  EXPECT_TRUE(classifier.classify(input, probabilities));
  return probabilities;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class Classify : public testing::TestWithParam<Scene> {};

TEST_P(Classify, SaysWhatTheTrainingsOwnEvaluationSays) {
  const test::TempFolder folder;
  write_images(folder / "images");
  auto training = train_run(GetParam(), folder / "images", folder / "run");
  const auto& names = training->data().names;
  std::vector<std::int32_t> all(names.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int32_t>(i);
  std::vector<float> expected(all.size() * 2);
  training->program().evaluate(all, expected);

  std::vector<Bytes> files;
  for (const std::string& name : names) files.push_back(test::slurp(folder / "images" / name));
  // A run in progress makes of a file what its data set has made of it.
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto input = training->prepare(files[i], names[i]);
    ASSERT_TRUE(input.ok()) << input.error().message;
    training->program().set_guests(*input);
    std::vector<float> guest(2);
    training->program().evaluate(std::vector{static_cast<std::int32_t>(files.size())}, guest);
    EXPECT_EQ(guest, (std::vector<float>{expected[2 * i], expected[2 * i + 1]})) << names[i];
  }
  const auto no_image = training->prepare(test::bytes_of("no image"), "notes.txt");
  ASSERT_FALSE(no_image.ok());
  EXPECT_SAYS(no_image.error().message, "notes.txt");
  fs::remove_all(folder / "images");  // the training data are not needed
  auto classifier = Classifier::open(folder / "run");
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  EXPECT_EQ(classifier->classes(), (std::vector<std::string>{"A", "B"}));
  std::vector<float> inputs, together(expected.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    // Alone, and among others below.
    EXPECT_EQ(classified(*classifier, files[i]), (std::vector<float>{expected[2 * i], expected[2 * i + 1]}))
        << names[i];
    inputs.resize(inputs.size() + classifier->input_floats());
    ASSERT_TRUE(
        classifier->prepare(files[i], names[i], std::span(inputs).last(classifier->input_floats())).ok());
  }
  ASSERT_TRUE(classifier->classify(inputs, together));
  EXPECT_EQ(together, expected);
  EXPECT_NE(expected[0], expected[2]) << "the images are told apart at all";
}

INSTANTIATE_TEST_SUITE_P(Scenes, Classify, testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

// A 16-bit grey PNG of a ramp; libpng's own writer, because ours writes 8 bits.
void write_16_bit_png(const fs::path& path, int side) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = header.height = static_cast<png_uint_32>(side);
  header.format = PNG_FORMAT_LINEAR_Y;
  std::vector<png_uint_16> pixels;
  for (int i = 0; i < side * side; ++i)
    pixels.push_back(static_cast<png_uint_16>(i * 65535L / (side * side)));
  ASSERT_NE(png_image_write_to_file(&header, path.c_str(), 0, pixels.data(), 0, nullptr), 0)
      << header.message;
}

TEST(Classifier, TakesSixteenBitsAndAnySize) {
  const test::TempFolder folder;
  write_images(folder / "images");
  train_run(kScenes[0], folder / "images", folder / "run");
  auto classifier = Classifier::open(folder / "run/weights.safetensors");  // the file itself will do
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  write_16_bit_png(folder / "deep.png", 512);
  const auto deep = classified(*classifier, test::slurp(folder / "deep.png"));
  EXPECT_NEAR(deep[0] + deep[1], 1, 1e-6);
  EXPECT_EQ(classified(*classifier, test::slurp(folder / "deep.png")), deep);
  classified(*classifier, test::png_of(test::test_picture(512, 1, 3)));
  classified(*classifier, test::png_of(test::test_picture(1, 3, 3)));
  std::vector<float> input(classifier->input_floats());
  EXPECT_SAYS(classifier->prepare(test::bytes_of("no image"), "x.png", input).error().message,
              "x.png is a text file");
}

TEST(Classifier, UnusableWeightsAreRefusedInOneSentence) {
  const test::TempFolder folder;
  write_images(folder / "images");
  train_run(kScenes[0], folder / "images", folder / "run");
  const auto whole = read_safetensors(folder / "run" / kWeightsFile);
  ASSERT_TRUE(whole.ok());
  const auto with = [&](const char* key, const char* value) {
    Safetensors changed = *whole;
    if (value == nullptr)
      changed.metadata.erase(key);
    else
      changed.metadata[key] = value;
    EXPECT_TRUE(write_safetensors(folder / "changed.safetensors", changed).ok());
    const auto classifier = Classifier::open(folder / "changed.safetensors");
    return classifier ? std::string() : classifier.error().message;
  };
  EXPECT_EQ(with("comment", "nothing changed"), "");
  EXPECT_SAYS(with("format", nullptr), "another program");
  EXPECT_SAYS(with("version", "99"), "another version");
  EXPECT_SAYS(with("scene", nullptr), "no \"scene\"");
  EXPECT_SAYS(with("scene", "[network"), "its scene, line 1: ");
  std::string dots;
  for (int i = 0; i < 100'000; ++i) dots += "a.";
  EXPECT_SAYS(with("scene", (dots + "b = 1").c_str()), "its scene, line 1: a name has more than 16 dots");
  EXPECT_SAYS(with("scene", "[network]\nname = 'mlp'\n[data]\nimage_size = 16\nchannels = 1"),
              "no dense1.weight");
  EXPECT_SAYS(with("scene", "[data]\nimage_size = 16"),
              "its scene does not say how many channels its images have");
  EXPECT_SAYS(with("scene", "[data]\nimage_size = 100000000"), "image_size");
  EXPECT_SAYS(with("scene", "[data]\nimage_size = 16\nchannels = 3"), "for images of 3 channels");
  EXPECT_SAYS(with("classes", R"(["A"])"), "it has 1 class, and");
  EXPECT_SAYS(with("classes", ("[\"A\"" + repeated(",\"B\"", 1000) + "]").c_str()), "it has 1001 classes");
  EXPECT_SAYS(with("classes", R"(["A","B","C"])"), "dense.weight");
  EXPECT_SAYS(with("classes", "A, B"), "is not a list");
  EXPECT_SAYS(with("mean", "[]"), "differ in length");
  EXPECT_SAYS(with("mean", R"(["x"])"), "holds something that is not a number");
  EXPECT_SAYS(with("inverse_deviation", "[1e999]"), "is not a list");
  for (const auto& path : {folder / "absent", folder / "images", folder / "run" / kCheckpointFile}) {
    const auto classifier = Classifier::open(path);
    ASSERT_FALSE(classifier.ok());
    EXPECT_SAYS(classifier.error().message, path.filename().string());
    EXPECT_EQ(classifier.error().message.find(".;"), std::string::npos) << classifier.error().message;
  }
}

// As a training leaves them that diverged: numbers, but too large for what comes out to be one; or none
// themselves.
TEST(Classifier, WhatIsNotANumberIsNoPrediction) {
  const test::TempFolder folder;
  write_images(folder / "images");
  const auto training = train_run(kScenes[0], folder / "images", folder / "run");
  const auto file = test::png_of(test::test_picture(20, 1, 3));
  const auto with = [&](float weight) {
    std::vector<float> params(training->program().layout().floats, weight);
    training->program().write_params(params);
    EXPECT_TRUE(write_safetensors(folder / "changed.safetensors", weights_of(*training, "")));
    return Classifier::open(folder / "changed.safetensors");
  };
  auto huge = with(1e30F);
  ASSERT_TRUE(huge.ok()) << huge.error().message;
  std::vector<float> input(huge->input_floats()), probabilities(2);
  ASSERT_TRUE(huge->prepare(file, "image", input));
  const auto classified = huge->classify(input, probabilities);
  ASSERT_FALSE(classified.ok());
  EXPECT_SAYS(classified.error().message, "changed.safetensors cannot classify: its outputs are not numbers");
  const auto none = with(std::nanf(""));
  ASSERT_FALSE(none.ok());
  EXPECT_SAYS(none.error().message, "some of its weights are not numbers");
}

}  // namespace
}  // namespace fl

#pragma once
// A lesson of class folders with a backbone, and what a frame shows of it.

#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/app/open_training.h"
#include "tests/support/plain_ring.h"
#include "tests/support/small_export.h"
#include "tests/unit/data/data_support.h"
#include "trainer/data/preprocess.h"
#include "trainer/files/weights_file.h"
#include "trainer/session/classifier.h"
#include "trainer/subjects/training_subject.h"

namespace fl::test {

inline void write_export(const std::filesystem::path& path, const std::vector<std::byte>& weights = {}) {
  const SmallExport parts(SmallExport::Dialect::k2020);
  write_zip(path, {{"model.json", bytes_of(parts.model)},
                   {"weights.bin", weights.empty() ? parts.weights : weights},
                   {"metadata.json", bytes_of(parts.metadata)}});
}

// A scene of class folders on the small export beside it.
class TransferScene : public testing::Test {
 protected:
  TransferScene() {
    write_export(folder_ / "model.zip");
    write_set({"even", "odd"});
    std::ofstream(folder_ / "lesson.toml") << "[data]\nsource = \"set\"\n[train]\nepochs = 30\nrate = 0.01\n"
                                              "[network]\nbackbone = \"model.zip\"\nhead = [12]\n";
  }
  // The set anew: eighteen images, of each class in turn.
  void write_set(const std::vector<const char*>& classes) const {
    std::filesystem::remove_all(folder_ / "set");
    for (unsigned i = 0; i < 18; ++i) {
      const std::string name = fmt::format("set/{}/{}.png", classes[i % classes.size()], i);
      std::filesystem::create_directories((folder_ / name).parent_path());
      spill(folder_ / name, file(i));
    }
  }
  // Of the classes of the export, in another order.
  void write_classes_of_export() const { write_set({"c", "Ru\u00df", "b"}); }
  // Those of one class are darker.
  static Bytes file(unsigned i) {
    Bitmap image = test_picture(30, 3, i);
    if (i % 2 == 0)
      for (std::uint8_t& byte : image.pixels) byte /= 3;
    return png_of(image);
  }
  Result<std::unique_ptr<Training>> open(const std::vector<std::string>& overrides = {},
                                         const LoadWatch& watch = {}, const LoadOptions& options = {}) {
    scene_ = open_scene((folder_ / "lesson.toml").string(), overrides).value();
    return open_training(scene_, {}, watch, options);
  }
  [[nodiscard]] std::filesystem::path save(const Training& training) const {
    auto path = folder_ / "weights.safetensors";
    spill(path, encode_safetensors(weights_of(training, scene_.text(training.spec()))));
    return path;
  }
  // The scene's pixels of an image, not embedded.
  [[nodiscard]] std::vector<float> pixels_of(const Training& training,
                                             std::span<const std::byte> bytes) const {
    std::vector<float> pixels(training.image_shape().floats());
    EXPECT_TRUE(preprocess_file(bytes, "image", scene_.run.data, pixels).ok());
    return pixels;
  }

  // Of all images of the set, what a classifier says of their files.
  std::vector<float> classified(Classifier& classifier, const Dataset& data) const {
    std::vector<float> inputs, found(data.classes.size() * data.size());
    for (const std::string& name : data.names) {
      inputs.resize(inputs.size() + classifier.input_floats());
      EXPECT_TRUE(classifier
                      .prepare(slurp(folder_ / ("set/" + name)), name,
                               std::span(inputs).last(classifier.input_floats()))
                      .ok());
    }
    EXPECT_TRUE(classifier.classify(inputs, found).ok());
    return found;
  }
  // What the training says of them itself.
  static std::vector<float> judged(Training& training) {
    std::vector<float> probabilities(training.data().classes.size() * training.data().size());
    std::vector<std::int32_t> all(training.data().size());
    std::iota(all.begin(), all.end(), 0);
    training.program().evaluate(all, probabilities);
    return probabilities;
  }

  TempFolder folder_;
  SceneFile scene_;
};

// What a frame shows of an image.
struct Shown {
  FrameHeader header;
  FrameFacts facts;
  std::vector<float> features;
  [[nodiscard]] std::span<const float> layer(std::size_t i) const {
    const FrameLayer& l = header.layers.at(i);
    return std::span(features).subspan(l.offset, std::size_t{l.channels} * l.height * l.width);
  }
};
inline Shown show(TrainingSubject& subject, PlainRing& ring, const Command& command) {
  subject.apply(command);
  EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = ring.read();
  return {frame->header, frame->facts, {frame->slot.features().begin(), frame->slot.features().end()}};
}

}  // namespace fl::test

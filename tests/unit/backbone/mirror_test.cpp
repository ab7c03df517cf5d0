// [train] mirror: a head learns from every training image twice, as it is and mirrored. What is kept of the
// images belongs to them, whatever becomes of their folder.
#include <algorithm>
#include <fstream>

#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/data/images/image.h"

namespace fl {
namespace {

using test::PlainRing;
using test::show;
using test::Shown;

constexpr std::size_t kImages = 18;

std::vector<float> weights_after(Training& training) {
  while (training.advance(64) > 0) continue;
  std::vector<float> params(training.program().layout().all_floats);
  training.program().read_params(params);
  return params;
}

class MirroredImages : public test::TransferScene {
 protected:
  std::unique_ptr<Training> mirrored(const LoadOptions& options = {}) {
    auto training = open({"train.mirror=true", "train.shuffle=once"}, {}, options);
    EXPECT_TRUE(training.ok()) << training.error().message;
    return *std::move(training);
  }
  // What the program has under that index.
  static std::vector<float> numbers(Training& training, std::int32_t image) {
    std::vector<float> numbers(training.data().shape.floats());
    training.program().activations(image, std::array{-1}, numbers);
    return numbers;
  }
};

TEST_F(MirroredImages, ComeBehindTheImagesAndAreTheirMirrors) {
  const auto training = mirrored();
  const std::size_t train = training->split().train.size();
  EXPECT_EQ(training->images_per_epoch(), 2 * train);
  EXPECT_EQ(training->steps_per_epoch(), static_cast<std::int64_t>((2 * train + 15) / 16));
  EXPECT_EQ(training->first_guest(), static_cast<std::int32_t>(2 * kImages));
  EXPECT_EQ(training->data().size(), kImages);
  EXPECT_TRUE(training->data().mirrored.empty()) << "they are the program's";
  const auto plain = open();
  for (const std::int32_t image : {0, 7, 17}) {
    EXPECT_EQ(numbers(*training, image), numbers(**plain, image));
    const auto bytes =
        test::slurp(folder_ / ("set/" + training->data().names[static_cast<std::size_t>(image)]));
    std::vector<float> pixels = pixels_of(*training, bytes);
    const auto side = static_cast<std::ptrdiff_t>(training->image_shape().width);
    for (auto row = pixels.begin(); row != pixels.end(); row += side) std::reverse(row, row + side);
    EXPECT_EQ(numbers(*training, image + static_cast<std::int32_t>(kImages)), training->program_input(pixels))
        << image;
    EXPECT_NE(numbers(*training, image), numbers(*training, image + static_cast<std::int32_t>(kImages)));
  }
}

// An epoch of them is one of a set that has the mirrors as images of its own.
TEST_F(MirroredImages, AreTrainedOnAsImagesWouldBe) {
  const auto training = mirrored();
  const auto plain = open({"train.shuffle=once"}).value();
  const auto n = static_cast<std::int32_t>(kImages);
  std::vector<float> pixels;
  std::vector<std::int32_t> labels, order;
  for (std::int32_t i = 0; i < 2 * n; ++i) {
    const std::vector<float> one = numbers(*training, i);
    pixels.insert(pixels.end(), one.begin(), one.end());
    labels.push_back(training->data().labels[static_cast<std::size_t>(i % n)]);
  }
  for (const std::int32_t side : {0, n})
    for (const std::int32_t image : training->split().train) order.push_back(image + side);
  Program& program = plain->program();
  program.set_data(pixels, labels);
  for (int epoch = 0; epoch < 3; ++epoch)
    for (std::size_t at = 0; at < order.size(); at += 16) {
      ASSERT_TRUE(training->step());
      program.train_step(std::span(order).subspan(at, std::min<std::size_t>(16, order.size() - at)), 0.01);
    }
  EXPECT_EQ(training->steps() % training->steps_per_epoch(), 0);
  std::vector<float> found(program.layout().all_floats), expected(found.size());
  training->program().read_params(found);
  program.read_params(expected);
  EXPECT_EQ(found, expected);
}

TEST_F(MirroredImages, TheSameGoesForGuestsAndClassifiers) {
  TrainingSubject subject(mirrored());
  for (int step = 0; step < 20; ++step) subject.step();
  Training& training = *subject.training();
  PlainRing ring(subject.capacity());
  const auto bytes = test::slurp(folder_ / ("set/" + training.data().names[3]));
  const Shown own = show(subject, ring, command::ShowImage{3});
  const auto prepared = training.prepare(bytes, "guest").value();
  const Shown guest = show(subject, ring, command::show_pixels({"guest", prepared}));
  EXPECT_EQ(guest.features, own.features);
  EXPECT_EQ(guest.header.probabilities, own.header.probabilities);
  EXPECT_EQ(guest.header.image_label, kNoLabel);
  EXPECT_EQ(guest.facts.image, -1);
  std::vector<float> said(2);
  training.judge(training.program_input(prepared), said);
  EXPECT_EQ(said[0], own.header.probabilities[0]);
  auto classifier = Classifier::open(save(training));
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  EXPECT_EQ(classified(*classifier, training.data()), judged(training));
}

TEST_F(MirroredImages, GoOnFromAnyStep) {
  const auto whole = mirrored(), part = mirrored(), rest = mirrored();
  for (int step = 0; step < 5; ++step) part->step();
  const TrainingState state = part->save();
  EXPECT_FALSE(open().value()->can_restore(state).ok()) << "of another epoch";
  ASSERT_TRUE(rest->can_restore(state).ok());
  rest->restore(state);
  EXPECT_EQ(weights_after(*whole), weights_after(*rest));
}

TEST_F(MirroredImages, AreKeptByThemselves) {
  const LoadOptions options{.cache = folder_ / "cache"};
  const auto files = [&] {
    const std::filesystem::directory_iterator all(folder_ / "cache");
    return std::distance(all, std::filesystem::directory_iterator());
  };
  const std::vector<float> drawn = weights_after(*mirrored(options));
  EXPECT_EQ(files(), 1);
  EXPECT_EQ(weights_after(*mirrored(options)), drawn);
  EXPECT_EQ(weights_after(*mirrored()), drawn);
  EXPECT_NE(weights_after(*open({"train.shuffle=once"}, {}, options).value()), drawn);
  EXPECT_EQ(files(), 2) << "with and without mirrors";
}

TEST_F(MirroredImages, NeedABackbone) {
  const auto scene = open_scene((folder_ / "set").string(), {"train.mirror=true"});
  ASSERT_FALSE(scene.ok());
  EXPECT_SAYS(scene.error().message, "augment = {flip = true}");
}

// Whoever trains, renames the folder, edits an image in place and trains again gets what a first start gives.
class KeptOfAFolder : public test::TransferScene {
 protected:
  struct Trained {
    std::vector<float> weights;
    std::size_t embedded = 0;
  };
  Trained train(const std::string& folder, bool kept = true) {
    Trained trained;
    LoadWatch watch;
    watch.report = [&](const LoadProgress& progress) {
      if (progress.phase == LoadPhase::kEmbedding) trained.embedded = progress.done;
    };
    const auto training = open({"data.source=" + folder, "train.mirror=true", "train.epochs=3"}, watch,
                               {.cache = kept ? folder_ / "cache" : std::filesystem::path()});
    EXPECT_TRUE(training.ok()) << training.error().message;
    trained.weights = weights_after(**training);
    return trained;
  }
};

TEST_F(KeptOfAFolder, IsRightWhateverASloppyHandDoes) {
  namespace fs = std::filesystem;
  const Trained first = train("set");
  EXPECT_EQ(first.embedded, kImages);
  fs::rename(folder_ / "set", folder_ / "final set (2)");
  const Trained renamed = train("final set (2)");
  EXPECT_EQ(renamed.embedded, 0u) << "the same images";
  EXPECT_EQ(renamed.weights, first.weights);
  // In place, to a file as long and as old as before.
  const fs::path edited = folder_ / "final set (2)/odd/3.png", other = folder_ / "final set (2)/even/2.png";
  const auto age = fs::last_write_time(edited);
  const std::size_t length = fs::file_size(edited);
  auto bytes = file(4);
  ASSERT_NE(bytes, test::slurp(edited));
  bytes.resize(std::max(length, bytes.size()));  // what is behind an image is no part of it
  const auto original = test::slurp(edited);
  test::spill(edited, bytes);
  fs::last_write_time(edited, age);
  const Trained changed = train("final set (2)");
  EXPECT_EQ(changed.embedded, kImages);
  EXPECT_EQ(changed.weights, train("final set (2)", false).weights);
  EXPECT_NE(changed.weights, first.weights);
  // Two files take each other's names: the same images, with other labels.
  test::spill(edited, original);
  fs::rename(edited, folder_ / "aside");
  fs::rename(other, edited);
  fs::rename(folder_ / "aside", other);
  const Trained swapped = train("final set (2)");
  EXPECT_EQ(swapped.embedded, kImages);
  EXPECT_EQ(swapped.weights, train("final set (2)", false).weights);
  // As it was: what was kept at first is found.
  fs::rename(edited, folder_ / "aside");
  fs::rename(other, edited);
  fs::rename(folder_ / "aside", other);
  const Trained again = train("final set (2)");
  EXPECT_EQ(again.embedded, 0u);
  EXPECT_EQ(again.weights, first.weights);
}

}  // namespace
}  // namespace fl

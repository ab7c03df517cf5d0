// A head on our own backbone: what it is trained on is standardised behind the backbone, not before it.
#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/session/session.h"

namespace fl {
namespace {

using test::show;
using test::Shown;

const std::string kBackbone = std::string(FALLLINE_SOURCE_DIR) + "/assets/backbone.safetensors";

class PhantomTransfer : public test::TransferScene {
 protected:
  std::unique_ptr<Training> train() {
    auto training = open({"network.backbone=" + kBackbone}).value();
    while (training->advance(64) > 0) continue;
    return training;
  }
};

TEST_F(PhantomTransfer, TheFeaturesAreStandardised) {
  TrainingSubject subject(train());
  const Training& training = *subject.training();
  EXPECT_EQ(training.image_shape(), (TensorShape{3, kPhantomImageSize, kPhantomImageSize}));
  ASSERT_EQ(training.standardisation().mean.size(), static_cast<std::size_t>(kPhantomFeatures));
  test::PlainRing ring(subject.capacity());
  const auto& names = subject.writer().layer_names();
  const auto at = static_cast<std::size_t>(std::ranges::find(names, "embedding") - names.begin());
  const std::span<const std::int32_t> images = training.split().train;
  std::vector<double> sums(kPhantomFeatures), squares(kPhantomFeatures);
  for (const std::int32_t image : images) {
    const Shown shown = show(subject, ring, command::ShowImage{image});
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto value = static_cast<double>(shown.layer(at)[i]);
      sums[i] += value;
      squares[i] += value * value;
    }
  }
  const auto count = static_cast<double>(images.size());
  std::size_t varied = 0;  // some features say nothing of these images
  for (std::size_t i = 0; i < sums.size(); ++i) {
    EXPECT_NEAR(sums[i] / count, 0, 1e-3) << i;
    varied += std::abs(squares[i] / count - 1) < 1e-2;
  }
  EXPECT_GT(varied, 300u);
}

TEST_F(PhantomTransfer, AnImageOfTheSetIsTheSameAsAGuest) {
  TrainingSubject subject(train());
  test::PlainRing ring(subject.capacity());
  const Training& training = *subject.training();
  for (const std::int32_t image : {3, 8}) {
    const auto bytes =
        test::slurp(folder_ / ("set/" + training.data().names[static_cast<std::size_t>(image)]));
    const auto prepared = training.prepare(bytes, "guest");
    ASSERT_TRUE(prepared.ok()) << prepared.error().message;
    EXPECT_EQ(*prepared, pixels_of(training, bytes)) << "the backbone sees images as they are";
    const Shown own = show(subject, ring, command::ShowImage{image});
    const Shown guest = show(subject, ring, command::show_pixels({"guest", *prepared}));
    EXPECT_EQ(guest.header.image_label, kNoLabel);
    EXPECT_EQ(guest.features, own.features);
    EXPECT_EQ(guest.header.probabilities, own.header.probabilities);
  }
  const Shown other = show(subject, ring, command::ShowImage{4});
  EXPECT_NE(other.features, show(subject, ring, command::ShowImage{3}).features);
}

TEST_F(PhantomTransfer, ASessionShowsAFileAsTheSetsOwn) {
  auto owned = std::make_unique<TrainingSubject>(train());
  Session session({.subject = std::move(owned)});
  test::PlainRing ring(session.subject().capacity());
  const Training& training = *session.subject().training();
  session.apply(command::ShowImage{5});
  ASSERT_TRUE(session.publish(ring));
  const auto own = ring.read()->header.probabilities;
  const auto bytes = test::slurp(folder_ / ("set/" + training.data().names[5]));
  const auto command = session.show_file(bytes, "scan.png");
  ASSERT_TRUE(command.ok()) << command.error().message;
  session.apply(*command);
  ASSERT_TRUE(session.publish(ring));
  EXPECT_EQ(ring.read()->header.image_label, kNoLabel);
  EXPECT_EQ(ring.read()->header.probabilities, own);
}

TEST_F(PhantomTransfer, ItsWeightsClassifyAsTheTrainingDoes) {
  const auto training = train();
  const auto weights = save(*training);
  auto classifier = Classifier::open(weights);
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  EXPECT_EQ(classified(*classifier, training->data()), judged(*training));
  // A standardisation of another length is none of this network.
  Safetensors file = read_safetensors(weights).value();
  for (const char* key : {"mean", "inverse_deviation"}) file.metadata[key] = "[0.5, 0.5, 0.5]";
  test::spill(weights, encode_safetensors(file));
  classifier = Classifier::open(weights);
  ASSERT_FALSE(classifier.ok());
  EXPECT_SAYS(classifier.error().message, "its \"mean\" holds 3 numbers for embeddings of 394 channels");
}

TEST_F(PhantomTransfer, HasNoHeadToStartFrom) {
  for (const std::string& backbone : {std::string("phantom"), kBackbone}) {
    const auto scene = open_scene((folder_ / "lesson.toml").string(),
                                  {"network.backbone=" + backbone, "network.init=export"});
    ASSERT_FALSE(scene.ok());
    EXPECT_SAYS(scene.error().message, "this backbone has no head of its own");
  }
}

}  // namespace
}  // namespace fl

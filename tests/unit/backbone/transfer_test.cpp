// A scene with a backbone, from its file to a trained head, its picture and what it says of other images.
#include "trainer/backbone/transfer.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/base/printable.h"
#include "trainer/scene/scene_path.h"
#include "trainer/session/session.h"

namespace fl {
namespace {

using test::PlainRing;
using test::show;
using test::Shown;
using test::write_export;

class Transfer : public test::TransferScene {};

TEST_F(Transfer, TrainsAHeadOnEmbeddings) {
  const auto training = open();
  ASSERT_TRUE(training.ok()) << training.error().message;
  EXPECT_EQ((*training)->data().shape, (TensorShape{6, 1, 1}));
  EXPECT_EQ((*training)->image_shape(), (TensorShape{3, 224, 224}));
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
}

TEST_F(Transfer, AKeptSetTrainsToTheSameBytes) {
  std::vector<std::vector<float>> weights;
  for (int start = 0; start < 2; ++start) {
    std::size_t embedded = 0;
    LoadWatch watch;
    watch.report = [&](const LoadProgress& progress) { embedded += progress.phase == LoadPhase::kEmbedding; };
    const auto training = open({}, watch, {.cache = folder_ / "cache"});
    ASSERT_TRUE(training.ok()) << training.error().message;
    EXPECT_EQ(embedded > 0, start == 0);
    EXPECT_EQ((*training)->data().thumbnails.size(), 18u);
    while ((*training)->advance(64) > 0) continue;
    weights.emplace_back((*training)->program().layout().all_floats);
    (*training)->program().read_params(weights.back());
  }
  EXPECT_EQ(weights[0], weights[1]);
}

TEST_F(Transfer, ShowsTheImageAndWhatIsMadeOfIt) {
  TrainingSubject subject(open().value());
  const Training& training = *subject.training();
  EXPECT_EQ(subject.writer().layer_names().front(), "input");
  EXPECT_EQ(subject.writer().layer_names()[1], "backbone 1");
  PlainRing ring(subject.capacity());
  const Shown shown = show(subject, ring, command::ShowImage{3});
  ASSERT_EQ(shown.facts.layer_count, subject.writer().layer_names().size());
  const auto bytes = test::slurp(folder_ / ("set/" + training.data().names[3]));
  const std::vector<float> pixels = pixels_of(training, bytes);
  EXPECT_TRUE(std::ranges::equal(shown.layer(0), pixels)) << "not the numbers that the head sees";
  std::vector<float> embedding(6);
  training.embedder()->digest(pixels, embedding);
  const auto& names = subject.writer().layer_names();
  const auto at = static_cast<std::size_t>(std::ranges::find(names, "embedding") - names.begin());
  EXPECT_TRUE(std::ranges::equal(shown.layer(at), embedding));
  // The last maps are what the embedding averages.
  const FrameLayer& maps = shown.header.layers[at - 1];
  EXPECT_EQ(maps.channels, 6u);
  for (std::size_t c = 0; c < 6; ++c) {
    const auto map = shown.layer(at - 1).subspan(c * maps.height * maps.width, maps.height * maps.width);
    double sum = 0;
    for (const float value : map) sum += static_cast<double>(value);
    EXPECT_NEAR(sum / static_cast<double>(map.size()), embedding[c], 1e-4) << c;
  }
  EXPECT_EQ(names[at + 1], "head 1");
  EXPECT_EQ(names[at + 2], "probabilities");
  EXPECT_FALSE(std::ranges::equal(shown.layer(0), show(subject, ring, command::ShowImage{4}).layer(0)));
}

TEST_F(Transfer, ItsLandscapeIsTheHeads) {
  TrainingSubject subject(open({"landscape.surfaces=both", "landscape.grid=9", "landscape.error=0"}).value());
  const LandscapeTracker& landscape = subject.landscape();
  int calls = 0;
  while (subject.work(2) && calls < 100) ++calls;
  ASSERT_TRUE(landscape.surface()->finished());
  ASSERT_TRUE(landscape.test_surface() != nullptr && landscape.test_surface()->finished());
  EXPECT_EQ(landscape.surface()->evaluated(), 81u);
  EXPECT_LT(calls, 60) << "not two points a call";
  // At the start of the path the plane has the weights themselves.
  EXPECT_NEAR(landscape.path().front().slice_loss, landscape.path().front().real_loss, 1e-5);
  for (int step = 0; step < 60; ++step) subject.step();
  subject.catch_up();
  while (subject.work(64)) continue;
  const PathPoint& ball = landscape.path().back();
  EXPECT_LT(ball.real_loss, landscape.path().front().real_loss);
  EXPECT_NEAR(ball.slice_loss, ball.real_loss, 0.2 * ball.real_loss) << ball.off_plane;
}

TEST_F(Transfer, AGuestGoesTheSameWay) {
  TrainingSubject subject(open().value());
  for (int step = 0; step < 20; ++step) subject.step();
  const Training& training = *subject.training();
  PlainRing ring(subject.capacity());
  const auto bytes = test::slurp(folder_ / ("set/" + training.data().names[3]));
  const Shown own = show(subject, ring, command::ShowImage{3});
  const auto prepared = training.prepare(bytes, "guest");
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  const Shown guest = show(subject, ring, command::show_pixels({"guest", *prepared}));
  EXPECT_EQ(guest.features, own.features);
  EXPECT_EQ(guest.header.probabilities, own.header.probabilities);
  EXPECT_EQ(guest.header.image_label, kNoLabel);
  const test::LogCapture log;
  const Shown still = show(subject, ring, command::show_pixels({"numbers", std::vector<float>(6)}));
  EXPECT_EQ(still.features, guest.features);
  EXPECT_EQ(log.count("numbers has 6 values, and the network takes 150528"), 1);
  EXPECT_EQ(show(subject, ring, command::ShowImage{3}).features, own.features);
}

TEST_F(Transfer, ASessionShowsFilesAndIsReplayed) {
  Session session({.subject = std::make_unique<TrainingSubject>(open().value())});
  const auto command = session.show_file(file(5), "scan.png");
  ASSERT_TRUE(command.ok()) << command.error().message;
  EXPECT_EQ(std::get<command::ShowPixels>(*command).image->pixels.size(), 3u * 224 * 224);
  PlainRing ring(session.subject().capacity());
  session.apply(*command);
  session.advance(3);
  ASSERT_TRUE(session.publish(ring));
  EXPECT_EQ(ring.read()->header.image_label, kNoLabel);
  EXPECT_FALSE(session.show_file(test::bytes_of("no image"), "notes.txt").ok());
}

TEST_F(Transfer, AnImageThatIsGoneIsShownAsNothing) {
  TrainingSubject subject(open().value());
  PlainRing ring(subject.capacity());
  std::filesystem::remove_all(folder_ / "set");
  const test::LogCapture log;
  const Shown shown = show(subject, ring, command::ShowImage{3});
  EXPECT_EQ(log.count("cannot be shown"), 1);
  EXPECT_TRUE(std::ranges::all_of(shown.layer(0), [](float value) { return value == -1; }));
  EXPECT_GT(shown.header.probabilities[0] + shown.header.probabilities[1], 0.99f) << "the numbers are there";
}

TEST_F(Transfer, ItsWeightsClassifyAsTheTrainingDoes) {
  const auto training = open().value();
  while (training->advance(64) > 0) continue;
  const auto weights = save(*training);
  auto classifier = Classifier::open(weights);
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  EXPECT_EQ(classifier->input_floats(), 3u * 224 * 224);
  EXPECT_EQ(classified(*classifier, training->data()), judged(*training));

  // With another backbone in its place they mean nothing.
  std::vector<std::byte> other = test::SmallExport(test::SmallExport::Dialect::k2020).weights;
  for (std::size_t i = 2; i < other.size(); i += 4) other[i] ^= std::byte{1};  // a little of each number
  write_export(folder_ / "model.zip", other);
  classifier = Classifier::open(weights);
  ASSERT_FALSE(classifier.ok());
  EXPECT_SAYS(classifier.error().message, "trained on another backbone than");
  std::filesystem::remove(folder_ / "model.zip");
  classifier = Classifier::open(weights);
  ASSERT_FALSE(classifier.ok());
  EXPECT_SAYS(classifier.error().message, "a backbone that cannot be read");
}

// A scene is UTF-8 and a path any bytes: what a run keeps names the same backbone.
TEST_F(Transfer, ABackboneMayLieAnywhere) {
  const auto place = folder_ / "r\xe9seau\n/deux.zip";
  std::filesystem::create_directories(place.parent_path());
  write_export(place);
  for (const std::string& backbone :
       {scene_path(place), scene_path("r\xe9seau\n/deux.zip"), std::string("./set/../model.zip")}) {
    SCOPED_TRACE(printable(backbone));
    const auto training = open({"network.backbone=" + backbone});
    ASSERT_TRUE(training.ok()) << training.error().message;
    while ((*training)->advance(64) > 0) continue;
    auto classifier = Classifier::open(save(**training));
    ASSERT_TRUE(classifier.ok()) << classifier.error().message;
    EXPECT_EQ(classified(*classifier, (*training)->data()), judged(**training));
    std::ofstream(folder_ / "kept.toml") << scene_.text((*training)->spec());
    const auto kept = open_scene((folder_ / "kept.toml").string(), {});
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    EXPECT_EQ(kept->run.backbone, scene_.run.backbone);
  }
}

// An export opened again: it judges images at once as it did, and is trained on.
TEST_F(Transfer, AnExportsOwnHeadIsTrainedOn) {
  const std::vector<std::string> own = {"network.init=export", "network.head=[5]"};
  auto other = open(own);
  ASSERT_FALSE(other.ok());
  EXPECT_SAYS(other.error().message, "the images are of even, odd");
  write_classes_of_export();
  other = open({"network.init=export"});
  ASSERT_FALSE(other.ok());
  EXPECT_SAYS(other.error().message, "write head = [5]");
  const auto training = open(own);
  ASSERT_TRUE(training.ok()) << training.error().message;
  const auto& classes = (*training)->data().classes;
  const TmExport parts = read_tm_export(folder_ / "model.zip").value();
  const KnownNetwork whole = whole_network(parts);
  auto program = make_cpu_backend(1).value()->compile(whole.spec, 1).value();
  program->write_params(whole.params);
  std::vector<float> found(3 * 18), expected(3);
  std::vector<std::int32_t> all(18);
  std::iota(all.begin(), all.end(), 0);
  (*training)->program().evaluate(all, found);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<float> pixels =
        pixels_of(**training, test::slurp(folder_ / ("set/" + (*training)->data().names[i])));
    for (float& value : pixels)
      value = static_cast<float>((static_cast<double>(value) + 1) * 127.5 / 127 - 1);
    program->set_guests(pixels);
    program->evaluate(std::vector<std::int32_t>{0}, expected);
    for (std::size_t c = 0; c < 3; ++c) {
      const auto label = std::ranges::find(parts.labels, classes[c]) - parts.labels.begin();
      EXPECT_NEAR(found[3 * i + c], expected[static_cast<std::size_t>(label)], 1e-5)
          << i << " " << classes[c];
    }
  }
  std::vector<float> before((*training)->program().layout().all_floats), after(before.size());
  (*training)->program().read_params(before);
  while ((*training)->advance(64) > 0) continue;
  EXPECT_LT((*training)->history().epochs.back().loss, (*training)->history().epochs.front().loss);
  ASSERT_TRUE((*training)->reset(77).ok());
  (*training)->program().read_params(after);
  EXPECT_EQ(before, after) << "whatever the seed";
}

TEST_F(Transfer, ABackboneThatIsNone) {
  const auto training = open({"network.backbone=lesson.toml"});
  ASSERT_FALSE(training.ok());
  EXPECT_SAYS(training.error().message, "lesson.toml");
}

TEST_F(Transfer, IsStoppedWhileItEmbeds) {
  std::stop_source stop;
  LoadWatch watch{.stop = stop.get_token(), .report = {}};
  watch.report = [&](const LoadProgress& progress) {
    if (progress.phase == LoadPhase::kEmbedding && progress.done == 5) stop.request_stop();
  };
  const auto stopped = open({}, watch);
  ASSERT_FALSE(stopped.ok());
  EXPECT_TRUE(stopped.error().cancelled);
}

}  // namespace
}  // namespace fl

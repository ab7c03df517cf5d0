// The same training, its slots filled by the host and by a device's writer: the same bytes.

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/queued_device.h"
#include "tests/support/same_slot.h"
#include "tests/support/small_training.h"
#include "tests/unit/subjects/on_device.h"
#include "trainer/base/check.h"
#include "trainer/publish/device_slot_writer.h"
#include "trainer/subjects/frame_writer.h"

namespace fl {
namespace {

using test::expect_same;
using test::OnDevice;
using test::OnDeviceBackend;
using test::PlainRing;
using test::QueuedDevice;
using test::QueuedRing;

RunSpec small_spec(const std::string& directions, const std::string& surfaces = "train") {
  RunSpec spec;
  spec.data.image_size = 16;
  spec.data.phantom_counts = {12, 12};
  spec.epochs = 12;
  spec.batch_size = 8;
  spec.landscape.grid = 33;
  spec.landscape.plane.directions = choice_of(plane_directions(), directions).value();
  spec.landscape.surfaces = choice_of(surface_sets(), surfaces).value();
  // As ct-small, with a fiftieth of its weights.
  spec.layers = {
      {.kind = LayerKind::kConvolution,
       .name = "conv1",
       .out_channels = 4,
       .kernel = 3,
       .padding = 1,
       .output = "conv"},
      {.kind = LayerKind::kRelu, .name = "relu1", .output = "relu"},
      {.kind = LayerKind::kMaxPool, .name = "pool1", .kernel = 2, .stride = 2},
      {.kind = LayerKind::kConvolution, .name = "conv2", .out_channels = 8, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kRelu, .name = "relu2"},
      {.kind = LayerKind::kGlobalAveragePool, .name = "mean", .output = "mean"},
      {.kind = LayerKind::kDense, .name = "classes", .out_channels = 2}};
  return spec;
}

std::unique_ptr<Training> make_training(const RunSpec& spec, QueuedDevice& device) {
  auto training =
      Training::create(spec, *test::small_data(spec), std::make_shared<OnDeviceBackend>(device)).value();
  training->use_device_slots();
  return training;
}

struct Case {
  const char* directions;
  std::size_t kept_steps;
  std::size_t hole_at;
  const char* surfaces = "train";
  double error = 0.01;  // 0: every cell is evaluated
  bool chooses = false;  // other planes and images, in haste, while it goes on
};

void choose_in_haste(LandscapeTracker& landscape, std::int64_t step) {
  if (step == 6) landscape.choose(PlaneChoice{.directions = DirectionKind::kThreePoints});
  if (step == 9) landscape.choose(SurfaceSets::kTest);
  if (step == 10) landscape.choose(PlaneChoice{.directions = DirectionKind::kOsculating});
  if (step == 14) landscape.choose_probe(5);
  if (step == 20) landscape.choose(SurfaceSets::kBoth);
  if (step == 21) landscape.choose(PlaneChoice{.anchor = PlaneAnchor::kFollow});
}

class SlotWriters : public ::testing::TestWithParam<Case> {};

// One training, shown on two rings at each step: the landscape's planes come and go, are turned round, get
// holes.
TEST_P(SlotWriters, WriteTheSameBytes) {
  QueuedDevice device;
  RunSpec spec = small_spec(GetParam().directions, GetParam().surfaces);
  spec.landscape.error = GetParam().error;
  auto training = make_training(spec, device);
  auto& program = dynamic_cast<OnDevice&>(training->program());
  program.kept_steps = GetParam().kept_steps;
  program.hole_at = GetParam().hole_at;
  LandscapeTracker landscape(*training);
  FrameWriter writer(*training, landscape);
  PlainRing on_host(writer.capacity());
  QueuedRing on_device(writer.capacity(), device);
  writer.show_heat({.on = true});
  std::size_t frames = 0, planes = 0, finished = 0, with_test = 0;
  std::uint64_t last_id = 0;
  bool more = true;
  const auto go_on = [&] {
    if (training->step()) {
      landscape.after_steps();
      if (GetParam().chooses) choose_in_haste(landscape, training->steps());
    }
    more = landscape.work(40) || !training->over();
  };
  const auto publish = [&] {
    return writer.publish(on_host, training->state(), 12) && writer.publish(on_device, training->state(), 12);
  };
  const auto compare = [&] {
    device.finish();
    const auto host = on_host.read();
    const auto other = on_device.read();
    ASSERT_TRUE(host && other);
    expect_same(host->slot, *host, *other);
    planes += landscape.surface_id() != last_id ? 1 : 0;
    last_id = landscape.surface_id();
    with_test += host->facts.test_evaluated > 0 ? 1 : 0;
    finished += host->facts.grid_finished ? 1 : 0;
  };
  while (more && !HasFailure()) {
    go_on();
    ASSERT_TRUE(publish());
    ++frames;
    if (frames % 3 == 0) continue;  // a device that is some frames behind
    if (frames % 3 == 1) go_on();   // while it writes this one, the next losses come
    compare();
  }
  ASSERT_TRUE(publish());
  compare();
  EXPECT_GT(planes, 2u);
  EXPECT_GT(finished, 0u);
  EXPECT_EQ(with_test > 0, GetParam().chooses || std::string(GetParam().surfaces) == "both");
}

// The map of a frame, by plain sums over what the program has.
void expect_map(Training& training, const PlainRing::Read& frame) {
  const MapFacts& map = frame.facts.map;
  const std::vector<std::int32_t>& train = training.split().train;
  ASSERT_EQ(map.images, train.size());
  EXPECT_EQ(map.training_images, train.size());
  EXPECT_EQ(map.classes, 2u);
  EXPECT_GT(map.share1, map.share2);
  const auto images = frame.slot.map_images();
  double sum = 0;
  std::array<double, 2> means{}, counts{};
  for (std::uint32_t i = 0; i < map.images; ++i) {
    sum += static_cast<double>(images[i].x);
    means.at(images[i].label) += static_cast<double>(images[i].x);
    ++counts.at(images[i].label);
    EXPECT_LE(std::abs(images[i].x - map.center_x), map.half);
    EXPECT_LE(std::abs(images[i].y - map.center_y), map.half);
  }
  EXPECT_NEAR(sum / map.images, 0, 1e-5) << "their mean is the origin";
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_NEAR(map.of_classes[c].mean_x, means[c] / counts[c], 1e-5);
    EXPECT_EQ(frame.slot.map_classes()[c].mean_x, map.of_classes[c].mean_x);
    EXPECT_EQ(frame.slot.map_classes()[c].toward_y, map.of_classes[c].toward_y);
  }
  EXPECT_NE(map.of_classes[0].toward_x, 0);
  EXPECT_EQ(map.of_classes[0].toward_x, -map.of_classes[1].toward_x);
  // In the middle of the square the head says what it says of such features.
  const std::size_t cells = std::size_t{map.side} * map.side;
  const auto logits = frame.slot.map_logits();
  EXPECT_EQ(logits[cells / 2], -logits[cells + cells / 2]);
  EXPECT_EQ(map.shown.size, kMapSide == 48 ? 12u + 256 * 12 : 0) << "a small image stays as it is";
}

// A head on a backbone: what it does not see of its image is the host's, and is sent once an image.
TEST(SlotWritersOfAHead, WriteTheSameBytes) {
  KnownNetwork backbone{.spec = {"small", {3, 12, 12}, 5, {}}, .params = {}};
  backbone.spec.layers = {{.kind = LayerKind::kConvolution,
                           .name = "c",
                           .out_channels = 5,
                           .kernel = 3,
                           .stride = 2,
                           .frozen = true},
                          {.kind = LayerKind::kRelu, .name = "r"},
                          {.kind = LayerKind::kGlobalAveragePool, .name = "g"}};
  for (std::size_t i = 0; i < ParamLayout::of(backbone.spec).all_floats; ++i)
    backbone.params.push_back(0.05f * static_cast<float>(i * 7 % 23) - 0.5f);
  auto cpu = make_cpu_backend(1).value();
  auto embedder = std::make_unique<Embedder>(Embedder::make(backbone, *cpu).value());
  constexpr std::size_t kImages = 12;
  const auto pixels = std::make_shared<std::vector<float>>();
  const std::size_t floats = backbone.spec.input.floats();
  for (std::size_t i = 0; i < kImages * floats; ++i)
    pixels->push_back(static_cast<float>(i * i % 199) / 100 - 1);
  Dataset data;
  data.classes = {"a", "b"};
  data.shape = embedder->shape();
  data.pixels.resize(kImages * 5);
  embedder->digest(*pixels, data.pixels);
  for (std::size_t i = 0; i < kImages; ++i) {
    data.labels.push_back(static_cast<std::int32_t>(i % 2));
    data.names.push_back(std::to_string(i));
  }
  data.read_again = [pixels, floats](std::size_t image, std::span<float> out) -> Result<void> {
    std::ranges::copy(std::span(*pixels).subspan(image * floats, floats), out.begin());
    return {};
  };
  RunSpec spec;
  spec.backbone = "small";
  spec.head = {7};
  spec.data.standardise = false;
  spec.epochs = 2;
  QueuedDevice device;
  auto training =
      Training::create(spec, std::move(data), std::make_shared<OnDeviceBackend>(device), std::move(embedder))
          .value();
  training->use_device_slots();
  LandscapeTracker landscape(*training);
  FrameWriter writer(*training, landscape);
  PlainRing on_host(writer.capacity());
  QueuedRing on_device(writer.capacity(), device);
  const auto publish = [&] {
    EXPECT_TRUE(writer.publish(on_host, training->state(), 12));
    EXPECT_TRUE(writer.publish(on_device, training->state(), 12));
    device.finish();
    const auto host = on_host.read();
    const auto other = on_device.read();
    ASSERT_TRUE(host && other);
    expect_same(host->slot, *host, *other);
    expect_map(*training, *host);
    const float* shown = host->slot.features().data();
    const auto image = writer.shown_image() < static_cast<std::int32_t>(kImages) ? writer.shown_image() : 2;
    EXPECT_TRUE(std::equal(shown, shown + floats, pixels->data() + static_cast<std::size_t>(image) * floats));
  };
  const auto sent = [&] {
    const std::uint64_t before = training->slot_writer()->bytes_from_host();
    publish();
    return training->slot_writer()->bytes_from_host() - before;
  };
  const std::uint64_t first = sent();
  ASSERT_TRUE(training->step());
  landscape.after_steps();
  const std::uint64_t again = sent();
  EXPECT_LT(again + floats * sizeof(float), first) << "another step is no other image";
  writer.show_image(4);
  EXPECT_GT(sent(), floats * sizeof(float));
  writer.show_pixels(std::span(*pixels).subspan(2 * floats, floats));
  EXPECT_GT(sent(), floats * sizeof(float));
  EXPECT_LT(sent(), floats * sizeof(float));
}

INSTANTIATE_TEST_SUITE_P(Each, SlotWriters,
                         ::testing::Values(Case{"pca", 20, 0}, Case{"pca", 4096, 0}, Case{"random", 4096, 0},
                                           Case{"pca", 0, 7}, Case{"pca", 4096, 7, "both"},
                                           Case{"pca", 20, 7, "train", 0}, Case{"three-points", 20, 0},
                                           Case{"osculating", 20, 0, "test"},
                                           Case{"pca", 20, 7, "train", 0.01, true}));

TEST(SlotWriter, AFifthGridTakesTheOldestsPlaceAndAGoneOneIsAMistake) {
  QueuedDevice device;
  auto training = make_training(small_spec("pca"), device);
  SlotWriter& writer = *training->program().slot_writer();
  for (std::uint64_t grid = 1000; grid < 1005; ++grid) writer.begin_grid(grid, 9);
  EXPECT_THROW(writer.complete_level(1000, 9), CheckFailure);
  EXPECT_NO_THROW(writer.complete_level(1001, 9));
  // One that was given up makes room.
  writer.end_grid(1004);
  writer.begin_grid(1005, 9);
  EXPECT_NO_THROW(writer.complete_level(1001, 9));
  EXPECT_THROW(writer.complete_level(1004, 9), CheckFailure);
  writer.flip_grid(1001, 1003);
  EXPECT_THROW(writer.complete_level(1001, 9), CheckFailure);
}

TEST(SlotWriter, RangesAndPredictionAreThoseOfTheValues) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (const std::uint32_t count : {1u, 5u, 63u, 64u, 65u, 4000u}) {
    std::vector<float> values(count + 3);
    for (float& value : values) value = normal(random);
    FrameHeader header;
    header.layers[0] = {.offset = 0, .channels = 1, .height = 1, .width = count};
    std::vector<kernels::Range> ranges(64);
    const kernels::RangeOfPiece pieces{values.data(), &header, 64, ranges.data()};
    for (std::size_t i = 0; i < 64; ++i) pieces(i);
    kernels::RangeOfLayer{ranges.data(), 64, &header}(0);
    const auto [low, high] = std::minmax_element(values.begin(), values.begin() + count);
    EXPECT_EQ(header.layers[0].minimum, *low) << count;
    EXPECT_EQ(header.layers[0].maximum, *high) << count;
    kernels::Prediction{values.data() + count, 3, &header}(0);
    EXPECT_EQ(header.image_prediction, std::max_element(values.end() - 3, values.end()) - (values.end() - 3));
    EXPECT_TRUE(std::equal(values.end() - 3, values.end(), header.probabilities.begin()));
  }
}

TEST(SlotWriter, ALongRunShowsEveryKthStepOfTheRing) {
  std::vector<kernels::StepOutcome> ring(100);
  std::vector<StepPoint> out(20);
  for (std::size_t s = 1; s <= 100; ++s) {
    ring[s - 1].loss = static_cast<double>(s);
    ring[s - 1].gradient_norm = static_cast<double>(2 * s);
    ring[s - 1].update_norm = static_cast<double>(3 * s);
  }
  const kernels::StepPoints points{{ring.data(), ring.size(), ring.size()}, 5, out.data()};
  for (std::size_t i = 0; i < out.size(); ++i) points(i);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto step = static_cast<float>(i * 5 + 1);
    EXPECT_EQ(out[i].loss, step);
    EXPECT_EQ(out[i].gradient_norm, 2 * step);
    EXPECT_EQ(out[i].update_norm, 3 * step);
  }
}

// More classes than are shown.
TEST(SlotWriter, OfManyClassesTheMostProbableAreShownAndTheTrueOne) {
  std::vector<float> values(40);
  for (std::size_t c = 0; c < values.size(); ++c) values[c] = static_cast<float>(c % 20) / 400;
  values[7] = 0.5F;
  FrameHeader header;
  std::uint32_t classes = 40;
  header.image_label = 39;
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.image_prediction, 7u);
  EXPECT_EQ(header.shown_classes[0], 7u);
  EXPECT_EQ(header.shown_classes[1], 19u) << "the first of two equals";
  EXPECT_EQ(header.shown_classes[2], 39u);
  for (std::uint32_t i = 0; i < kFrameMaxClasses; ++i) {
    EXPECT_EQ(header.probabilities[i], values[header.shown_classes[i]]);
    EXPECT_LE(header.probabilities[i], header.probabilities[i > 0 ? i - 1 : 0]);
  }
  header.image_label = 0;  // the least probable of all
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.shown_classes[31], 0u);
  EXPECT_EQ(header.probabilities[31], values[0]);
  header.image_label = kNoLabel;  // nobody says which is the true one
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.image_prediction, 7u);
  EXPECT_EQ(header.probabilities[31], values[header.shown_classes[31]]);
  EXPECT_LT(header.shown_classes[31], 40u);
  values[33] = std::nanf("");
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.image_prediction, kNoPrediction);
  classes = 3;
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.image_prediction, 2u);
  values[2] = std::numeric_limits<float>::infinity();
  kernels::Prediction{values.data(), classes, &header}(0);
  EXPECT_EQ(header.image_prediction, kNoPrediction);
}

}  // namespace
}  // namespace fl

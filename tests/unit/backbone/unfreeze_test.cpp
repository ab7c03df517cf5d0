// Backbones whose last stages are trained along: where they are cut, that the two sides together are what
// they were, and a training of them from its scene to its weights.
#include "trainer/backbone/unfreeze.h"

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/backbone/features_head.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/backbone/transfer.h"
#include "trainer/data/dataset_builder.h"
#include "trainer/files/backbone_file.h"
#include "trainer/files/checkpoint.h"
#include "trainer/net/networks.h"
#include "trainer/session/replay.h"
#include "trainer/session/session.h"

namespace fl {
namespace {

using test::show;
using test::Shown;

const std::string kBackbone = std::string(FALLLINE_SOURCE_DIR) + "/assets/backbone.safetensors";

std::vector<std::string> names_at(const KnownNetwork& network) {
  std::vector<std::string> names;
  for (const int stage : network.stages)
    names.push_back(network.spec.layers[static_cast<std::size_t>(stage)].name);
  return names;
}

std::vector<float> noise(std::size_t floats) {
  RandomStream random(3, StreamId::kTest);
  std::vector<float> values(floats);
  for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
  return values;
}

std::vector<float> outputs_of(const KnownNetwork& network, Backend& backend, std::span<const float> images) {
  auto embedder = Embedder::make(network, backend).value();
  std::vector<float> out(images.size() / embedder.image().floats() * embedder.floats());
  embedder.embed(images, out);
  return out;
}

void expect_near(std::span<const float> values, std::span<const float> expected, double tolerance) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], tolerance * std::max(1.0, std::abs(static_cast<double>(expected[i]))))
        << i;
}

KnownNetwork small_backbone(const test::TempFolder& folder) {
  test::write_export(folder / "model.zip");
  return read_tm_export(folder / "model.zip").value().backbone;
}

// What crosses the cut, and then the layers above it, give what the backbone gives; so do both as one
// network.
TEST(CutBackbone, BothSidesTogetherAreTheWhole) {
  const test::TempFolder folder;
  const auto backend = make_cpu_backend(2).value();
  for (const KnownNetwork& backbone : {small_backbone(folder), read_phantom_backbone(kBackbone)->network}) {
    const std::vector<float> images = noise(2 * backbone.spec.input.floats());
    const std::vector<float> expected = outputs_of(backbone, *backend, images);
    for (int stages = 1; stages <= static_cast<int>(backbone.stages.size()); ++stages) {
      SCOPED_TRACE(fmt::format("{} {}", backbone.spec.name, stages));
      const auto cut = cut_backbone(backbone, stages);
      ASSERT_TRUE(cut.ok()) << cut.error().message;
      ASSERT_TRUE(cut->above.has_value());
      EXPECT_TRUE(std::ranges::all_of(cut->below.spec.layers, &LayerSpec::frozen));
      EXPECT_TRUE(std::ranges::none_of(cut->above->spec.layers, &LayerSpec::frozen));
      EXPECT_EQ(ParamLayout::of(cut->below.spec).parameters + ParamLayout::of(cut->above->spec).parameters,
                ParamLayout::of(backbone.spec).parameters);
      const std::vector<float> crossing = outputs_of(cut->below, *backend, images);
      expect_near(outputs_of(*cut->above, *backend, crossing), expected, 1e-5);
      expect_near(outputs_of(joined(cut->below, *cut->above), *backend, images), expected, 1e-5);
    }
    const auto all = cut_backbone(backbone, 0);
    EXPECT_FALSE(all->above.has_value());
    EXPECT_EQ(all->below.params, backbone.params);
  }
}

TEST(CutBackbone, KnowsTheStages) {
  const test::TempFolder folder;
  const KnownNetwork small = small_backbone(folder), phantom = read_phantom_backbone(kBackbone)->network;
  EXPECT_EQ(names_at(small), (std::vector<std::string>{"down_dw"})) << "behind the sum, the only block's end";
  EXPECT_EQ(names_at(phantom),
            (std::vector<std::string>{"stage1.block1.conv1", "stage2.block1.conv1", "stage3.block1.conv1"}));
  // What does not depend on the last stage is not computed again and again.
  const auto cut = cut_backbone(phantom, 1).value();
  EXPECT_EQ(cut.below.spec.classes, 64 * 14 * 14 + 2 * (32 + 64));
  EXPECT_EQ(cut.above->spec.classes, kPhantomFeatures);
  // Poolings end blocks as well; the last of them has nothing above it.
  EXPECT_EQ(stages_of(ct_small({1, 32, 32}, 2)).size(), 4u) << "the dense layer is the last";
  EXPECT_EQ(stages_of(ct_resnet({1, 32, 32}, 2, true)).size(), 3u);
  EXPECT_TRUE(stages_of(mlp({1, 32, 32}, 2)).empty());

  const auto refusal = [](const KnownNetwork& network, int stages) {
    const auto refused = cut_backbone(network, stages);
    return refused.ok() ? std::string() : refused.error().message;
  };
  EXPECT_SAYS(refusal(phantom, 4),
              "unfreeze = 4 is more than this backbone has, which is 3 stages; make it 3 or less");
  EXPECT_SAYS(refusal(small, 2), "which is 1 stage; make it 1 or less");
  KnownNetwork none = small;
  none.stages.clear();
  EXPECT_SAYS(refusal(none, 1), "which is no stage that can be trained; leave it out");
}

TEST(CutBackbone, TeachableMachinesHasSeventeenStages) {
  const auto folder = test::real_data_folder();
  if (folder.empty() || !std::filesystem::exists(folder / "teachable-machine-export.zip"))
    GTEST_SKIP() << "no real export; set FALLLINE_TEST_DATA to a folder with teachable-machine-export.zip";
  const KnownNetwork backbone = read_tm_export(folder / "teachable-machine-export.zip").value().backbone;
  const std::vector<std::string> names = names_at(backbone);
  ASSERT_EQ(names.size(), 17u);
  EXPECT_EQ(names.front(), "block_1_expand");
  EXPECT_EQ(names[15], "block_16_expand");
  EXPECT_EQ(names.back(), "Conv_1");
  const auto backend = make_cpu_backend(2).value();
  const std::vector<float> image = noise(backbone.spec.input.floats());
  const std::vector<float> expected = outputs_of(backbone, *backend, image);
  for (const auto& [stages, shape] :
       {std::pair{1, TensorShape{112, 7, 7}}, {2, {56, 7, 7}}, {17, {8, 112, 112}}}) {
    const auto cut = cut_backbone(backbone, stages).value();
    EXPECT_EQ(cut.above->spec.input, shape);
    expect_near(outputs_of(*cut.above, *backend, outputs_of(cut.below, *backend, image)), expected, 1e-5);
  }
}

// A backbone of two residual stages, small enough for plain loops; three outputs, one of which lies below.
KnownNetwork tiny_backbone() {
  using K = LayerKind;
  KnownNetwork tiny{{"tiny", {2, 10, 10}, 4 + 5 + 5, {}}, {}};
  tiny.spec.layers = {
      {.kind = K::kConvolution, .name = "stem", .out_channels = 4, .kernel = 3, .stride = 2, .padding = 1},
      {.kind = K::kRelu, .name = "stem.relu"},
      {.kind = K::kConvolution, .name = "a", .out_channels = 4, .kernel = 3, .padding = 1},
      {.kind = K::kAdd, .name = "a.add", .second = 1},
      {.kind = K::kRelu, .name = "a.relu"},  // 4
      {.kind = K::kConvolution, .name = "b", .out_channels = 5, .kernel = 3, .stride = 2, .padding = 1},
      {.kind = K::kConvolution, .name = "b.short", .input = 4, .out_channels = 5, .kernel = 1, .stride = 2},
      {.kind = K::kAdd, .name = "b.add", .second = 5},
      {.kind = K::kRelu, .name = "b.relu"},  // 8
      {.kind = K::kGlobalAveragePool, .name = "low", .input = 4},
      {.kind = K::kGlobalAveragePool, .name = "high", .input = 8},
      {.kind = K::kMaxPool, .name = "top", .input = 8, .kernel = 3, .stride = 3},
  };
  tiny.spec.outputs = {{9}, {10}, {11}};
  tiny.stages = {2, 5};
  tiny.params = test::make_problem(tiny.spec, 1, 5).params;
  return tiny;
}

TEST(UnfrozenNetwork, ItsGradientsAreThoseOfFiniteDifferences) {
  const auto backend = make_cpu_backend(2).value();
  for (const int stages : {1, 2}) {
    SCOPED_TRACE(stages);
    const CutBackbone cut = cut_backbone(tiny_backbone(), stages).value();
    const NetSpec head = dense_head({cut.above->spec.classes, 1, 1}, {6}, 3);
    const KnownNetwork whole =
        head_on_outputs(*cut.above, {head, std::vector<float>(ParamLayout::of(head).all_floats)});
    const test::Problem problem = test::make_problem(whole.spec, 4, 7);
    test::ReferenceNet net(whole.spec);
    std::vector<double> params = test::widen(problem.params), gradients(params.size());
    const std::vector<double> images = test::widen(problem.images);
    const double loss = net.loss(params, images, problem.labels, gradients);
    // In double, every parameter; a ReLU that changes sides within the step is seldom, and allowed for.
    const double step = 1e-6;
    int checked = 0;
    double worst = 0;
    for (const ParamTensor& tensor : ParamLayout::of(whole.spec).tensors)
      for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
        const double before = std::exchange(params[i], params[i] + step);
        const double up = net.loss(params, images, problem.labels);
        params[i] = before - step;
        const double down = net.loss(params, images, problem.labels);
        params[i] = before;
        worst = std::max(worst, std::abs((up - down) / (2 * step) - gradients[i]));
        ++checked;
      }
    EXPECT_LT(worst, 1e-7);
    EXPECT_EQ(static_cast<std::size_t>(checked), ParamLayout::of(whole.spec).parameters);

    const auto program = backend->compile(whole.spec, 4).value();
    program->set_data(problem.images, problem.labels);
    program->write_params(problem.params);
    EXPECT_NEAR(program->forward_backward(std::vector<std::int32_t>{0, 1, 2, 3}).loss, loss, 1e-5 * loss);
    std::vector<float> found(program->layout().floats);
    program->read_gradients(found);
    EXPECT_LT(test::relative_error(found, gradients), 1e-9);
  }
}

struct Kind {
  const char* name;
  std::string backbone;
  int unfreeze;
};

class Unfreeze : public test::TransferScene, public testing::WithParamInterface<Kind> {
 protected:
  std::unique_ptr<Training> open_run(std::vector<std::string> more = {}, bool frozen = false) {
    more.emplace_back("train.epochs=3");
    more.emplace_back("train.batch_size=4");
    if (!GetParam().backbone.empty()) more.push_back("network.backbone=" + GetParam().backbone);
    if (!frozen) more.push_back(fmt::format("network.unfreeze={}", GetParam().unfreeze));
    auto training = open(more);
    EXPECT_TRUE(training.ok()) << training.error().message;
    return *std::move(training);
  }
  static std::vector<float> params_of(const Training& training) {
    std::vector<float> params(training.program().layout().all_floats);
    training.program().read_params(params);
    return params;
  }
  // Of the layers that were the backbone's, and of the head's.
  struct Params {
    std::vector<float> backbone, head;
  };
  static Params sorted_params(const Training& training) {
    const std::vector<float> params = params_of(training);
    Params sorted;
    for (const ParamTensor& tensor : training.program().layout().tensors) {
      auto& to = tensor.rate_factor == 1 && !tensor.frozen ? sorted.head : sorted.backbone;
      to.insert(to.end(), params.begin() + static_cast<std::ptrdiff_t>(tensor.offset),
                params.begin() + static_cast<std::ptrdiff_t>(tensor.offset + tensor.count));
    }
    return sorted;
  }
};

TEST_P(Unfreeze, BeginsWhereTheFrozenOneDoes) {
  const auto frozen = open_run({}, true), unfrozen = open_run();
  expect_near(judged(*unfrozen), judged(*frozen), 1e-5);
  for (const auto& images : {frozen->split().train, frozen->split().test})
    EXPECT_NEAR(unfrozen->program().evaluate(images, {}).batch.loss,
                frozen->program().evaluate(images, {}).batch.loss, 1e-5);
}

TEST_P(Unfreeze, AtNoRateIsTheFrozenOne) {
  const auto frozen = open_run({}, true), still = open_run({"train.backbone_rate=0"}),
             moving = open_run({"train.backbone_rate=0.5"});
  const Params before = sorted_params(*still);
  for (Training* training : {frozen.get(), still.get(), moving.get()})
    while (training->advance(64) > 0) continue;
  EXPECT_EQ(sorted_params(*still).backbone, before.backbone) << "to the byte";
  EXPECT_NE(sorted_params(*still).head, before.head);
  EXPECT_NE(sorted_params(*moving).backbone, before.backbone);
  double difference = 0;
  for (std::size_t s = 0; s < frozen->history().steps.size(); ++s) {
    const double expected = frozen->history().steps[s].loss;
    EXPECT_NEAR(still->history().steps[s].loss, expected, 2e-4 * std::max(1.0, expected)) << s;
    difference = std::max(difference, std::abs(moving->history().steps[s].loss - expected));
  }
  EXPECT_GT(difference, 1e-3) << "that of a network which learns otherwise";
  expect_near(judged(*still), judged(*frozen), 1e-3);
}

TEST_P(Unfreeze, GoesOnWithTheSameBytes) {
  auto whole = open_run(), first = open_run();
  const auto steps = whole->total_steps() / 2;
  for (std::int64_t i = 0; i < steps; ++i) first->step();
  ASSERT_TRUE(write_checkpoint(folder_ / kCheckpointFile, *first).ok());
  const auto file = read_checkpoint(folder_ / kCheckpointFile);
  ASSERT_TRUE(file.ok()) << file.error().message;
  auto second = open_run();
  const auto restored = restore_checkpoint(*file, folder_ / kCheckpointFile, *second);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  for (Training* training : {whole.get(), second.get()})
    while (training->step()) continue;
  EXPECT_EQ(params_of(*second), params_of(*whole));
  EXPECT_EQ(second->save().program.optimizer_arrays, whole->save().program.optimizer_arrays);
  // A frozen one has another network.
  auto frozen = open_run({}, true);
  EXPECT_FALSE(restore_checkpoint(*file, folder_ / kCheckpointFile, *frozen).ok());
}

TEST_P(Unfreeze, ItsWeightsClassifyAsTheTrainingDoes) {
  const auto training = open_run();
  while (training->advance(64) > 0) continue;
  auto classifier = Classifier::open(save(*training));
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  EXPECT_EQ(classified(*classifier, training->data()), judged(*training));
  // A reset draws another head, on the backbone as it was.
  const Params trained = sorted_params(*training);
  ASSERT_TRUE(training->reset(7).ok());
  const Params again = sorted_params(*training), fresh = sorted_params(*open_run());
  EXPECT_EQ(again.backbone, fresh.backbone);
  EXPECT_NE(again.backbone, trained.backbone);
  EXPECT_NE(again.head, fresh.head);
}

TEST_P(Unfreeze, ShowsItsStagesAndItsLandscape) {
  TrainingSubject subject(open_run({"landscape.grid=9", "landscape.error=0"}));
  const LandscapeTracker& landscape = subject.landscape();
  while (subject.work(2)) continue;
  ASSERT_TRUE(landscape.surface()->finished());
  EXPECT_NEAR(landscape.path().front().slice_loss, landscape.path().front().real_loss, 1e-4);
  const auto& names = subject.writer().layer_names();
  EXPECT_EQ(std::ranges::count(names, "embedding"), 0);
  const auto at = static_cast<std::size_t>(
      std::ranges::find_if(names, [](const std::string& name) { return name.starts_with("stage "); }) -
      names.begin());
  ASSERT_LT(at, names.size());
  EXPECT_EQ(subject.capacity().map_images, 0u) << "no head reads what is embedded";
  test::PlainRing ring(subject.capacity());
  const Shown before = show(subject, ring, command::ShowImage{3});
  for (int step = 0; step < 3; ++step) subject.step();
  const Shown after = show(subject, ring, command::ShowImage{3});
  const auto same = [&](std::size_t layer) {
    return std::ranges::equal(before.layer(layer), after.layer(layer));
  };
  EXPECT_TRUE(same(0) && same(1)) << "the image and the maps below the cut";
  EXPECT_FALSE(same(at)) << "what is trained";
  const auto bytes = test::slurp(folder_ / ("set/" + subject.training()->data().names[3]));
  const Shown guest = show(
      subject, ring, command::show_pixels({"guest", subject.training()->prepare(bytes, "guest").value()}));
  EXPECT_EQ(guest.features, after.features);
  EXPECT_EQ(guest.header.probabilities, after.header.probabilities);
}

TEST_P(Unfreeze, ASessionIsReplayedToTheSameBytes) {
  const auto subject = [&] {
    return std::make_unique<TrainingSubject>(open_run({"landscape.grid=9", "train.threads=1"}));
  };
  Session live({.subject = subject(), .scene = "title = \"x\"\n"});
  test::PlainRing ring(live.subject().capacity());
  live.start(ring);
  const auto until = [&](std::uint32_t low, std::uint32_t high) {
    for (int tries = 0; tries < 10000; ++tries) {
      if (const auto frame = ring.read(); frame && frame->facts.step >= low && frame->facts.step <= high)
        return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    FAIL() << "step " << low << " never came";
  };
  live.post(command::Step{2});
  until(2, 2);
  live.post(command::SetRate{0.02});
  live.post(command::SetOptimizer{OptimizerKind::kMomentum});
  live.post(command::Step{2});
  until(4, 4);
  live.post(command::Reset{5});
  until(0, 0);
  live.post(command::Step{3});
  until(3, 3);
  live.stop();
  EXPECT_EQ(live.status()->failure, "");
  SessionFile file = live.file();
  file.weights = weights_checksum(*live.subject().training());
  Session again({.subject = subject(), .pace = file.head.pace, .playing = file.head.playing});
  Replay replay(
      again, file, [](const Json&) { return Result<void>(); }, "x");
  Result<bool> more = true;
  while (more && *more) more = replay.next();
  ASSERT_TRUE(more.ok()) << more.error().message;
  EXPECT_EQ(replay.same_weights(), true);
  EXPECT_EQ(again.subject().training()->steps(), live.subject().training()->steps());
}

INSTANTIATE_TEST_SUITE_P(Backbones, Unfreeze,
                         testing::Values(Kind{"export", "", 1}, Kind{"phantom_1", kBackbone, 1},
                                         Kind{"phantom_3", kBackbone, 3}),
                         [](const auto& test) { return std::string(test.param.name); });

using UnfreezeKeys = test::TransferScene;

TEST_F(UnfreezeKeys, NeedABackboneWithSoManyStages) {
  const auto many = open({"network.unfreeze=2"});
  ASSERT_FALSE(many.ok());
  EXPECT_SAYS(many.error().message, "1 stage");
  const auto none = parse_run_spec(toml::parse("[network]\nunfreeze = 1\n"), RunSpec{});
  ASSERT_FALSE(none.ok());
  EXPECT_SAYS(none.error().message, "unfreeze trains stages of a backbone");
  EXPECT_TRUE(
      parse_run_spec(toml::parse("[network]\nunfreeze = 0\n[train]\nbackbone_rate = 0.5\n"), RunSpec{}).ok());
}

// The memory that maps take is known before it is taken.
TEST_F(UnfreezeKeys, MapsOfTooManyImagesAreRefused) {
  const auto backend = make_cpu_backend(1).value();
  auto embedder = Embedder::make(cut_backbone(small_backbone(folder_), 1)->below, *backend).value();
  EXPECT_EQ(embedder.shape(), (TensorShape{4, 112, 112}));
  DataSpec spec = for_backbone({}, "model.zip");
  const std::size_t most = (std::size_t{4} << 30) / sizeof(float) / embedder.floats();
  DatasetBuilder builder(spec, {"a", "b"}, {.digest = &embedder});
  const auto refused = builder.reserve(most + 1);
  ASSERT_FALSE(refused.ok());
  EXPECT_SAYS(refused.error().message, "50176 numbers of each, needs more than 4 GiB; use fewer images");
}

TEST_F(UnfreezeKeys, AnExportsOwnHeadIsTrainedOn) {
  write_classes_of_export();
  std::vector<std::string> own = {"network.init=export", "network.head=[5]"};
  const auto frozen = open(own);
  ASSERT_TRUE(frozen.ok()) << frozen.error().message;
  own.emplace_back("network.unfreeze=1");
  const auto unfrozen = open(own);
  ASSERT_TRUE(unfrozen.ok()) << unfrozen.error().message;
  expect_near(judged(**unfrozen), judged(**frozen), 1e-5);
}

}  // namespace
}  // namespace fl

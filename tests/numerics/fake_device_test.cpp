// What the CUDA backend asks of its device, counted on a device made of host memory.
#include "tests/gpu/parity_test.h"
#include "tests/support/fake_device/fake_device.h"
#include "trainer/base/random.h"
#include "trainer/compute/cuda/plan/net_plan.h"
#include "trainer/compute/kernels/batch_kernels.h"
#include "trainer/compute/kernels/pool_kernels.h"

namespace fl::test {
namespace {

namespace fake = cuda::fake;

TEST(FakeDevice, ABurstIsOneWaitAndOneGraphForEachBatchSize) {
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 20, 2);
  auto subject = make_subject(problem.spec);
  load(*subject, problem);
  std::vector<std::vector<std::int32_t>> images;
  std::vector<TrainBatch> batches;
  for (int s = 0; s < 12; ++s) images.push_back(first_images(s % 3 == 2 ? 4 : 8));
  for (const auto& batch : images) batches.push_back({batch, 0.001});
  std::vector<StepResult> results(batches.size());
  subject->train_steps(batches, results);
  const fake::Counts before = fake::counts();
  subject->set_optimizer(optimizer_info(OptimizerKind::kQhm).defaults);
  subject->set_seed(9);
  for (TrainBatch& batch : batches) batch.rate *= 0.5;
  subject->train_steps(batches, results);
  const fake::Counts after = fake::counts();
  EXPECT_EQ(after.recordings, before.recordings) << "live edits record nothing anew";
  EXPECT_EQ(after.graph_launches - before.graph_launches, 12);
  EXPECT_LE(after.waits - before.waits, 2);
  EXPECT_EQ(after.device_allocations, before.device_allocations);
}

TEST(FakeDevice, AnEvaluationComesBackOnceAndAPointIsOneLaunch) {
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 40, 2);
  auto subject = make_subject(problem.spec, {.pass_bytes = 300'000});
  load(*subject, problem);
  const std::vector<float> none(problem.params.size(), 0.0f);
  subject->set_slice(first_images(40), problem.params, none, none);
  std::vector<SlicePoint> points(9);
  std::vector<double> losses(points.size());
  for (int warm = 0; warm < 2; ++warm) {
    subject->evaluate(first_images(40), {}, NormStatistics::kRunning);
    subject->evaluate_slice(points, losses);
  }
  fake::Counts before = fake::counts();
  subject->evaluate(first_images(40), {}, NormStatistics::kRunning);
  EXPECT_LE(fake::counts().waits - before.waits, 2);
  EXPECT_EQ(fake::counts().device_allocations, before.device_allocations);
  before = fake::counts();
  subject->evaluate_slice(points, losses);
  EXPECT_EQ(fake::counts().graph_launches - before.graph_launches, 9);
  EXPECT_EQ(fake::counts().device_allocations, before.device_allocations);
}

// What a chunk has beyond the probe is computed for nothing.
TEST(FakeDevice, APointComputesLittleMoreThanItsProbe) {
  const NetSpec spec = ct_small({1, 16, 16}, 2);
  const Problem problem = make_problem(spec, 60, 2);
  const std::vector<float> none(problem.params.size(), 0.0f);
  const std::size_t image = cuda::NetPlan::bytes_per_image(spec, cuda::NetPlan::Mode::kReestimated);
  for (const std::size_t fitting : {10u, 29u, 59u, 1000u})
    for (const std::size_t probe : {60u, 31u, 17u}) {
      auto subject = make_subject(spec, {.pass_bytes = fitting * image + image / 2});
      load(*subject, problem);
      subject->set_slice(first_images(probe), problem.params, none, none);
      const std::vector<SlicePoint> points(2);
      std::vector<double> losses(points.size());
      const std::int64_t before = fake::counts().images;
      subject->evaluate_slice(points, losses);
      const auto computed = static_cast<double>(fake::counts().images - before);
      EXPECT_GE(computed, static_cast<double>(probe * points.size()));
      EXPECT_LE(computed, 1.1 * static_cast<double>(probe * points.size())) << probe << " images, " << fitting << " fit";
    }
}

// The memory of a pass holds what is stored: an activation that its layer applies takes none of its own.
TEST(FakeDevice, FusedActivationsTakeNoMemory) {
  const NetSpec spec = ct_small({1, 16, 16}, 2);
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::size_t floats = spec.input.floats();
  for (std::size_t l = 0; l < shapes.size(); ++l)
    if (spec.layers[l].kind != LayerKind::kRelu || !spec.layers[l - 1].output.empty()) floats += shapes[l].floats();
  EXPECT_EQ(cuda::NetPlan::bytes_per_image(spec, cuda::NetPlan::Mode::kReestimated), floats * sizeof(float));
}

// Launches cost more than the arithmetic of a small network: the count may fall, and rises only on purpose.
TEST(FakeDevice, AStepIsSoManyPiecesOfWork) {
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 20, 2);
  auto subject = make_subject(problem.spec);
  load(*subject, problem);
  for (int warm = 0; warm < 2; ++warm) subject->train_step(first_images(8), 0.001);
  const std::vector<std::int32_t> images = first_images(8);
  const auto executed_by = [&](std::size_t steps) {
    const std::vector<TrainBatch> batches(steps, {images, 0.001});
    std::vector<StepResult> results(steps);
    const std::int64_t before = fake::counts().executed;
    subject->train_steps(batches, results);
    return fake::counts().executed - before;
  };
  const std::int64_t one = executed_by(1);
  EXPECT_LE(executed_by(11) - one, 10 * 47);
}

// Slower, and with the same bits.
TEST(FakeDevice, WorkThatCannotBeRecordedIsGivenByHand) {
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 20, 2);
  auto subject = make_subject(problem.spec), recorded = make_subject(problem.spec);
  load(*subject, problem);
  load(*recorded, problem);
  fake::refuse_recordings(true);
  const int launches = fake::counts().graph_launches;
  for (int step = 0; step < 4; ++step) subject->train_step(first_images(8), 0.001);
  EXPECT_EQ(fake::counts().graph_launches, launches);
  fake::refuse_recordings(false);
  for (int step = 0; step < 4; ++step) recorded->train_step(first_images(8), 0.001);
  EXPECT_EQ(params_of(*subject), params_of(*recorded));
}

TEST(FakeDevice, ALostDeviceIsAnErrorOfTheDevice) {
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 20, 2);
  auto subject = make_subject(problem.spec);
  load(*subject, problem);
  subject->train_step(first_images(8), 0.001);
  fake::lose_device_after(1);
  EXPECT_THROW(
      {
        subject->train_step(first_images(8), 0.001);
        subject->train_step(first_images(8), 0.001);
      },
      DeviceError);
  fake::lose_device_after(0);
}

TEST(MaxPool, NanWinsAndTiesGoToTheFirst) {
  const float nan = std::nanf("");
  const std::vector<float> input = {1, nan, 2, 2, 3, 0, 1, 2};  // two rows of four: windows {1, nan, 3, 0}, {2, 2, 1, 2}
  std::vector<float> output(2);
  std::vector<std::int32_t> chosen(2);
  const kernels::MaxPool pool{input.data(), output.data(), chosen.data(), {2, 4, 1, 2, 2, 2, 2, 0}};
  for (std::size_t i = 0; i < 2; ++i) pool(i);
  EXPECT_TRUE(std::isnan(output[0]));
  EXPECT_EQ(chosen, (std::vector<std::int32_t>{1, 2}));
  EXPECT_EQ(output[1], 2);
}

TEST(Dropout, FactorsAreTheBitsOfTheStream) {
  for (const double rate : {0.25, 0.5, 0.9}) {
    RandomStream random(77, StreamId::kDropout, 5u * 64u + 3u);
    const auto kept = static_cast<float>(1 / (1 - rate));
    for (std::size_t i = 0; i < 1000; ++i)
      ASSERT_EQ(kernels::dropout_factor({77, 5}, 3, i, rate), random.uniform() < rate ? 0.0f : kept) << i;
  }
}

}  // namespace
}  // namespace fl::test

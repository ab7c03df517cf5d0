// The sources that call NVIDIA's libraries, on libraries of host memory (mock_cuda.h): what they ask for is right,
// what is refused has a way round, and nothing is left behind.
#include "tests/gpu/parity_test.h"
#include "tests/support/mock_cuda/mock_cuda.h"
#include "trainer/base/log.h"
#include "trainer/compute/cuda/cuda_backend.h"
#include "trainer/compute/cuda/cuda_program.h"
#include "trainer/compute/cuda/module.h"

extern "C" const fl::cuda::Module fallline_cuda_module;

namespace fl::test {
namespace {

using mock::Stage;

// The driver's codes, which are not to be seen here.
constexpr int kOutOfMemory = 2, kNoDevice = 100, kUnknown = 999;

class Mocks : public testing::Test {
 protected:
  void SetUp() override {
    mock::take_violations();
    begin_ = mock::live();
    set_log_sink([this](LogLevel, std::string_view line) { log_ += std::string(line) + "\n"; });
  }
  void TearDown() override {
    mock::refuse_at(Stage::kNever);
    mock::forget_to_add(false);
    mock::refuse_all(false);
    set_log_sink({});
    for (const std::string& violation : mock::take_violations()) ADD_FAILURE() << violation;
    const mock::Live now = mock::live();
    EXPECT_TRUE(now == begin_) << "streams " << now.streams << ", events " << now.events << ", graphs " << now.graphs
                               << ", device memory " << now.device_blocks << ", pinned " << now.pinned_blocks
                               << ", handles " << now.handles << ", descriptors " << now.descriptors;
  }
  // Gradients of a network with convolutions whose input has several readers, after steps by hand and recorded.
  static std::vector<float> trained(const NetSpec& spec, const SubjectOptions& options = {}) {
    auto subject = make_subject(spec, options);
    load(*subject, make_problem(spec, 12, 3));
    for (int step = 0; step < 4; ++step) subject->train_step(first_images(6), 0.001);
    subject->forward_backward(first_images(6));
    return gradients_of(*subject);
  }
  static std::unique_ptr<Backend> backend(bool tf32, bool deterministic) {
    auto made = fallline_cuda_module.make({.tf32 = tf32, .deterministic = deterministic});
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *std::move(made);
  }

  mock::Live begin_;
  std::string log_;
};

TEST_F(Mocks, TrainingEvaluationAndSlicesLeaveNothingBehind) {
  for (const NetSpec& spec : {mixed_net(), residual_net(), margins_net(), parts_net()}) {
    const Problem problem = make_problem(spec, 12, 3);
    auto subject = make_subject(spec);
    load(*subject, problem);
    const std::vector<float> none(problem.params.size(), 0.0f);
    for (int step = 0; step < 3; ++step) subject->train_step(first_images(6), 0.001);
    subject->evaluate(first_images(12), {}, NormStatistics::kRunning);
    subject->set_slice(first_images(12), problem.params, none, none);
    const std::vector<SlicePoint> points(7);
    std::vector<double> losses(points.size());
    subject->evaluate_slice(points, losses);
    EXPECT_GT(losses[0], 0);
  }
  EXPECT_GT(mock::counts().launches, 0);
}

// With the libraries' calls in their own order of operands, dimensions and leading dimensions.
TEST_F(Mocks, GradientsEvaluationsAndActivationsFollowTheCpu) {
  for (const NetSpec& spec : {mixed_net(), averaged_net(), residual_net(), margins_net()}) {
    const Problem problem = make_problem(spec, 12, 3);
    const Pair pair(problem, {.pass_bytes = 5 * cuda::NetPlan::bytes_per_image(spec, cuda::NetPlan::Mode::kInference)});
    const std::vector<std::int32_t> images = {3, 1, 8, 2, 7};
    const BatchResult expected = pair.cpu->forward_backward(images);
    EXPECT_NEAR(pair.subject->forward_backward(images).loss, expected.loss, 1e-5 * expected.loss) << spec.name;
    const auto gradients = gradients_of(*pair.subject), wanted = gradients_of(*pair.cpu);
    for (const ParamTensor& tensor : pair.cpu->layout().tensors) {
      const auto part = [&](std::span<const float> arena) { return arena.subspan(tensor.offset, tensor.count); };
      if (std::ranges::any_of(part(wanted), [](float g) { return std::abs(g) > 1e-5f; })) {
        EXPECT_LT(nmse(part(gradients), part(wanted)), kFp32) << spec.name << ", " << tensor.name;
      }
    }
    for (const auto statistics : {NormStatistics::kRunning, NormStatistics::kReestimated})
      EXPECT_NEAR(pair.subject->evaluate(first_images(12), {}, statistics).batch.loss,
                  pair.cpu->evaluate(first_images(12), {}, statistics).batch.loss, 1e-5);
    std::vector<float> shown(static_cast<std::size_t>(spec.classes)), there(shown.size());
    const std::vector<int> probabilities = {static_cast<int>(spec.layers.size())};
    pair.subject->activations(4, probabilities, shown);
    pair.cpu->activations(4, probabilities, there);
    EXPECT_LT(nmse(shown, there), kFp32);
  }
}

// Wherever an algorithm is refused, another does the work, to the same bits: both are exact here.
TEST_F(Mocks, ARefusedAlgorithmGivesWay) {
  const auto expected = trained(residual_net());
  for (const Stage stage : {Stage::kWorkspace, Stage::kRun}) {
    const int before = mock::counts().refusals;
    mock::refuse_at(stage);
    EXPECT_EQ(trained(residual_net()), expected) << static_cast<int>(stage);
    EXPECT_GT(mock::counts().refusals, before);
  }
}

TEST_F(Mocks, WhatDoesNotAddIsAddedToTheGradient) {
  const auto expected = trained(residual_net());
  mock::refuse_at(Stage::kAdd);
  EXPECT_LT(nmse(trained(residual_net()), expected), 1e-10);
  mock::refuse_at(Stage::kNever);
  mock::forget_to_add(true);
  EXPECT_LT(nmse(trained(residual_net()), expected), 1e-10) << "a library that forgets to add is found out";
}

TEST_F(Mocks, WhatCannotBeRecordedIsDoneByHandAndSaid) {
  const auto expected = trained(mixed_net());
  const int launches = mock::counts().launches;
  mock::refuse_at(Stage::kRecord);
  EXPECT_EQ(trained(mixed_net()), expected);
  EXPECT_EQ(mock::counts().launches, launches);
  EXPECT_NE(log_.find("one by one"), std::string::npos) << log_;
  mock::refuse_at(Stage::kNever);
  log_.clear();
  mock::fail_next("cudaGraphInstantiate", kUnknown);
  EXPECT_EQ(trained(mixed_net()), expected);
  EXPECT_NE(log_.find("one by one"), std::string::npos) << log_;
}

TEST_F(Mocks, WhereNoAlgorithmWorksASentenceSaysSo) {
  mock::refuse_all(true);
  auto program = backend(false, true)->compile(mixed_net(), 8);
  ASSERT_TRUE(program.ok());
  load(**program, make_problem(mixed_net(), 8, 3));
  try {
    (*program)->train_step(first_images(8), 0.001);
    FAIL() << "nothing was thrown";
  } catch (const DeviceError& e) {
    EXPECT_NE(std::string(e.what()).find("cuDNN has no forward pass"), std::string::npos) << e.what();
  }
}

// The descriptors' kind of arithmetic is what the options ask for: TF32's 10 bits show in the gradients.
TEST_F(Mocks, Tf32IsUsedWhereItIsAskedFor) {
  const auto plain = trained(averaged_net()), tf32 = trained(averaged_net(), {.tf32 = true});
  EXPECT_GT(nmse(tf32, plain), 1e-9);
  EXPECT_LT(nmse(tf32, plain), 1e-3);
  EXPECT_EQ(trained(averaged_net()), plain);
}

TEST_F(Mocks, ATrainabilityMapLeavesNothingBehind) {
  const auto made = backend(false, true);
  const auto runs = made->rate_runs(make_rate_task(1, 30));
  ASSERT_TRUE(runs.ok()) << runs.error().message;
  const std::vector<RatePair> pairs = {{0.1, 1}, {0.1, 1e6}};
  std::vector<RateRun> done(pairs.size());
  (*runs)->run(pairs, RatePrecision::kFloat, done);
  EXPECT_EQ(done[0].trained, 1u);
  EXPECT_EQ(done[1].trained, 0u);
}

TEST_F(Mocks, TheModuleNamesDevicesAndMakesTheBackend) {
  const cuda::ModuleReport report = fallline_cuda_module.report();
  EXPECT_TRUE(report.reason.empty()) << report.reason;
  ASSERT_EQ(report.devices.size(), 2u);
  EXPECT_NE(report.devices[0].find("not usable"), std::string::npos) << report.devices[0];
  for (const bool deterministic : {true, false}) {
    const auto made = backend(true, deterministic);
    EXPECT_EQ(made->gpu(), report.chosen);
    EXPECT_NE(made->device().find("Mock (CUDA 13.0"), std::string::npos) << made->device();
    EXPECT_EQ(made->device().find("any order of sums") == std::string::npos, deterministic);
    auto program = made->compile(mixed_net(), 8);
    ASSERT_TRUE(program.ok()) << program.error().message;
    load(**program, make_problem(mixed_net(), 8, 3));
    EXPECT_TRUE(std::isfinite((*program)->train_step(first_images(8), 0.001).batch.loss));
  }
}

TEST_F(Mocks, WhatCudaSaysNoToIsASentence) {
  mock::fail_next("cudaGetDeviceCount", kNoDevice);
  EXPECT_EQ(fallline_cuda_module.report().reason, "the NVIDIA driver finds no GPU");
  const auto made = backend(false, true);
  mock::fail_next("cudaMalloc", kOutOfMemory);
  const auto program = made->compile(mixed_net(), 8);
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().message.find("cannot hold network mixed"), std::string::npos) << program.error().message;
  EXPECT_NE(program.error().message.find("cudaErrorMemoryAllocation"), std::string::npos) << program.error().message;
}

// Each thread makes the device its own; the mocks call another device's thread misuse.
TEST_F(Mocks, AThreadOfItsOwnMayUseAProgram) {
  auto subject = make_subject(mixed_net());
  load(*subject, make_problem(mixed_net(), 12, 3));
  std::thread([&] { subject->train_step(first_images(6), 0.001); }).join();
}

using MocksDeathTest = Mocks;

TEST_F(MocksDeathTest, DeviceMemoryIsNotTheHosts) {
  cuda::use_device(1);
  const cuda::DeviceArray<float> values(16);
  EXPECT_DEATH({ values.data().get()[3] = 1; }, "");
  float value = 1;
  const cuda::Stream stream;
  cuda::download(stream, &value, values.data(), sizeof(value));
  EXPECT_EQ(value, 0);
}

// The mocks see what they are there for.
TEST_F(Mocks, MisuseIsSeen) {
  cuda::use_device(1);
  const cuda::Stream stream;
  const cuda::DeviceArray<float> values(16);
  std::vector<float> host(17);
  cuda::upload(stream, values.data(), host.data(), host.size() * sizeof(float));
  EXPECT_EQ(mock::take_violations().size(), 2u) << "a range beyond the block, and the words behind it";
  cuda::download(stream, host.data(), values.data(), values.bytes());
  EXPECT_THROW(cuda::Graph::capture(stream, [] { cuda::DeviceArray<float> more(4); }), cuda::CudaError);
  EXPECT_EQ(mock::take_violations().size(), 1u) << "memory while work is recorded";
}

}  // namespace
}  // namespace fl::test

// Twenty training steps against PyTorch in double precision, from the same weights and batches: forward,
// backward, optimizer and batch norm's statistics in one. The results are stored
// (reference/torch_steps.json); weights and images are drawn here and by reference/torch_steps.py by the same
// rules.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/random.h"
#include "trainer/compute/backend.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

constexpr std::uint64_t kSeed = 2026;
constexpr int kSide = 64, kClasses = 2, kImages = 72, kBatch = 16, kSteps = 20;
constexpr std::uint32_t kImageStreams =
    1000;                            // stream indices below are the tensors', from here on the images'
constexpr double kTolerance = 1e-4;  // of every loss

double signed_value(RandomStream& random) {
  return 2 * random.uniform() - 1;
}

std::vector<float> draw_parameters(const ParamLayout& layout) {
  std::vector<float> params(layout.floats);
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    RandomStream random(kSeed, StreamId::kTest, static_cast<std::uint32_t>(t));
    const double bound = tensor.kind == ParamKind::kWeight ? std::sqrt(3.0 / tensor.fan_in) : 0.1;
    const double middle = tensor.kind == ParamKind::kScale ? 1 : 0;
    for (std::size_t i = 0; i < tensor.count; ++i)
      params[tensor.offset + i] = static_cast<float>(middle + bound * signed_value(random));
  }
  return params;
}

// Noise; the images of class 1 hold a brighter square of 12 pixels whose place the stream draws.
std::vector<float> draw_images() {
  std::vector<float> pixels;
  for (int image = 0; image < kImages; ++image) {
    RandomStream random(kSeed, StreamId::kTest, kImageStreams + static_cast<std::uint32_t>(image));
    std::vector<double> values(kSide * kSide);
    for (double& value : values) value = signed_value(random);
    const int top = static_cast<int>(random.uniform() * 52), left = static_cast<int>(random.uniform() * 52);
    for (int y = top; y < top + 12; ++y)
      for (int x = left; x < left + 12; ++x) values[static_cast<std::size_t>(y * kSide + x)] += image % 2;
    for (const double value : values) pixels.push_back(static_cast<float>(value));
  }
  return pixels;
}

std::vector<std::int32_t> batch_of(int step) {
  std::vector<std::int32_t> images;
  for (int i = 0; i < kBatch; ++i) images.push_back((step * kBatch + i) * 29 % kImages);
  return images;
}

Json::Array read_cases() {
  const auto bytes =
      read_file(FALLLINE_SOURCE_DIR "/tests/numerics/reference/torch_steps.json", 1 << 20).value();
  return *(*Json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}))["cases"].array();
}

double number(const Json& json) {
  return json.number().value();
}

std::unique_ptr<Program> make_program(const Json& reference) {
  auto backend = make_cpu_backend(2);
  const NetSpec spec = make_network(*reference["network"].text(), {1, kSide, kSide}, kClasses).value();
  auto program = (*backend)->compile(spec, kBatch).value();
  std::vector<std::int32_t> labels;
  for (int image = 0; image < kImages; ++image) labels.push_back(image % 2);
  program->set_data(draw_images(), labels);
  program->write_params(draw_parameters(program->layout()));
  OptimizerSpec optimizer =
      optimizer_info(optimizer_by_name(*reference["optimizer"].text()).value()).defaults;
  if (optimizer.kind == OptimizerKind::kAdamW) optimizer.weight_decay = 0.1;
  program->set_optimizer(optimizer);
  return program;
}

std::vector<StepResult> train(Trainer& program, double rate) {
  std::vector<StepResult> results;
  for (int step = 0; step < kSteps; ++step) results.push_back(program.train_step(batch_of(step), rate));
  return results;
}

// Over all steps.
double largest_difference(const Json& reference, const std::vector<StepResult>& results) {
  double largest = 0;
  for (std::size_t step = 0; step < results.size(); ++step)
    largest = std::max(largest, std::abs(results[step].batch.loss - number(reference["losses"][step])));
  return largest;
}

void expect_same_steps(const Json& reference, const std::vector<StepResult>& results) {
  ASSERT_EQ(reference["losses"].array()->size(), results.size());
  for (std::size_t step = 0; step < results.size(); ++step) {
    EXPECT_NEAR(results[step].batch.loss, number(reference["losses"][step]), kTolerance) << "step " << step;
    EXPECT_EQ(results[step].batch.correct, number(reference["correct"][step])) << "step " << step;
  }
  // Before rounding has had time to grow; how much of it there is depends on the processor's vectors.
  const double norm = number(reference["gradient_norms"][0]);
  EXPECT_NEAR(results[0].gradient_norm, norm, 2e-5 * norm);
}

// Weights are held to less than losses: Adam's first steps go by the sign of a gradient, and rounding decides
// the sign of the smallest ones, of which a network with batch norms has many: one such step is worth two
// rates.
void expect_same_network(const Json& reference, Program& program) {
  const ParamLayout& layout = program.layout();
  std::vector<float> params(layout.floats), statistics(layout.statistic_floats);
  program.read_params(params);
  program.read_statistics(statistics);
  const double norm = number(reference["parameter_norm"]),
               statistics_norm = number(reference["statistics_norm"]);
  EXPECT_NEAR(euclidean_norm(params), norm, 1e-5 * norm);
  EXPECT_NEAR(euclidean_norm(statistics), statistics_norm, 1e-4 * statistics_norm);
  const bool by_sign = program.spec().has(LayerKind::kBatchNorm) && *reference["optimizer"].text() == "adam";
  const double tolerance = by_sign ? 4 * number(reference["rate"]) : 2e-4;
  ASSERT_EQ(reference["samples"].array()->size(), layout.tensors.size());
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    const Json& sample = reference["samples"][t];
    ASSERT_EQ(*sample["tensor"].text(), tensor.name);
    EXPECT_NEAR(params[tensor.offset], number(sample["first"]), tolerance) << tensor.name;
    EXPECT_NEAR(params[tensor.offset + tensor.count - 1], number(sample["last"]), tolerance) << tensor.name;
  }
  std::vector<std::int32_t> all(kImages);
  std::iota(all.begin(), all.end(), 0);
  // With running statistics that lag behind twenty steps, batch norms magnify what little differs.
  EXPECT_NEAR(program.evaluate(all, {}).batch.loss, number(reference["evaluation_loss"]), 10 * kTolerance);
}

class TorchSteps : public testing::TestWithParam<std::size_t> {
 protected:
  const Json reference_ = read_cases().at(GetParam());
  const double rate_ = number(reference_["rate"]);
  const std::unique_ptr<Program> program_ = make_program(reference_);
};

TEST_P(TorchSteps, AreTheSameStepByStep) {
  const std::vector<StepResult> results = train(*program_, rate_);
  RecordProperty("largest_difference", fmt::format("{:.2e}", largest_difference(reference_, results)));
  expect_same_steps(reference_, results);
  expect_same_network(reference_, *program_);
}

// The bound is tight enough to notice what is half a per cent wrong.
TEST_P(TorchSteps, ASlightlyWrongRateIsSeen) {
  const double difference = largest_difference(reference_, train(*program_, 1.005 * rate_));
  RecordProperty("largest_difference", fmt::format("{:.2e}", difference));
  EXPECT_GT(difference, 2 * kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Cases, TorchSteps, testing::Range<std::size_t>(0, read_cases().size()),
                         [](const auto& test) {
                           const Json reference = read_cases().at(test.param);
                           std::string name =
                               *reference["network"].text() + "_" + *reference["optimizer"].text();
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace fl

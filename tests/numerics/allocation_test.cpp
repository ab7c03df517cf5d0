// Nothing is allocated in a step after the first of its size.
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/allocation_count.h"
#include "trainer/base/random.h"
#include "trainer/compute/backend.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

using test::AllocationCount;
using test::AllocationWatch;

constexpr TensorShape kImage{1, 32, 32};
constexpr int kImages = 40, kBatch = 16;

std::unique_ptr<Program> make_program(const std::string& network) {
  auto backend = make_cpu_backend(2);
  auto program =
      (*backend)->compile(make_network(network, kImage, 2, {.dropout = 0.2}).value(), kBatch).value();
  std::vector<float> pixels(kImages * kImage.floats()), params(program->layout().floats);
  RandomStream random(1, StreamId::kTest);
  for (float& pixel : pixels) pixel = static_cast<float>(random.normal());
  std::vector<std::int32_t> labels(kImages);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 2);
  EXPECT_TRUE(initialise(program->layout(), "he", 1, 1, params).ok());
  program->set_data(pixels, labels);
  program->write_params(params);
  program->set_optimizer({.kind = OptimizerKind::kAdamW, .weight_decay = 0.01});
  return program;
}

// Of `work`, done for the second time.
template <typename Work>
AllocationCount second_time(const Work& work) {
  work();
  const AllocationWatch watch;
  work();
  return watch.count();
}

TEST(AllocationWatch, SeesOursOnBothWays) {
  const AllocationWatch watch;
  const std::vector<int> numbers(1000);
  std::string text(numbers.size(), 'x');
  void* volatile memory = std::malloc(10);
  std::free(memory);
  EXPECT_GE(watch.count().ours, 2) << text.size();
  EXPECT_EQ(watch.count().libraries, 0) << watch.count().library;
}

class Allocations : public testing::TestWithParam<const char*> {
 protected:
  const std::unique_ptr<Program> program_ = make_program(GetParam());
  const std::vector<std::int32_t> images_ = [] {
    std::vector<std::int32_t> all(kImages);
    std::iota(all.begin(), all.end(), 0);
    return all;
  }();
};

TEST_P(Allocations, NoneInATrainingStep) {
  const AllocationCount full =
      second_time([&] { program_->train_step(std::span(images_).first(kBatch), 1e-3); });
  EXPECT_EQ(full.ours, 0);
  // An epoch's last batch is smaller; the full one after it finds everything in place.
  const AllocationCount last = second_time([&] {
    program_->train_step(std::span(images_).first(5), 1e-3);
    program_->train_step(std::span(images_).first(kBatch), 1e-3);
  });
  EXPECT_EQ(last.ours, 0);
  const AllocationCount single =
      second_time([&] { program_->train_step(std::span(images_).first(1), 1e-3); });
  EXPECT_EQ(single.ours, 0) << "fewer images than threads";
  RecordProperty("of_libraries", fmt::format("{} by {}", full.libraries, full.library));
}

TEST_P(Allocations, NoneInAnEvaluation) {
  std::vector<float> probabilities(kImages * 2);
  const AllocationCount count = second_time([&] { program_->evaluate(images_, probabilities); });
  EXPECT_EQ(count.ours, 0);
  RecordProperty("of_libraries", fmt::format("{} by {}", count.libraries, count.library));
}

TEST_P(Allocations, NoneInALandscapePoint) {
  std::vector<float> origin(program_->layout().floats), direction(origin.size(), 0.01f);
  program_->read_params(origin);
  program_->set_slice(images_, origin, direction, direction);
  const std::vector<SlicePoint> points = {{0, 0}, {1, 0}, {0, 1}};
  std::vector<double> losses(points.size());
  const AllocationCount count = second_time([&] { program_->evaluate_slice(points, losses); });
  EXPECT_EQ(count.ours, 0);
  RecordProperty("of_libraries", fmt::format("{} by {}", count.libraries, count.library));
}

INSTANTIATE_TEST_SUITE_P(Networks, Allocations, testing::Values("ct-small", "ct-resnet", "mlp"));

}  // namespace
}  // namespace fl

// Landscape points against the CPU backend: the first layer as a combination of three, several lanes, chunks of
// the probe, batch norms over the whole of it.
#include "tests/gpu/parity_test.h"
#include "trainer/base/random.h"

namespace fl::test {
namespace {

std::vector<float> direction(const ParamLayout& layout, std::uint32_t which) {
  std::vector<float> values(layout.floats, 0.0f);
  RandomStream random(3, StreamId::kTest, which);
  for (const ParamTensor& tensor : layout.tensors)
    for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i)
      values[i] = static_cast<float>(random.normal(0, 0.05));
  return values;
}

struct Case {
  std::string name;
  NetSpec spec;
  SubjectOptions options{};
};

// A network whose first layer is no combination: it reads the picture through a pooling.
NetSpec pooled_first_net() {
  NetSpec spec{"pooled", {1, 8, 8}, 2, {}};
  spec.layers = {
      {.kind = LayerKind::kAveragePool, .name = "p", .kernel = 2, .stride = 2},
      {.kind = LayerKind::kConvolution, .name = "c", .out_channels = 3, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kRelu, .name = "r"},
      {.kind = LayerKind::kDense, .name = "d", .out_channels = 2},
  };
  return spec;
}

std::vector<Case> all_cases() {
  return {{"ct_small", ct_small({1, 16, 16}, 3)},
          {"ct_small_in_chunks", ct_small({1, 16, 16}, 3), {.pass_bytes = 300'000}},
          {"ct_small_by_hand", ct_small({1, 16, 16}, 3), {.graphs = false}},
          {"ct_resnet", ct_resnet({1, 8, 8}, 2, true), {.pass_bytes = 300'000}},
          {"mlp", mlp({1, 16, 16}, 3)},
          {"mixed", mixed_net()},
          {"dropout", dropout_net()},
          {"margins", margins_net()},
          {"parts", parts_net()},
          {"clipped", clipped_net()},
          {"margins_in_chunks", margins_net(), {.pass_bytes = 30'000}},
          {"pooled_first", pooled_first_net(), {.pass_bytes = 10'000}}};
}

class Slices : public Parity, public testing::WithParamInterface<Case> {};

TEST_P(Slices, LossesFollowTheCpu) {
  const Problem problem = make_problem(GetParam().spec, 30, 9);
  Pair pair(problem, GetParam().options);
  std::vector<std::int32_t> probe = first_images(29);
  std::ranges::reverse(probe);
  const auto d1 = direction(pair.cpu->layout(), 1), d2 = direction(pair.cpu->layout(), 2);
  std::vector<SlicePoint> points;
  for (int i = 0; i < 11; ++i) points.push_back({0.3 * (i - 5), 0.7 - 0.1 * i * i / 5});
  std::vector<double> expected(points.size()), losses(points.size()), again(points.size());
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) program->set_slice(probe, problem.params, d1, d2);
  pair.cpu->evaluate_slice(points, expected);
  pair.subject->evaluate_slice(points, losses);
  for (std::size_t p = 0; p < points.size(); ++p)
    EXPECT_NEAR(losses[p], expected[p], 2e-5 * std::max(1.0, std::abs(expected[p]))) << "point " << p;
  // Whatever lane a point falls to, and alone as among others.
  pair.subject->evaluate_slice(std::span(points).subspan(3), std::span(again).subspan(3));
  for (std::size_t p = 3; p < points.size(); ++p) EXPECT_EQ(again[p], losses[p]) << "point " << p;
  // Another plane over a probe of the same size, then of another.
  for (const std::size_t count : {std::size_t{29}, std::size_t{8}}) {
    const auto other = first_images(count, 1);
    for (Program* program : {pair.cpu.get(), pair.subject.get()}) program->set_slice(other, problem.params, d2, d1);
    pair.cpu->evaluate_slice(points, expected);
    pair.subject->evaluate_slice(points, losses);
    for (std::size_t p = 0; p < points.size(); ++p)
      EXPECT_NEAR(losses[p], expected[p], 2e-5 * std::max(1.0, std::abs(expected[p]))) << "point " << p;
  }
}

TEST_P(Slices, AHoleIsAHole) {
  const Problem problem = make_problem(GetParam().spec, 12, 9);
  auto subject = make_subject(GetParam().spec, GetParam().options);
  load(*subject, problem);
  const auto d1 = direction(subject->layout(), 1), d2 = direction(subject->layout(), 2);
  subject->set_slice(first_images(12), problem.params, d1, d2);
  const std::vector<SlicePoint> points = {{0, 0}, {1e38, 1e38}, {0.1, 0}};
  std::vector<double> losses(3);
  subject->evaluate_slice(points, losses);
  EXPECT_TRUE(std::isfinite(losses[0]));
  EXPECT_FALSE(std::isfinite(losses[1]));
  EXPECT_TRUE(std::isfinite(losses[2])) << "the next point starts anew";
}

INSTANTIATE_TEST_SUITE_P(All, Slices, testing::ValuesIn(all_cases()), [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fl::test

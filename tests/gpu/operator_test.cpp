// One pass forward and back, and evaluations, against the CPU backend: every layer kind, every network.
#include "tests/gpu/parity_test.h"
#include "trainer/base/random.h"

namespace fl::test {
namespace {

std::vector<NetSpec> all_nets() {
  std::vector<NetSpec> nets = {mixed_net(),   averaged_net(), residual_net(), margins_net(),
                               clipped_net(), dropout_net(),  parts_net(),    unfrozen_net()};
  for (const char* name : {"ct-small", "ct-resnet", "mlp"})
    nets.push_back(make_network(name, {1, 16, 16}, 3).value());
  nets.push_back(ct_resnet({1, 16, 16}, 2, false));
  return nets;
}

// Many layers with batch norms over few values: rounding decides a ReLU otherwise here and there, and what
// depends on it differs by far more than the rounding. The same layers in smaller networks are held to kFp32.
double bound_of(const NetSpec& spec) {
  return spec.has(LayerKind::kBatchNorm) && spec.layers.size() > 20 ? kTf32 : kFp32;
}

class Operators : public Parity, public testing::WithParamInterface<NetSpec> {};

TEST_P(Operators, GradientsOfEveryTensor) {
  Pair pair(make_problem(GetParam(), 9, 12));
  const std::vector<std::int32_t> images = {3, 1, 8, 2, 7};
  const BatchResult expected = pair.cpu->forward_backward(images);
  const BatchResult result = pair.subject->forward_backward(images);
  EXPECT_NEAR(result.loss, expected.loss, 1e-5 * expected.loss);
  EXPECT_EQ(result.correct, expected.correct);
  EXPECT_EQ(result.images, 5);
  const auto gradients = gradients_of(*pair.subject), wanted = gradients_of(*pair.cpu);
  const double whole = nmse(gradients, wanted);
  EXPECT_LT(whole, bound_of(GetParam()));
  for (const ParamTensor& tensor : pair.cpu->layout().tensors) {
    if (tensor.frozen) continue;
    const auto part = [&](std::span<const float> arena) {
      return arena.subspan(tensor.offset, tensor.count);
    };
    double largest = 0;
    for (const float g : part(wanted)) largest = std::max(largest, std::abs(static_cast<double>(g)));
    // What a batch norm behind it makes zero but for rounding has no relative error.
    if (largest > 1e-5) {
      EXPECT_LT(nmse(part(gradients), part(wanted)), bound_of(GetParam())) << tensor.name;
    }
  }
}

TEST_P(Operators, ASecondPassStartsFromNothing) {
  auto subject = make_subject(GetParam());
  const Problem problem = make_problem(GetParam(), 9, 12);
  load(*subject, problem);
  subject->forward_backward(first_images(7));
  subject->forward_backward(std::vector<std::int32_t>{8, 2, 5});
  const auto again = gradients_of(*subject);
  auto fresh = make_subject(GetParam());
  load(*fresh, problem);
  fresh->forward_backward(std::vector<std::int32_t>{8, 2, 5});
  EXPECT_EQ(again, gradients_of(*fresh));
}

TEST_P(Operators, EvaluationInBothStatistics) {
  // So little memory that a list takes several passes, the last one not full.
  Pair pair(make_problem(GetParam(), 23, 4), {.pass_bytes = 4 * 80'000});
  std::vector<float> statistics(pair.cpu->layout().statistic_floats);
  RandomStream random(5, StreamId::kTest);
  for (float& value : statistics) value = static_cast<float>(random.uniform(0.2, 2));
  pair.cpu->write_statistics(statistics);
  pair.subject->write_statistics(statistics);
  for (const auto mode : {NormStatistics::kRunning, NormStatistics::kReestimated})
    for (const std::size_t count : {1u, 3u, 16u, 23u}) {
      const auto images = first_images(count);
      std::vector<float> wanted(count * static_cast<std::size_t>(pair.cpu->spec().classes)),
          probabilities(wanted.size());
      const EvalResult expected = pair.cpu->evaluate(images, wanted, mode);
      const EvalResult result = pair.subject->evaluate(images, probabilities, mode);
      EXPECT_NEAR(result.batch.loss, expected.batch.loss, 1e-5 * std::max(1.0, expected.batch.loss)) << count;
      EXPECT_NEAR(result.standard_error, expected.standard_error,
                  1e-5 * std::max(1.0, expected.standard_error));
      EXPECT_EQ(result.batch.correct, expected.batch.correct);
      EXPECT_EQ(result.batch.images, static_cast<int>(count));
      EXPECT_LT(nmse(probabilities, wanted), kFp32);
      EXPECT_EQ(pair.subject->evaluate(images, {}, mode).batch.loss, result.batch.loss)
          << "recorded, then replayed";
    }
}

TEST_P(Operators, AnImagesFiguresDoNotDependOnItsCompany) {
  auto subject = make_subject(GetParam(), {.pass_bytes = 8 * 80'000});
  load(*subject, make_problem(GetParam(), 23, 4));
  const auto classes = static_cast<std::size_t>(GetParam().classes);
  std::vector<float> together(23 * classes), alone(classes);
  subject->evaluate(first_images(23), together, NormStatistics::kRunning);
  for (const std::int32_t image : {0, 11, 22}) {
    subject->evaluate({&image, 1}, alone, NormStatistics::kRunning);
    // Not to the bit: a library may split its sums differently for another place in the batch.
    for (std::size_t c = 0; c < classes; ++c)
      EXPECT_NEAR(alone[c], together[static_cast<std::size_t>(image) * classes + c], 1e-6)
          << "image " << image;
  }
}

TEST_P(Operators, Activations) {
  Pair pair(make_problem(GetParam(), 4, 6));
  const auto shapes = layer_shapes(GetParam()).value();
  const int last = static_cast<int>(shapes.size());
  std::vector<int> layers = {last, -1, last - 1};
  for (int l = 0; l < last; ++l)
    if (!GetParam().layers[static_cast<std::size_t>(l)].output.empty()) layers.push_back(l);
  std::size_t floats = 0;
  for (const int l : layers)
    floats += l < 0       ? GetParam().input.floats()
              : l == last ? static_cast<std::size_t>(GetParam().classes)
                          : shapes[static_cast<std::size_t>(l)].floats();
  std::vector<float> wanted(floats), shown(floats);
  for (const std::int32_t image : {2, 0, 3}) {
    pair.cpu->activations(image, layers, wanted);
    pair.subject->activations(image, layers, shown);
    EXPECT_LT(nmse(shown, wanted), kFp32) << "image " << image;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Operators, testing::ValuesIn(all_nets()), [](const auto& test) {
  std::string name = test.param.name;
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == ' '; }, '_');
  return name;
});

class Tf32 : public Parity {};

TEST_F(Tf32, GradientsStayNear) {
  Pair pair(make_problem(ct_small({1, 64, 64}, 2), 16, 3), {.tf32 = true});
  pair.cpu->forward_backward(first_images(16));
  pair.subject->forward_backward(first_images(16));
  EXPECT_LT(nmse(gradients_of(*pair.subject), gradients_of(*pair.cpu)), kTf32);
}

}  // namespace
}  // namespace fl::test

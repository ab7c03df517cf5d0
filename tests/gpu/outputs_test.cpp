// Networks with several outputs, trained towards numbers: the subject does what the CPU does.
#include "tests/gpu/parity_test.h"

namespace fl::test {
namespace {

class Outputs : public Parity {};

struct Trained : Pair {
  explicit Trained(const Problem& problem, std::size_t images) : Pair(problem) {
    const std::vector<float> targets = make_targets(problem.spec, images);
    for (Program* program : {cpu.get(), subject.get()}) program->set_targets(targets);
  }
};

TEST_F(Outputs, LossAndGradients) {
  const Problem problem = make_problem(several_outputs(), 12, 4);
  const Trained pair(problem, 12);
  const auto images = first_images(12);
  const BatchResult expected = pair.cpu->forward_backward(images);
  const BatchResult result = pair.subject->forward_backward(images);
  EXPECT_NEAR(result.loss, expected.loss, 1e-5 * expected.loss);
  EXPECT_EQ(result.correct, 0);
  const std::vector<float> wanted = gradients_of(*pair.cpu), gradients = gradients_of(*pair.subject);
  for (const ParamTensor& tensor : pair.cpu->layout().tensors)
    EXPECT_LT(nmse(std::span(gradients).subspan(tensor.offset, tensor.count),
                   std::span(wanted).subspan(tensor.offset, tensor.count)),
              100 * kFp32)
        << tensor.name;
}

TEST_F(Outputs, StepsFollowTheCpu) {
  const Problem problem = make_problem(several_outputs(), 12, 5);
  const Trained pair(problem, 12);
  for (int s = 0; s < 6; ++s) {
    const auto images = first_images(6, s % 2 * 6);
    const StepResult expected = pair.cpu->train_step(images, 1e-3),
                     result = pair.subject->train_step(images, 1e-3);
    EXPECT_NEAR(result.batch.loss, expected.batch.loss, 1e-4 * expected.batch.loss) << s;
  }
  EXPECT_LT(nmse(params_of(*pair.subject), params_of(*pair.cpu)), 1e-5);
  EXPECT_LT(nmse(statistics_of(*pair.subject), statistics_of(*pair.cpu)), 1e-5);
}

TEST_F(Outputs, EvaluationOutputsAndSlices) {
  const NetSpec spec = several_outputs();
  const Problem problem = make_problem(spec, 12, 6);
  const Trained pair(problem, 12);
  const auto images = first_images(12);
  const std::size_t floats = 12 * static_cast<std::size_t>(spec.classes);
  std::vector<float> expected(floats), values(floats);
  const double wanted = pair.cpu->evaluate(images, expected).batch.loss;
  EXPECT_NEAR(pair.subject->evaluate(images, values).batch.loss, wanted, 1e-5 * wanted);
  EXPECT_LT(nmse(values, expected), kFp32) << "what each output says";
  pair.cpu->outputs(images, expected);
  pair.subject->outputs(images, values);
  EXPECT_LT(nmse(values, expected), kFp32) << "logits";

  const std::vector<float> origin = params_of(*pair.cpu);
  std::vector<float> along(origin.size());
  for (std::size_t i = 0; i < along.size(); ++i) along[i] = 0.1f * origin[origin.size() - 1 - i];
  const SlicePoint points[] = {{0, 0}, {0.5, 0}, {-0.3, 0.7}};
  double on_cpu[3], on_subject[3];
  for (const auto& [program, losses] :
       {std::pair{pair.cpu.get(), on_cpu}, {pair.subject.get(), on_subject}}) {
    program->set_slice(images, origin, along, origin);
    program->evaluate_slice(points, {losses, 3});
  }
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(on_subject[i], on_cpu[i], 1e-4 * on_cpu[i]) << i;

  // Of one image the values of the outputs, behind all layers.
  const int last = static_cast<int>(spec.layers.size());
  std::vector<float> one(static_cast<std::size_t>(spec.classes));
  pair.subject->activations(3, {&last, 1}, one);
  EXPECT_LT(nmse(one, std::span(expected).subspan(3 * one.size(), one.size())), kFp32);
}

}  // namespace
}  // namespace fl::test

// How the outputs hang on what the layers give: the subject's numbers are the CPU's, of images of the data
// set and of guests, and what is recorded and trained stays as it is.
#include "tests/gpu/parity_test.h"
#include "trainer/net/way_back.h"

namespace fl::test {
namespace {

class OutputGradients : public Parity {};

std::vector<float> gradient_of(Program& program, std::int32_t image, int layer,
                               std::span<const float> weights) {
  const NetSpec& spec = program.spec();
  const TensorShape shape =
      layer == NetSpec::kImage ? spec.input : layer_shapes(spec).value()[static_cast<std::size_t>(layer)];
  std::vector<float> out(shape.floats());
  program.output_gradient(image, layer, weights, out);
  return out;
}

TEST_F(OutputGradients, FollowTheCpu) {
  for (const NetSpec& spec : {mixed_net(), averaged_net(), residual_net(), margins_net(), parts_net(),
                              unfrozen_net(), dropout_net(), ct_small({1, 16, 16}, 3)}) {
    const Problem problem = make_problem(spec, 6, 8);
    const Pair pair(problem);
    const auto guest = std::span(problem.images).last(spec.input.floats());
    for (Program* program : {pair.cpu.get(), pair.subject.get()}) program->set_guests(guest);
    std::vector<float> weights(static_cast<std::size_t>(spec.classes), -0.5f);
    weights[1] = 1;
    for (const int layer : ends_of_ways_back(spec)) {
      SCOPED_TRACE(spec.name + ", layer " + std::to_string(layer));
      const auto found = gradient_of(*pair.subject, 2, layer, weights);
      EXPECT_LT(nmse(found, gradient_of(*pair.cpu, 2, layer, weights)), 100 * kFp32);
      EXPECT_EQ(gradient_of(*pair.subject, 6, layer, weights), gradient_of(*pair.subject, 5, layer, weights))
          << "a guest's are those of its like in the data set";
    }
  }
}

TEST_F(OutputGradients, LeaveRecordedStepsAsTheyAre) {
  const Problem problem = make_problem(residual_net(), 12, 8);
  auto asked = make_subject(problem.spec), left_alone = make_subject(problem.spec);
  load(*asked, problem);
  load(*left_alone, problem);
  const std::vector<float> weights = {1, 0, 0};
  for (int step = 0; step < 5; ++step) {
    gradient_of(*asked, step, *last_maps(problem.spec), weights);
    for (Program* program : {asked.get(), left_alone.get()}) program->train_step(first_images(6), 0.01);
  }
  EXPECT_EQ(params_of(*asked), params_of(*left_alone));
  EXPECT_EQ(statistics_of(*asked), statistics_of(*left_alone));
}

}  // namespace
}  // namespace fl::test

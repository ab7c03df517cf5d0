// How a network's outputs hang on what its layers give, against finite differences in double: the layers
// behind in plain loops.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_nets.h"
#include "trainer/compute/backend.h"
#include "trainer/net/networks.h"
#include "trainer/net/way_back.h"

namespace fl {
namespace {

using test::make_problem;
using test::Problem;
using test::ReferenceNet;
using test::widen;

constexpr std::int32_t kImage = 1;

struct Subject {
  Problem problem;
  std::unique_ptr<Program> program;
  std::vector<float> weights;  // of the outputs

  explicit Subject(const NetSpec& spec)
      : problem(make_problem(spec, 3, 31)), program(make_cpu_backend(2).value()->compile(spec, 3).value()) {
    RandomStream random(32, StreamId::kTest);
    std::vector<float> statistics(program->layout().statistic_floats);
    for (float& value : statistics) value = static_cast<float>(random.uniform(0.5, 2));
    for (int i = 0; i < spec.classes; ++i) weights.push_back(static_cast<float>(random.normal()));
    if (spec.outputs.empty()) {
      program->set_data(problem.images, problem.labels);
    } else {  // any labels do
      program->set_data(problem.images, std::vector<std::int32_t>(3, 0));
      program->set_targets(test::make_targets(spec, 3));
    }
    program->write_params(problem.params);
    program->write_statistics(statistics);
    program->set_optimizer({});
    program->set_seed(5);
  }
};

// The weighed outputs, of one image in plain loops.
class PlainOutputs {
 public:
  explicit PlainOutputs(const Subject& subject)
      : spec_(subject.problem.spec), net_(spec_), params_(widen(subject.problem.params)) {
    std::vector<float> statistics(subject.program->layout().statistic_floats);
    subject.program->read_statistics(statistics);
    net_.set_statistics(widen(statistics));
    const std::size_t floats = spec_.input.floats();
    image_ = widen(std::span(subject.problem.images).subspan(kImage * floats, floats));
    weights_ = widen(subject.weights);
  }
  [[nodiscard]] std::vector<double> values_of(int layer) {
    const auto& values = net_.forward(params_, image_);
    return layer == NetSpec::kImage ? image_ : values[static_cast<std::size_t>(layer)];
  }
  // With these in the place of what the layer gives.
  [[nodiscard]] double sum(int layer, std::span<const double> values) {
    const auto& all = net_.forward_from(layer, values, params_);
    double sum = 0;
    std::size_t next = 0;
    for (const int output : spec_.output_layers())
      for (const double value : all[static_cast<std::size_t>(output)]) sum += weights_[next++] * value;
    return sum;
  }

 private:
  NetSpec spec_;
  ReferenceNet net_;
  std::vector<double> params_, image_, weights_;
};

TEST(OutputGradient, MatchesFiniteDifferencesInDouble) {
  for (const NetSpec& spec :
       {test::mixed_net(), test::averaged_net(), test::residual_net(), test::margins_net(), test::parts_net(),
        test::unfrozen_net(), test::dropout_net(), test::several_outputs(), ct_small({1, 16, 16}, 3)}) {
    Subject subject(spec);
    PlainOutputs plain(subject);
    for (const int layer : test::ends_of_ways_back(spec)) {
      SCOPED_TRACE(spec.name + ", layer " + std::to_string(layer));
      std::vector<double> values = plain.values_of(layer);
      std::vector<float> gradient(values.size());
      subject.program->output_gradient(kImage, layer, subject.weights, gradient);
      // Of a large layer, some all over it. Where a ReLU or a pooling switches there is nothing to compare.
      const std::size_t stride = values.size() / 40 + 1;
      std::size_t smooth = 0, seen = 0;
      for (std::size_t i = 0; i < values.size(); i += stride) {
        constexpr double kStep = 1e-6;
        const double keep = values[i], middle = plain.sum(layer, values);
        values[i] = keep + kStep;
        const double up = plain.sum(layer, values);
        values[i] = keep - kStep;
        const double down = plain.sum(layer, values);
        values[i] = keep;
        ++seen;
        if (std::abs(up - 2 * middle + down) > 5e-11) continue;
        ++smooth;
        EXPECT_NEAR(gradient[i], (up - down) / (2 * kStep), 1e-4) << i;
      }
      EXPECT_GT(smooth * 2, seen);
    }
  }
}

// Weights, statistics and what comes next are what they would be had nobody asked.
TEST(OutputGradient, ChangesNothingThatIsTrained) {
  for (const NetSpec& spec : {test::residual_net(), test::dropout_net()}) {
    Subject asked(spec), left_alone(spec);
    const std::vector<std::int32_t> all = {0, 1, 2};
    for (int step = 0; step < 4; ++step) {
      std::vector<float> gradient(spec.input.floats());
      asked.program->output_gradient(step % 3, NetSpec::kImage, asked.weights, gradient);
      for (Subject* subject : {&asked, &left_alone}) subject->program->train_step(all, 0.01);
    }
    const ProgramState one = asked.program->save_state(), other = left_alone.program->save_state();
    EXPECT_EQ(one.params, other.params);
    EXPECT_EQ(one.statistics, other.statistics);
  }
}

// They are asked for anew with each look, so they follow the weights.
TEST(OutputGradient, IsOfTheWeightsOfTheMoment) {
  Subject subject(test::averaged_net());
  const std::vector<std::int32_t> all = {0, 1, 2};
  std::vector<float> before(subject.problem.spec.input.floats()), after = before;
  subject.program->output_gradient(0, NetSpec::kImage, subject.weights, before);
  subject.program->train_step(all, 0.05);
  subject.program->output_gradient(0, NetSpec::kImage, subject.weights, after);
  EXPECT_NE(before, after);
}

TEST(LastMaps, AreTheLastBeforeWhatPoolsThem) {
  const auto name = [](const NetSpec& spec) {
    const std::optional<int> layer = last_maps(spec);
    return layer ? spec.layers[static_cast<std::size_t>(*layer)].name : std::string("none");
  };
  EXPECT_EQ(name(test::averaged_net()), "r1");
  EXPECT_EQ(name(test::residual_net()), "b");
  EXPECT_EQ(name(test::mixed_net()), "r2");
  EXPECT_EQ(name(test::unfrozen_net()), "r");
  EXPECT_EQ(name(ct_small({1, 64, 64}, 2)), "relu4");
  EXPECT_EQ(name(mlp({1, 8, 8}, 2)), "none");
  EXPECT_EQ(name(dense_head({4, 7, 7}, {8}, 2)), "none");
}

}  // namespace
}  // namespace fl

// Frozen layers: the same network, of which training, moments and slices see only the rest.
#include "tests/gpu/parity_test.h"
#include "trainer/base/check.h"
#include "trainer/base/random.h"

namespace fl::test {
namespace {

class Frozen : public Parity {};

NetSpec freeze(NetSpec spec, const std::vector<std::string>& names) {
  for (LayerSpec& layer : spec.layers)
    if (std::ranges::find(names, layer.name) != names.end()) layer.frozen = true;
  return spec;
}

// The same problem with these layers frozen: every tensor keeps its values, wherever it lies now.
Problem freeze(const Problem& problem, const std::vector<std::string>& names) {
  Problem frozen = problem;
  frozen.spec = freeze(problem.spec, names);
  const ParamLayout from = ParamLayout::of(problem.spec), to = ParamLayout::of(frozen.spec);
  frozen.params.assign(to.all_floats, 0.0f);
  for (const ParamTensor& tensor : to.tensors)
    std::copy_n(problem.params.begin() + static_cast<std::ptrdiff_t>(from.find(tensor.name)->offset),
                tensor.count, frozen.params.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
  return frozen;
}

std::vector<float> values_of(const ParamTensor& tensor, std::span<const float> arena) {
  const auto values = arena.subspan(tensor.offset, tensor.count);
  return {values.begin(), values.end()};
}

std::vector<float> all_params_of(const Network& network) {
  std::vector<float> params(network.layout().all_floats);
  network.read_params(params);
  return params;
}

std::vector<float> noise(std::size_t floats, std::uint32_t which) {
  RandomStream random(3, StreamId::kTest, which);
  std::vector<float> values(floats);
  for (float& value : values) value = static_cast<float>(random.normal(0, 0.05));
  return values;
}

struct Case {
  NetSpec spec;
  std::vector<std::string> frozen;
};

// At the bottom, in the middle, on top, around a sum; no norm, whose freezing changes what the network
// computes.
std::vector<Case> cases() {
  return {{mixed_net(), {"c1"}},
          {mixed_net(), {"c1", "c2", "d1"}},
          {mixed_net(), {"c2"}},
          {mixed_net(), {"d2"}},
          {residual_net(), {"c0"}},
          {residual_net(), {"dw", "c2"}},
          {residual_net(), {"short", "d"}},
          {margins_net(), {"c0"}},
          {margins_net(), {"dw", "c2"}},
          {dropout_net(), {"c", "d1"}}};
}

TEST_F(Frozen, LieBehindTheRest) {
  const ParamLayout all = ParamLayout::of(mixed_net()),
                    some = ParamLayout::of(freeze(mixed_net(), {"c1", "d1"}));
  EXPECT_EQ(all.floats, all.all_floats);
  EXPECT_LT(some.floats, some.all_floats);
  EXPECT_EQ(some.all_floats, all.floats);
  EXPECT_EQ(some.parameters, all.parameters);
  ASSERT_EQ(some.tensors.size(), all.tensors.size());
  for (std::size_t t = 0; t < all.tensors.size(); ++t) {
    const ParamTensor& tensor = some.tensors[t];
    EXPECT_EQ(tensor.name, all.tensors[t].name) << "listed in their layers' order all the same";
    EXPECT_EQ(tensor.frozen, tensor.name.starts_with("c1") || tensor.name.starts_with("d1"));
    if (tensor.frozen)
      EXPECT_GE(tensor.offset, some.floats);
    else
      EXPECT_LE(tensor.offset + tensor.count, some.floats);
  }
  // The way back ends at c2, the first that is trained.
  EXPECT_EQ(some.differentiated, (std::vector<bool>{false, false, true, true, true, true, true, true}));
}

TEST_F(Frozen, TheRestHasTheGradientsItHadBefore) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.spec.name + " " + c.frozen.front());
    const Problem problem = make_problem(c.spec, 20, 2), frozen = freeze(problem, c.frozen);
    for (const bool on_cpu : {true, false}) {
      SCOPED_TRACE(on_cpu ? "CPU" : "subject");
      const auto whole = on_cpu ? cpu_program(c.spec) : make_subject(c.spec);
      const auto part = on_cpu ? cpu_program(frozen.spec) : make_subject(frozen.spec);
      load(*whole, problem);
      load(*part, frozen);
      EXPECT_EQ(whole->forward_backward(first_images(11)).loss,
                part->forward_backward(first_images(11)).loss);
      const auto expected = gradients_of(*whole), gradients = gradients_of(*part);
      for (const ParamTensor& tensor : part->layout().tensors) {
        if (tensor.frozen) continue;
        EXPECT_EQ(values_of(tensor, gradients), values_of(*whole->layout().find(tensor.name), expected))
            << tensor.name;
      }
    }
  }
}

TEST_F(Frozen, KeepTheirBytesAndTheRestLearns) {
  std::vector<Case> all = cases();
  all.push_back({residual_net(), {"c0", "n0", "n1"}});  // norms
  for (const Case& c : all) {
    SCOPED_TRACE(c.spec.name + " " + c.frozen.front());
    const Problem problem = freeze(make_problem(c.spec, 20, 2), c.frozen);
    for (const bool on_cpu : {true, false}) {
      SCOPED_TRACE(on_cpu ? "CPU" : "subject");
      const auto make = [&] {
        auto program = on_cpu ? cpu_program(problem.spec) : make_subject(problem.spec);
        load(*program, problem);
        OptimizerSpec optimizer;
        optimizer.weight_decay = 0.01;
        program->set_optimizer(optimizer);
        return program;
      };
      const auto program = make(), resumed = make();
      const auto statistics = statistics_of(*program);
      for (std::int32_t step = 0; step < 4; ++step) program->train_step(first_images(8, step), 0.01);
      const auto params = all_params_of(*program), after = statistics_of(*program);
      for (const ParamTensor& tensor : program->layout().tensors) {
        const bool same = values_of(tensor, params) == values_of(tensor, problem.params);
        EXPECT_EQ(same, tensor.frozen) << tensor.name;
      }
      for (const ParamTensor& tensor : program->layout().statistics)
        EXPECT_EQ(values_of(tensor, after) == values_of(tensor, statistics), tensor.frozen) << tensor.name;

      const ProgramState state = program->save_state();
      EXPECT_EQ(state.params, params);
      for (const auto& array : state.optimizer_arrays) EXPECT_EQ(array.size(), program->layout().floats);
      resumed->restore_state(state);
      for (std::int32_t step = 4; step < 8; ++step) {
        program->train_step(first_images(8, step), 0.01);
        resumed->train_step(first_images(8, step), 0.01);
      }
      EXPECT_EQ(all_params_of(*resumed), all_params_of(*program));
      EXPECT_EQ(statistics_of(*resumed), statistics_of(*program));
    }
  }
}

// A norm that is frozen is a scale and a shift of each channel, as a depthwise 1 x 1 convolution is.
TEST_F(Frozen, ANormIsTheMapOfItsRunningStatistics) {
  NetSpec norm{"norm", {2, 6, 6}, 3, {}};
  norm.layers = {{.kind = LayerKind::kConvolution, .name = "c", .out_channels = 4, .kernel = 3, .padding = 1},
                 {.kind = LayerKind::kBatchNorm, .name = "n", .frozen = true},
                 {.kind = LayerKind::kRelu, .name = "r"},
                 {.kind = LayerKind::kGlobalAveragePool, .name = "g"},
                 {.kind = LayerKind::kDense, .name = "d", .out_channels = 3}};
  NetSpec map = norm;
  map.layers[1] = {.kind = LayerKind::kDepthwise, .name = "n", .kernel = 1, .frozen = true};
  const Problem problem = make_problem(norm, 20, 2);
  const ParamLayout from = ParamLayout::of(norm), to = ParamLayout::of(map);
  const std::vector<float> mean{0.3f, -0.2f, 0.1f, 0.5f}, variance{0.5f, 2.0f, 1.5f, 0.8f};
  std::vector<float> statistics(from.statistic_floats, 0.0f);
  std::ranges::copy(mean, statistics.begin() + static_cast<std::ptrdiff_t>(from.find("n.mean")->offset));
  std::ranges::copy(variance,
                    statistics.begin() + static_cast<std::ptrdiff_t>(from.find("n.variance")->offset));
  Problem mapped{map, std::vector<float>(to.all_floats), problem.images, problem.labels};
  ASSERT_EQ(from.floats, to.floats);
  std::copy_n(problem.params.begin(), from.floats, mapped.params.begin());
  const auto scale = values_of(*from.find("n.scale"), problem.params);
  const auto shift = values_of(*from.find("n.shift"), problem.params);
  for (std::size_t c = 0; c < 4; ++c) {
    const float factor = scale[c] / std::sqrt(variance[c] + 1e-5f);
    mapped.params[to.find("n.weight")->offset + c] = factor;
    mapped.params[to.find("n.bias")->offset + c] = shift[c] - mean[c] * factor;
  }
  for (const bool on_cpu : {true, false}) {
    SCOPED_TRACE(on_cpu ? "CPU" : "subject");
    const auto a = on_cpu ? cpu_program(norm) : make_subject(norm);
    const auto b = on_cpu ? cpu_program(map) : make_subject(map);
    load(*a, problem);
    a->write_statistics(statistics);
    load(*b, mapped);
    EXPECT_NEAR(a->forward_backward(first_images(8)).loss, b->forward_backward(first_images(8)).loss, 1e-6);
    EXPECT_LT(nmse(gradients_of(*a), gradients_of(*b)), kFp32);
    for (std::int32_t step = 0; step < 3; ++step) a->train_step(first_images(8, step), 0.001);
    EXPECT_EQ(statistics_of(*a), statistics);
    // Nothing is re-estimated: an image's loss never depends on the others.
    EXPECT_NEAR(a->evaluate(first_images(20), {}, NormStatistics::kReestimated).batch.loss,
                a->evaluate(first_images(20), {}, NormStatistics::kRunning).batch.loss, 1e-6);
  }
}

TEST_F(Frozen, SlicesMoveTheRestAlone) {
  std::vector<Case> all = cases();
  all.push_back({residual_net(), {"n0", "c2"}});
  for (const Case& c : all) {
    SCOPED_TRACE(c.spec.name + " " + c.frozen.front());
    const Problem problem = freeze(make_problem(c.spec, 20, 2), c.frozen);
    const auto probe = first_images(17);
    for (const bool on_cpu : {true, false}) {
      SCOPED_TRACE(on_cpu ? "CPU" : "subject");
      const auto program = on_cpu ? cpu_program(problem.spec) : make_subject(problem.spec);
      load(*program, problem);
      const std::size_t floats = program->layout().floats;
      const auto origin = params_of(*program), d1 = noise(floats, 1), d2 = noise(floats, 2);
      ASSERT_EQ(origin.size(), floats);
      program->set_slice(probe, origin, d1, d2);
      const std::vector<SlicePoint> points{{0, 0}, {1, 0}, {0.5, -2}};
      std::vector<double> losses(points.size());
      program->evaluate_slice(points, losses);
      for (std::size_t p = 0; p < points.size(); ++p) {
        std::vector<float> moved = origin;
        for (std::size_t i = 0; i < floats; ++i)
          moved[i] += static_cast<float>(points[p].a) * d1[i] + static_cast<float>(points[p].b) * d2[i];
        program->write_params(moved);
        EXPECT_NEAR(losses[p], program->evaluate(probe, {}, NormStatistics::kReestimated).batch.loss, 2e-5)
            << p;
      }
      EXPECT_NE(losses[0], losses[1]);
    }
  }
}

// A whole backbone: nothing is left to train, and all of it to look with.
TEST_F(Frozen, ANetworkWithoutAnyTrainedLayerEvaluates) {
  const Problem problem = make_problem(mixed_net(), 10, 2);
  const Problem frozen = freeze(problem, {"c1", "c2", "d1", "d2"});
  for (const bool on_cpu : {true, false}) {
    SCOPED_TRACE(on_cpu ? "CPU" : "subject");
    const auto whole = on_cpu ? cpu_program(problem.spec) : make_subject(problem.spec);
    const auto part = on_cpu ? cpu_program(frozen.spec) : make_subject(frozen.spec);
    load(*whole, problem);
    part->write_params(frozen.params);
    part->set_guests(problem.images);
    EXPECT_EQ(part->layout().floats, 0u);
    std::vector<float> expected(30), probabilities(30);
    whole->evaluate(first_images(10), expected);
    part->evaluate(first_images(10), probabilities);
    EXPECT_EQ(probabilities, expected);
    part->set_data(frozen.images, frozen.labels);
    EXPECT_THROW(part->forward_backward(first_images(4)), CheckFailure);
  }
}

}  // namespace
}  // namespace fl::test

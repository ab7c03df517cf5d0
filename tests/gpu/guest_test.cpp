// Images from outside of the data set: on the device and on the CPU what the data set's own would be, and
// nobody's matter but the one's who looks at them.
#include "tests/gpu/parity_test.h"
#include "trainer/base/check.h"

namespace fl::test {
namespace {

// Each has its own numbers; that a guest's are its own holds to the bit in both.
class Guests : public Parity {
 protected:
  template <typename F>
  static void on_each(const NetSpec& spec, F test) {
    for (const bool on_cpu : {true, false}) {
      SCOPED_TRACE(on_cpu ? "CPU" : "subject");
      test([&] { return on_cpu ? cpu_program(spec) : make_subject(spec); });
    }
  }
};

std::vector<float> pixels_of(const Problem& problem, const std::vector<std::size_t>& images) {
  const std::size_t floats = problem.spec.input.floats();
  std::vector<float> pixels;
  for (const std::size_t image : images)
    pixels.insert(pixels.end(), problem.images.begin() + static_cast<std::ptrdiff_t>(image * floats),
                  problem.images.begin() + static_cast<std::ptrdiff_t>((image + 1) * floats));
  return pixels;
}

std::vector<float> probabilities_of(Evaluator& network, const std::vector<std::int32_t>& images) {
  std::vector<float> probabilities(images.size() * static_cast<std::size_t>(network.spec().classes));
  network.evaluate(images, probabilities);
  return probabilities;
}

std::vector<float> activations_of(Program& program, std::int32_t image) {
  const NetSpec& spec = program.spec();
  std::vector<int> layers{-1};
  std::size_t floats = spec.input.floats() + static_cast<std::size_t>(spec.classes);
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  for (const TensorShape& shape : shapes) {
    layers.push_back(static_cast<int>(layers.size()) - 1);
    floats += shape.floats();
  }
  layers.push_back(static_cast<int>(spec.layers.size()));
  std::vector<float> out(floats);
  program.activations(image, layers, out);
  return out;
}

TEST_F(Guests, AreSeenAsTheirLikeInTheDataSet) {
  for (const NetSpec& spec : {mixed_net(), residual_net()}) {
    SCOPED_TRACE(spec.name);
    const Problem problem = make_problem(spec, 20, 2);
    on_each(spec, [&](const auto& make) {
      const auto program = make();
      load(*program, problem);
      program->set_guests(pixels_of(problem, {3, 7}));
      EXPECT_EQ(probabilities_of(*program, {20, 21}), probabilities_of(*program, {3, 7}));
      EXPECT_EQ(probabilities_of(*program, {7, 21, 0, 20}), probabilities_of(*program, {7, 7, 0, 3}));
      EXPECT_NE(probabilities_of(*program, {20}), probabilities_of(*program, {21}))
          << "they are told apart at all";
      EXPECT_EQ(activations_of(*program, 20), activations_of(*program, 3));
      EXPECT_EQ(activations_of(*program, 21), activations_of(*program, 7));
      // Replaced: by as many, by more, by fewer.
      for (const auto& images : {std::vector<std::size_t>{5, 1}, {2, 4, 6, 8, 10}, {19}}) {
        program->set_guests(pixels_of(problem, images));
        for (std::size_t i = 0; i < images.size(); ++i) {
          const auto guest = static_cast<std::int32_t>(20 + i), own = static_cast<std::int32_t>(images[i]);
          EXPECT_EQ(probabilities_of(*program, {guest}), probabilities_of(*program, {own}));
          EXPECT_EQ(activations_of(*program, guest), activations_of(*program, own));
        }
        EXPECT_THROW(probabilities_of(*program, {static_cast<std::int32_t>(20 + images.size())}),
                     CheckFailure);
      }
    });
  }
}

// Weights from a file and an image: no data set at all.
TEST_F(Guests, NeedNoDataSet) {
  const Problem problem = make_problem(mixed_net(), 6, 2);
  on_each(problem.spec, [&](const auto& make) {
    const auto alone = make(), with_data = make();
    load(*with_data, problem);
    alone->write_params(problem.params);
    alone->set_guests(problem.images);
    EXPECT_EQ(probabilities_of(*alone, first_images(6)), probabilities_of(*with_data, first_images(6)));
    EXPECT_EQ(activations_of(*alone, 4), activations_of(*with_data, 4));
  });
}

// A backbone's embeddings: of guests as of images of the data set, in lists longer than a pass.
TEST_F(Guests, OutputsAreThoseOfTheLastLayer) {
  for (const NetSpec& spec : {mixed_net(), residual_net(), margins_net(), parts_net()}) {
    const Problem problem = make_problem(spec, 20, 2);
    const auto classes = static_cast<std::size_t>(spec.classes);
    const std::vector<int> last{static_cast<int>(spec.layers.size()) - 1};
    Pair pair(problem, {.pass_bytes = 4 * 80'000});
    for (Program* program : {pair.cpu.get(), pair.subject.get()}) {
      SCOPED_TRACE(spec.name + (program == pair.cpu.get() ? ", CPU" : ", subject"));
      program->set_guests(pixels_of(problem, {7, 3}));
      std::vector<std::int32_t> images = first_images(20);
      images.insert(images.end(), {20, 21, 7, 3});
      std::vector<float> outputs(images.size() * classes), alone(classes), shown(classes);
      program->outputs(images, outputs);
      for (std::size_t i = 0; i < images.size(); ++i) {
        const auto own = std::span<const float>(outputs).subspan(i * classes, classes);
        program->outputs({&images[i], 1}, alone);
        EXPECT_TRUE(std::ranges::equal(own, alone)) << i;
        program->activations(images[i], last, shown);
        EXPECT_LT(nmse(own, shown), kFp32) << i;
      }
      const auto row = [&](std::size_t i) {
        return std::vector<float>(outputs.begin() + static_cast<std::ptrdiff_t>(i * classes),
                                  outputs.begin() + static_cast<std::ptrdiff_t>((i + 1) * classes));
      };
      EXPECT_EQ(row(20), row(22));
      EXPECT_EQ(row(21), row(23));
      EXPECT_NE(row(20), row(21));
    }
  }
}

// A network of which nothing is trained, and no data set.
TEST_F(Guests, AFrozenNetworkGivesItsOutputs) {
  Problem problem = make_problem(margins_net(), 9, 2);
  const ParamLayout from = ParamLayout::of(problem.spec);
  for (LayerSpec& layer : problem.spec.layers) layer.frozen = true;
  const ParamLayout to = ParamLayout::of(problem.spec);
  ASSERT_EQ(to.floats, 0u);
  std::vector<float> params(to.all_floats, 0.0f);
  for (const ParamTensor& tensor : to.tensors)
    std::copy_n(problem.params.begin() + static_cast<std::ptrdiff_t>(from.find(tensor.name)->offset),
                tensor.count, params.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
  const auto trained = cpu_program(margins_net());
  trained->write_params(problem.params);
  trained->set_guests(problem.images);
  std::vector<float> expected(27), outputs(27);
  trained->outputs(first_images(9), expected);
  on_each(problem.spec, [&](const auto& make) {
    const auto program = make();
    program->write_params(params);
    program->set_guests(problem.images);
    program->outputs(first_images(9), outputs);
    EXPECT_LT(nmse(outputs, expected), kFp32);
  });
}

TEST_F(Guests, ChangeNothingThatIsTrained) {
  const NetSpec spec = residual_net();
  const Problem problem = make_problem(spec, 20, 2);
  const std::vector<float> none(problem.params.size(), 0.0f);
  const SlicePoint point{0.5, 0.25};
  on_each(spec, [&](const auto& make) {
    const auto visited = make(), alone = make();
    for (Program* program : {visited.get(), alone.get()}) {
      load(*program, problem);
      program->set_augmentation({.flip = true, .rotate = 10, .shift = 0.1});
      program->set_slice(first_images(20), problem.params, none, none);
    }
    for (std::int32_t step = 0; step < 6; ++step) {
      visited->set_guests(step % 3 == 2 ? std::vector<float>()
                                        : pixels_of(problem, {static_cast<std::size_t>(step)}));
      if (step % 3 != 2) {
        probabilities_of(*visited, {20, 4});
        activations_of(*visited, 20);
      }
      const auto batch = first_images(8, step);
      const StepResult a = visited->train_step(batch, 0.001), b = alone->train_step(batch, 0.001);
      EXPECT_EQ(a.batch.loss, b.batch.loss);
      EXPECT_EQ(a.update_norm, b.update_norm);
      double here = 0, there = 1;
      visited->evaluate_slice({&point, 1}, {&here, 1});
      alone->evaluate_slice({&point, 1}, {&there, 1});
      EXPECT_EQ(here, there);
    }
    const ProgramState a = visited->save_state(), b = alone->save_state();
    EXPECT_EQ(a.params, b.params);
    EXPECT_EQ(a.statistics, b.statistics);
    EXPECT_EQ(a.optimizer_arrays, b.optimizer_arrays);
    EXPECT_EQ(a.updates, b.updates);
  });
}

TEST_F(Guests, AreLookedAtAndNoMore) {
  const Problem problem = make_problem(mixed_net(), 10, 2);
  on_each(problem.spec, [&](const auto& make) {
    const auto program = make();
    load(*program, problem);
    program->set_guests(pixels_of(problem, {0, 1}));
    const std::vector<std::int32_t> with_guest{0, 10};
    EXPECT_THROW(program->train_step(with_guest, 0.001), CheckFailure);
    EXPECT_THROW(program->forward_backward(with_guest), CheckFailure);
    EXPECT_THROW(program->set_slice(with_guest, problem.params, problem.params, problem.params),
                 CheckFailure);
    const std::vector<float> half(problem.spec.input.floats() / 2);
    EXPECT_THROW(program->set_guests(half), CheckFailure);
    EXPECT_EQ(probabilities_of(*program, {11}), probabilities_of(*program, {1})) << "as before";
    // Another data set has another end, behind which the guests would be: they go.
    program->set_data(problem.images, problem.labels);
    EXPECT_THROW(probabilities_of(*program, {10}), CheckFailure);
  });
}

}  // namespace
}  // namespace fl::test

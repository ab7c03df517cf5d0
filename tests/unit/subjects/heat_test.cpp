// Where a network looks, against its definition with finite differences in double, and in a frame.
#include "trainer/subjects/heat/heat.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_training.h"
#include "trainer/net/way_back.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::PlainRing;
using test::ReferenceNet;
using test::small_spec;

TEST(GradCam, WeighsChannelsByTheMeanOfTheirGradientAndDropsWhatSpeaksAgainst) {
  const TensorShape shape{2, 1, 3};
  const std::vector<float> maps = {1, 2, 0, 0, 5, 1}, gradient = {3, 0, 0, -1, -1, -1};
  // Weights 1 and -1: 1, -3, -1.
  EXPECT_EQ(grad_cam(maps, gradient, shape), (std::vector<float>{1, 0, 0}));
  const std::vector<float> twice = {6, 0, 0, 1.5F, 1.5F, 1.5F};
  // Weights 2 and 1.5: 2, 11.5, 1.5.
  const auto heat = grad_cam(maps, twice, shape);
  EXPECT_FLOAT_EQ(heat[0], 2 / 11.5F);
  EXPECT_FLOAT_EQ(heat[1], 1);
  EXPECT_FLOAT_EQ(heat[2], 1.5F / 11.5F);
}

TEST(GradCam, IsNothingWhereNothingSpeaksForTheClass) {
  const TensorShape shape{1, 2, 2};
  const std::vector<float> maps = {1, 2, 3, 4}, against = {-1, -1, -1, -1}, nothing(4);
  EXPECT_EQ(grad_cam(maps, against, shape), nothing);
  EXPECT_EQ(grad_cam(nothing, against, shape), nothing);
  EXPECT_EQ(grad_cam(maps, std::vector<float>(4, NAN), shape), nothing);
}

// By its definition: each channel of the last maps moved as a whole, in the plain loops of the layers behind.
std::vector<float> plain_heat(Training& training, std::size_t image, std::int32_t of) {
  const NetSpec& spec = training.program().spec();
  ReferenceNet net(spec);
  std::vector<float> weights(training.program().layout().all_floats), pixels(spec.input.floats());
  training.program().read_params(weights);
  training.program().activations(static_cast<std::int32_t>(image), std::vector<int>{NetSpec::kImage}, pixels);
  const std::vector<double> params(weights.begin(), weights.end()), input(pixels.begin(), pixels.end());
  const int layer = *last_maps(spec);
  const TensorShape shape = layer_shapes(spec).value()[static_cast<std::size_t>(layer)];
  const std::vector<double> maps = net.forward(params, input)[static_cast<std::size_t>(layer)];
  const std::size_t area = shape.floats() / static_cast<std::size_t>(shape.channels);
  std::vector<double> sum(area);
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c) {
    constexpr double kStep = 1e-6;
    const auto logit = [&](double step) {
      std::vector<double> moved = maps;
      for (std::size_t p = 0; p < area; ++p) moved[c * area + p] += step;
      return net.forward_from(layer, moved, params).back()[static_cast<std::size_t>(of)];
    };
    // One-sided: behind a ReLU many values are 0, where a pooling switches.
    const double weight = (logit(kStep) - logit(0)) / kStep / static_cast<double>(area);
    for (std::size_t p = 0; p < area; ++p) sum[p] += weight * maps[c * area + p];
  }
  const double largest = *std::ranges::max_element(sum);
  std::vector<float> heat;
  for (const double value : sum)
    heat.push_back(largest > 0 ? static_cast<float>(std::max(value, 0.0) / largest) : 0.0F);
  return heat;
}

TEST(Heat, OfATrainingIsWhatItsDefinitionSays) {
  const auto training = make_training(small_spec());
  for (int step = 0; step < 9; ++step) training->step();
  HeatSource source(*training);
  ASSERT_TRUE(source.shape());
  EXPECT_EQ(*source.shape(), (TensorShape{64, 2, 2})) << "before the last pooling";
  int lit = 0;
  for (const std::int32_t image : {0, 5, 17})
    for (const std::int32_t of : {0, 1}) {
      const HeatSource::Heat heat = source.look(image, 0, {}, of);
      EXPECT_EQ(heat.of, of);
      const std::vector<float> plain = plain_heat(*training, static_cast<std::size_t>(image), of);
      ASSERT_EQ(heat.values.size(), plain.size());
      for (std::size_t p = 0; p < plain.size(); ++p) {
        EXPECT_NEAR(heat.values[p], plain[p], 2e-3) << "image " << image << ", class " << of << ", " << p;
        lit += plain[p] > 0.5F ? 1 : 0;
      }
    }
  EXPECT_GE(lit, 3) << "nothing was compared";
}

TEST(Heat, IsShownWhenItIsAskedForAndOfTheClassThatIsMeant) {
  RunSpec spec = small_spec();
  TrainingSubject subject(make_training(spec));
  PlainRing ring(subject.capacity());
  const auto shown = [&] {
    EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
    return *ring.read();
  };
  auto frame = shown();
  EXPECT_TRUE(frame.facts.has_heat);
  EXPECT_EQ(frame.header.heat_width, 0U);
  EXPECT_EQ(frame.facts.heat_class, -1);
  subject.apply(command::ShowHeat{.on = true});
  frame = shown();
  EXPECT_EQ(frame.header.heat_width, 2U);
  EXPECT_EQ(frame.header.heat_height, 2U);
  EXPECT_EQ(frame.facts.heat_class, static_cast<std::int32_t>(frame.header.image_prediction));
  const std::int32_t other = 1 - frame.facts.heat_class;
  subject.apply(command::ShowHeat{.on = true, .of = other});
  frame = shown();
  EXPECT_EQ(frame.facts.heat_class, other);
  HeatSource source(*subject.training());
  const HeatSource::Heat& heat = source.look(subject.writer().shown_image(), 0, {}, other);
  EXPECT_TRUE(std::ranges::equal(frame.slot.heat().first(4), heat.values));
  // It follows the weights; a class that there is not is the most probable one.
  const std::vector<float> before = heat.values;
  while (subject.step()) continue;
  frame = shown();
  EXPECT_FALSE(std::ranges::equal(frame.slot.heat().first(4), before));
  subject.apply(command::ShowHeat{.on = true, .of = 9});
  frame = shown();
  EXPECT_EQ(frame.facts.heat_class, static_cast<std::int32_t>(frame.header.image_prediction));
  subject.apply(command::ShowHeat{});
  EXPECT_EQ(shown().header.heat_width, 0U);
}

TEST(Heat, OfAnImageFromOutsideIsItsOwn) {
  TrainingSubject subject(make_training(small_spec()));
  subject.apply(command::ShowHeat{.on = true, .of = 0});
  for (int step = 0; step < 9; ++step) subject.step();
  PlainRing ring(subject.capacity());
  std::vector<std::vector<float>> heats;
  for (const int image : {0, 7, 0}) {
    std::vector<float> pixels(subject.training()->image_shape().floats());
    subject.training()->program().activations(image, std::vector<int>{NetSpec::kImage}, pixels);
    subject.apply(command::show_pixels({"guest", pixels}));
    EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
    const auto frame = ring.read();
    heats.emplace_back(frame->slot.heat().begin(), frame->slot.heat().end());
  }
  EXPECT_NE(heats[0], heats[1]);
  EXPECT_EQ(heats[0], heats[2]);
}

TEST(Heat, ThereIsNoneOfANetworkWithoutMaps) {
  TrainingSubject subject(make_training(test::linear_spec()));
  PlainRing ring(subject.capacity());
  subject.apply(command::ShowHeat{.on = true});
  EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = ring.read();
  EXPECT_FALSE(frame->facts.has_heat);
  EXPECT_EQ(frame->header.heat_width, 0U);
}

}  // namespace
}  // namespace fl

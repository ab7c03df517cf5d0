// Where a network on a backbone looks: through head, standardisation and backbone, against the head in plain
// loops. The export's numbers are the means of its last maps, so a map's weight is the number's, by the area.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/reference_net.h"
#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/backbone/features_head.h"
#include "trainer/files/open_backbone.h"
#include "trainer/net/way_back.h"
#include "trainer/subjects/heat/heat.h"

namespace fl {
namespace {

using test::PlainRing;

class HeatOfTransfer : public test::TransferScene {
 protected:
  // Of the maps of an image, by the head's logits at its numbers.
  static std::vector<float> plain_heat(Training& training, std::span<const float> maps,
                                       const TensorShape& shape, std::int32_t of) {
    const std::size_t channels = static_cast<std::size_t>(shape.channels), area = maps.size() / channels;
    std::vector<double> numbers(channels);
    for (std::size_t k = 0; k < channels; ++k)
      for (std::size_t p = 0; p < area; ++p)
        numbers[k] += static_cast<double>(maps[k * area + p]) / static_cast<double>(area);
    test::ReferenceNet head(training.program().spec());
    std::vector<float> weights(training.program().layout().all_floats);
    training.program().read_params(weights);
    const std::vector<double> params(weights.begin(), weights.end());
    const auto logit = [&](std::size_t moved, double step) {
      std::vector<double> input = numbers;
      input[moved] += step;
      return head.forward(params, input).back()[static_cast<std::size_t>(of)];
    };
    std::vector<float> gradient(maps.size());
    for (std::size_t k = 0; k < channels; ++k) {
      constexpr double kStep = 1e-6;
      const double slope = (logit(k, kStep) - logit(k, -kStep)) / (2 * kStep);
      std::fill_n(gradient.begin() + static_cast<std::ptrdiff_t>(k * area), area,
                  static_cast<float>(slope / static_cast<double>(area)));
    }
    return grad_cam(maps, gradient, shape);
  }
};

TEST_F(HeatOfTransfer, GoesThroughHeadAndBackbone) {
  auto opened = open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  TrainingSubject subject(*std::move(opened));
  Training& training = *subject.training();
  for (int step = 0; step < 6; ++step) subject.step();
  const auto shape = training.embedder()->last_maps();
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->channels, 6);
  PlainRing ring(subject.capacity());
  int compared = 0;
  for (const std::int32_t image : {2, 3}) {
    const std::vector<float> pixels = pixels_of(
        training, test::slurp(folder_ / ("set/" + training.data().names[static_cast<std::size_t>(image)])));
    std::vector<float> maps(shape->floats()), unused(shape->floats());
    const std::vector<float> nothing(training.embedder()->floats());
    training.embedder()->explain(pixels, nothing, maps, unused);
    for (const std::int32_t of : {0, 1}) {
      const std::vector<float> plain = plain_heat(training, maps, *shape, of);
      subject.apply(command::ShowHeat{.on = true, .of = of});
      const auto shown = show(subject, ring, command::ShowImage{image});
      EXPECT_EQ(shown.facts.heat_class, of);
      ASSERT_EQ(shown.header.heat_width * shown.header.heat_height, plain.size());
      const auto frame = ring.read();
      for (std::size_t p = 0; p < plain.size(); ++p) {
        EXPECT_NEAR(frame->slot.heat()[p], plain[p], 2e-3) << p;
        compared += plain[p] > 0 ? 1 : 0;
      }
      // The same from its file, as a guest.
      EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
      const auto guest = show(subject, ring, command::show_pixels({"guest", pixels}));
      EXPECT_EQ(guest.header.heat_width, shown.header.heat_width);
      const auto again = ring.read();
      for (std::size_t p = 0; p < plain.size(); ++p) EXPECT_NEAR(again->slot.heat()[p], plain[p], 2e-3) << p;
    }
  }
  EXPECT_GT(compared, 10) << "nothing was compared";
}

// Our own backbone's numbers come from several of its layers and are standardised: the same as of head,
// standardisation and backbone in one network.
TEST_F(HeatOfTransfer, IsThatOfOneNetworkWithAllInIt) {
  const std::filesystem::path file =
      std::filesystem::path(FALLLINE_SOURCE_DIR) / "assets/backbone.safetensors";
  auto opened = open({"network.backbone=" + file.string()});
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  Training& training = **opened;
  for (int step = 0; step < 6; ++step) training.step();
  std::vector<float> head(training.program().layout().all_floats);
  training.program().read_params(head);
  const KnownNetwork backbone = open_backbone(file.string()).value();
  const KnownNetwork joined = head_on_outputs(with_standardised_outputs(backbone, training.standardisation()),
                                              {training.program().spec(), head});
  auto whole = make_cpu_backend(1).value()->compile(joined.spec, 1).value();
  whole->write_params(joined.params);
  HeatSource source(training);
  const int layer = *last_maps(joined.spec);
  for (const std::int32_t image : {2, 3}) {
    const std::vector<float> pixels = pixels_of(
        training, test::slurp(folder_ / ("set/" + training.data().names[static_cast<std::size_t>(image)])));
    std::vector<float> scaled = pixels;
    for (float& value : scaled) value = (value + 1) * static_cast<float>(127.5 / backbone.half_range) - 1;
    whole->set_guests(scaled);
    for (const std::int32_t of : {0, 1}) {
      std::vector<float> logits(2), maps(source.shape()->floats()), gradient(maps.size());
      logits[static_cast<std::size_t>(of)] = 1;
      whole->activations(0, {&layer, 1}, maps);
      whole->output_gradient(0, layer, logits, gradient);
      const std::vector<float> plain = grad_cam(maps, gradient, *source.shape());
      const HeatSource::Heat& heat = source.look(image, 0, pixels, of);
      ASSERT_EQ(heat.values.size(), plain.size());
      for (std::size_t p = 0; p < plain.size(); ++p) EXPECT_NEAR(heat.values[p], plain[p], 2e-3) << p;
    }
  }
}

}  // namespace
}  // namespace fl

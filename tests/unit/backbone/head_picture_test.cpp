// Which pictures the program's own backbone can know: drawn heads of all kinds, and nothing else.
#include "trainer/backbone/head_picture.h"

#include <cmath>

#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/base/random.h"
#include "trainer/pretraining/examples.h"

namespace fl {
namespace {

constexpr int kSide = kPhantomImageSize;
constexpr TensorShape kShape{3, kSide, kSide};
using Pixels = std::vector<float>;

// `shade`: (x, y, channel), x and y from -1 to 1, to brightness from 0 to 1.
template <typename Shade>
Pixels drawn(const Shade& shade) {
  Pixels pixels;
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x)
        pixels.push_back(2 * static_cast<float>(shade(2.0 * x / kSide - 1, 2.0 * y / kSide - 1, c)) - 1);
  return pixels;
}

std::size_t heads_among(const Dataset& data) {
  std::size_t heads = 0;
  for (std::size_t i = 0; i < data.size(); ++i) heads += looks_like_head(data.image(i), data.shape);
  return heads;
}

TEST(HeadPicture, ThePhantomsOfTheLessonsAreHeads) {
  DataSpec spec{.image_size = kSide, .channels = 3, .standardise = false, .phantom_counts = {20, 20}};
  const auto share = [&] {
    const auto data = load_dataset(spec, {}, 3);
    EXPECT_TRUE(data.ok()) << data.error().message;
    return static_cast<double>(heads_among(*data)) / static_cast<double>(data->size());
  };
  for (const HuWindow& window : {kBrainWindow, kSubduralWindow, kBoneWindow}) {
    spec.window = window;
    EXPECT_GE(share(), 0.9) << window.width;
  }
  spec.window = kBrainWindow;
  spec.colour_range = HuRange{50, 90};
  EXPECT_GE(share(), 0.9);
}

TEST(HeadPicture, SoAreMostOfTheVariedOnes) {
  constexpr std::size_t kCount = 60;
  const Examples examples = make_examples(11, 0, kCount, 2);
  std::size_t heads = 0;
  for (std::size_t i = 0; i < kCount; ++i)
    heads +=
        looks_like_head(std::span(examples.pixels).subspan(i * kShape.floats(), kShape.floats()), kShape);
  EXPECT_GE(heads, kCount * 3 / 4);
}

TEST(HeadPicture, NothingElseIs) {
  RandomStream random(5, StreamId::kPhantom);
  const auto far = [](double x, double y) { return std::hypot(x, y); };
  const std::pair<const char*, Pixels> others[] = {
      {"black", drawn([](double, double, int) { return 0.0; })},
      {"white", drawn([](double, double, int) { return 1.0; })},
      {"noise", drawn([&](double, double, int) { return random.uniform(); })},
      {"stripes", drawn([](double x, double, int) { return 0.5 + 0.5 * std::sin(20 * x); })},
      {"a gradient", drawn([](double, double y, int) { return 0.5 + 0.5 * y; })},
      {"a red disc", drawn([&](double x, double y, int c) { return far(x, y) < 0.6 && c == 0 ? 0.9 : 0.0; })},
      {"a green box", drawn([](double x, double y, int c) {
         return std::abs(x) < 0.5 && std::abs(y) < 0.7 && c == 1 ? 0.8 : 0.0;
       })},
      {"a disc on white",
       drawn([&](double x, double y, int c) { return far(x, y) < 0.6 && c != 2 ? 0.2 : 1.0; })},
      {"a bare ring",
       drawn([&](double x, double y, int) { return std::abs(far(x, y) - 0.6) < 0.05 ? 1.0 : 0.0; })},
      {"half a rim", drawn([&](double x, double y, int) {
         const double r = far(x, y);
         return r > 0.65 ? 0.0 : r > 0.55 && x > 0 ? 1.0 : 0.3;
       })},
      {"a lamp", drawn([&](double x, double y, int) { return std::exp(-4 * far(x, y) * far(x, y)); })},
      {"a face before a wall", drawn([&](double x, double y, int c) {
         if (far(1.3 * x, y) > 0.6) return 0.55 - 0.1 * y;
         return far(std::abs(x) - 0.2, y + 0.1) < 0.07 ? 0.1 : 0.8 - 0.15 * c;
       })},
      {"a face in the dark", drawn([&](double x, double y, int c) {
         return far(1.3 * x, y) > 0.6 ? 0.03 : 0.6 + 0.3 * x - 0.1 * c;
       })}};
  for (const auto& [name, pixels] : others) EXPECT_FALSE(looks_like_head(pixels, kShape)) << name;
  // The same measure finds the plainest head.
  EXPECT_TRUE(looks_like_head(drawn([&](double x, double y, int) {
                                const double r = far(1.2 * x, y);
                                return r > 0.7 ? 0.0 : r > 0.6 ? 1.0 : 0.35;
                              }),
                              kShape));
}

TEST(HeadPicture, HalfOfASetDecides) {
  const Pixels head = drawn([](double x, double y, int) {
    const double r = std::hypot(x, y);
    return r > 0.7 ? 0.0 : r > 0.6 ? 1.0 : 0.35;
  });
  Dataset data;
  data.labels.resize(40);
  std::size_t heads = 20;
  data.read_again = [&](std::size_t image, std::span<float> out) -> Result<void> {
    std::ranges::fill(out, 0.2f);
    if (image < heads) std::ranges::copy(head, out.begin());
    return {};
  };
  EXPECT_TRUE(look_like_heads(data, kShape));
  heads = 15;
  EXPECT_FALSE(look_like_heads(data, kShape));
  data.read_again = [](std::size_t, std::span<float>) -> Result<void> { return error("gone"); };
  EXPECT_TRUE(look_like_heads(data, kShape)) << "nothing speaks against them";
}

// Only our own backbone knows nothing else.
using StrangeImages = test::TransferScene;

TEST_F(StrangeImages, AreSpokenOfWhereTheBackboneCannotKnowThem) {
  const std::string own = FALLLINE_SOURCE_DIR "/assets/backbone.safetensors";
  EXPECT_TRUE(strange_images(**open({"network.backbone=" + own})));
  EXPECT_FALSE(strange_images(**open()));
  EXPECT_FALSE(strange_images(**open({"data.source=phantom", "network.backbone=" + own})));
  std::ofstream(folder_ / "lesson.toml") << "[data]\nsource = \"set\"\n";
  EXPECT_FALSE(strange_images(**open()));
}

}  // namespace
}  // namespace fl

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "trainer/data/dataset.h"
#include "trainer/data/phantom.h"
#include "trainer/data/phantom_acquire.h"
#include "trainer/data/phantom_anatomy.h"
#include "trainer/data/phantom_render.h"

namespace fl {
namespace {

constexpr int kSide = 96;

float at(const HuSlice& slice, int x, int y) {
  return slice.hounsfield[static_cast<std::size_t>(y) * static_cast<std::size_t>(slice.side) +
                          static_cast<std::size_t>(x)];
}

// Square centimetres of the slice where `wanted` holds.
template <typename Wanted>
double area(const HuSlice& slice, Wanted wanted) {
  const auto pixels = std::count_if(slice.hounsfield.begin(), slice.hounsfield.end(), wanted);
  return static_cast<double>(pixels) * slice.millimetres * slice.millimetres / 100;
}

TEST(Phantom, TheSameArgumentsGiveTheSameBytes) {
  const Phantom first = make_phantom(5, PhantomClass::kHemorrhage, 3, kSide);
  make_phantom(5, PhantomClass::kNormal, 9, kSide);
  const Phantom again = make_phantom(5, PhantomClass::kHemorrhage, 3, kSide);
  EXPECT_EQ(first.slice.hounsfield, again.slice.hounsfield);
  EXPECT_EQ(first.name, again.name);
  EXPECT_NE(first.slice.hounsfield, make_phantom(6, PhantomClass::kHemorrhage, 3, kSide).slice.hounsfield);
  EXPECT_NE(first.slice.hounsfield, make_phantom(5, PhantomClass::kHemorrhage, 4, kSide).slice.hounsfield);
  EXPECT_NE(first.slice.hounsfield, make_phantom(5, PhantomClass::kNormal, 3, kSide).slice.hounsfield);
}

TEST(Phantom, TissuesLieInTheirHounsfieldRanges) {
  for (std::uint32_t i = 0; i < 30; ++i) {
    const HuSlice slice = make_phantom(1, PhantomClass::kNormal, i, kSide).slice;
    EXPECT_LT(at(slice, 0, 0), -900.0f);  // air in the corners
    EXPECT_GT(area(slice, [](float v) { return v > 300; }), 20.0) << "skull of " << i;
    const double brain = area(slice, [](float v) { return v > 15 && v < 50; });
    EXPECT_GT(brain, 70.0) << i;
    EXPECT_LT(brain, 260.0) << i;
    for (const float v : slice.hounsfield) ASSERT_TRUE(std::isfinite(v) && v > -1100 && v < 2000);
  }
}

// The same head with and without its haemorrhage: blood brightens, and only inside the skull.
TEST(Phantom, BleedingBrightensTheBrainAndNothingElse) {
  int kinds[3] = {};
  for (std::uint32_t i = 0; i < 60; ++i) {
    RandomStream random(2, StreamId::kTest, i);
    Anatomy head = draw_anatomy(random);
    const HuSlice healthy = render_anatomy(head, kSide);
    head.bleed = draw_bleed(head, random);
    ++kinds[static_cast<int>(head.bleed->kind)];
    const HuSlice bleeding = render_anatomy(head, kSide);
    EXPECT_GE(head.bleed->hu, 40);
    EXPECT_LE(head.bleed->hu, 90);

    double brighter = 0;
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const double dx = (x + 0.5 - kSide / 2.0) * healthy.millimetres - head.centre.x;
        const double dy = (y + 0.5 - kSide / 2.0) * healthy.millimetres - head.centre.y;
        const double c = std::cos(head.angle), s = std::sin(head.angle);
        const Polar p = to_polar({c * dx + s * dy, -s * dx + c * dy});
        const float difference = at(bleeding, x, y) - at(healthy, x, y);
        if (head.brain.depth(p) < -2 * healthy.millimetres) {
          ASSERT_NEAR(difference, 0.0f, 0.01f) << "outside the skull, head " << i;
        }
        if (difference > 5) brighter += healthy.millimetres * healthy.millimetres;
      }
    EXPECT_GT(brighter, 20.0) << "mm2 of blood, head " << i;
    EXPECT_LT(brighter, 8000.0) << i;
  }
  for (const int count : kinds) EXPECT_GE(count, 5);  // all three kinds occur
}

// As a class, blood (45 to 90 HU) takes more room; as single slices, the classes must overlap, or one
// threshold would do and there would be nothing to learn.
TEST(Phantom, ClassesDifferButOverlap) {
  std::vector<double> bleeding, normal;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto blood = [](const Phantom& p) {
      return area(p.slice, [](float v) { return v > 45 && v < 90; });
    };
    bleeding.push_back(blood(make_phantom(3, PhantomClass::kHemorrhage, i, kSide)));
    normal.push_back(blood(make_phantom(3, PhantomClass::kNormal, i, kSide)));
  }
  const auto mean = [](const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  EXPECT_GT(mean(bleeding), mean(normal) + 1.0);
  EXPECT_LT(*std::min_element(bleeding.begin(), bleeding.end()),
            *std::max_element(normal.begin(), normal.end()));
}

TEST(Phantom, NoiseHasTheAskedStrengthAndAGrain) {
  HuSlice slice{128, 1.0, std::vector<float>(128 * 128, 30.0f)};
  RandomStream random(1, StreamId::kTest);
  acquire(slice, {.blur = 0.8, .hardening = 0, .noise = 5, .grain = 1.0}, random);
  double squares = 0, neighbours = 0;
  for (int y = 8; y < 120; ++y)
    for (int x = 8; x < 120; ++x) {
      const double v = at(slice, x, y) - 30.0;
      squares += v * v;
      neighbours += v * (at(slice, x + 1, y) - 30.0);
    }
  EXPECT_NEAR(std::sqrt(squares / (112 * 112)), 5.0, 0.4);
  EXPECT_GT(neighbours / squares, 0.5);  // white noise would give 0
}

TEST(Phantom, WindowMapsLevelAndWidth) {
  const HuSlice slice{3, 1.0, {-1000, 0, 20, 40, 60, 80, 1000, 10, 79}};
  const Image image = apply_window(slice, kBrainWindow);
  EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{0, 0, 64, 128, 191, 255, 255, 32, 252}));
}

TEST(LoadPhantoms, DatasetIsReproducibleAndGrowsWithoutChanging) {
  const auto small = load_dataset({.image_size = 32, .phantom_counts = {3, 4}}, {}, 9);
  const auto again = load_dataset({.image_size = 32, .phantom_counts = {3, 4}}, {}, 9);
  const auto large = load_dataset({.image_size = 32, .phantom_counts = {3, 10}}, {}, 9);
  const auto other = load_dataset({.image_size = 32, .phantom_counts = {3, 4}}, {}, 10);
  ASSERT_TRUE(small.ok() && again.ok() && large.ok() && other.ok());
  EXPECT_EQ(small->classes, (std::vector<std::string>{"Hemorrhage", "Normal"}));
  EXPECT_EQ(small->labels, (std::vector<std::int32_t>{0, 0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(small->names[5], "Normal 2");
  EXPECT_EQ(small->pixels, again->pixels);
  EXPECT_NE(small->pixels, other->pixels);
  // A class imbalance must be the only thing that changes between the lessons.
  EXPECT_TRUE(std::equal(small->pixels.begin(), small->pixels.end(), large->pixels.begin()));
  EXPECT_EQ(large->size(), 13u);
}

}  // namespace
}  // namespace fl

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "trainer/base/checksum.h"
#include "trainer/data/dataset.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/data/phantom/phantom_acquire.h"
#include "trainer/data/phantom/phantom_anatomy.h"
#include "trainer/data/phantom/phantom_render.h"

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

std::uint64_t sum_of(const Phantom& phantom, std::uint64_t start) {
  return checksum(std::as_bytes(std::span(phantom.name)),
                  checksum(std::as_bytes(std::span(phantom.slice.hounsfield)), start));
}

// A seed means the same slices in every version. Where a compiler fuses multiplications with additions,
// others.
TEST(Phantom, KeepsItsBytes) {
#ifndef __x86_64__
  GTEST_SKIP() << "the sums are those of x86-64";
#endif
  constexpr auto kBleeding = PhantomClass::kHemorrhage, kHealthy = PhantomClass::kNormal;
  const struct {
    std::uint64_t seed;
    int side;
    PhantomClass kind;
    std::uint32_t count;
    std::uint64_t sum;
  } groups[] = {
      {1, 128, kBleeding, 24, 0x075c4e957e832a24},    {1, 128, kHealthy, 12, 0x86d6ef130e6f590c},
      {7, 128, kBleeding, 16, 0xd01cc82a1f9a31ea},    {7, 64, kHealthy, 12, 0x46a70929d99c1b56},
      {42, 96, kBleeding, 16, 0x6986c14084fe270b},    {42, 33, kHealthy, 10, 0xed5764660b6cbd05},
      {~0ull, 200, kBleeding, 8, 0x65ee0e7ac990be32}, {3, 256, kHealthy, 4, 0xb63e573d0bf7e4ea},
      {3, 256, kBleeding, 6, 0xaaca0294cb04e4be},     {5, 512, kBleeding, 2, 0x65729f02f8aadbb7},
  };
  for (const auto& group : groups) {
    std::uint64_t sum = 0xcbf29ce484222325;
    for (std::uint32_t i = 0; i < group.count; ++i)
      sum = sum_of(make_phantom(group.seed, group.kind, i, group.side), sum);
    EXPECT_EQ(sum, group.sum) << "seed " << group.seed << ", " << group.side << " pixels";
  }
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
  int kinds[5] = {};
  int faint = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
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
        const double outside = -2 * healthy.millimetres - head.bevel;
        if (head.brain.depth(p) < outside) {
          ASSERT_NEAR(difference, 0.0f, 0.01f) << "outside the skull, head " << i;
        }
        if (difference > 5) brighter += healthy.millimetres * healthy.millimetres;
      }
    if (brighter < 20) ++faint;  // mm2: blood as pale as brain, or a film in narrow sulci
    EXPECT_LT(brighter, 8000.0) << i;
  }
  EXPECT_LE(faint, 8);
  for (const int count : kinds) EXPECT_GE(count, 3);  // all five kinds occur
}

// How far a point lies outside the nearest fluid space that the haemorrhage fills, mm.
double outside_filled_spaces(const Anatomy& head, const Bleed& bleed, Point p) {
  double nearest = 1e9;
  for (const Stroke& fluid : head.fluid_strokes) {
    if (!fills(bleed, fluid)) continue;
    for (std::size_t i = 1; i < fluid.nodes.size(); ++i) {
      const Stroke::Node &a = fluid.nodes[i - 1], &b = fluid.nodes[i];
      const double dx = b.point.x - a.point.x, dy = b.point.y - a.point.y;
      const double along = std::clamp(
          ((p.x - a.point.x) * dx + (p.y - a.point.y) * dy) / (dx * dx + dy * dy + 1e-9), 0.0, 1.0);
      const double distance = std::hypot(p.x - a.point.x - along * dx, p.y - a.point.y - along * dy);
      nearest = std::min(nearest, distance - std::max(a.radius, b.radius));
    }
  }
  return nearest;
}

TEST(Phantom, SubarachnoidAndIntraventricularBloodFillsFluidSpaces) {
  int seen[5] = {};
  for (std::uint32_t i = 0; i < 150; ++i) {
    RandomStream random(4, StreamId::kTest, i);
    Anatomy head = draw_anatomy(random);
    head.angle = 0;
    const Bleed bleed = draw_bleed(head, random);
    if (bleed.kind != BleedKind::kSubarachnoid && bleed.kind != BleedKind::kIntraventricular) continue;
    const HuSlice healthy = render_anatomy(head, kSide);
    head.bleed = bleed;
    const HuSlice bleeding = render_anatomy(head, kSide);
    const double reach = bleed.thickness + 2 * healthy.millimetres;
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        if (at(bleeding, x, y) == at(healthy, x, y)) continue;
        const Point p{(x + 0.5 - kSide / 2.0) * healthy.millimetres - head.centre.x,
                      (y + 0.5 - kSide / 2.0) * healthy.millimetres - head.centre.y};
        ASSERT_LT(outside_filled_spaces(head, bleed, p), reach) << "head " << i;
      }
    seen[static_cast<int>(bleed.kind)] += bleeding.hounsfield != healthy.hounsfield;
  }
  EXPECT_GE(seen[static_cast<int>(BleedKind::kSubarachnoid)], 5);
  EXPECT_GE(seen[static_cast<int>(BleedKind::kIntraventricular)], 5);
}

// Who lies on the back has blood settle at the back of the ventricles.
TEST(Phantom, SettledIntraventricularBloodLiesAtTheBack) {
  int settled = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    RandomStream random(5, StreamId::kTest, i);
    Anatomy head = draw_anatomy(random);
    head.angle = 0;
    const Bleed bleed = draw_bleed(head, random);
    if (bleed.kind != BleedKind::kIntraventricular || bleed.settled_from < 0) continue;
    ++settled;
    const HuSlice healthy = render_anatomy(head, kSide);
    head.bleed = bleed;
    const HuSlice bleeding = render_anatomy(head, kSide);
    const double front = (bleed.settled_from - 3 + head.centre.y) / healthy.millimetres + kSide / 2.0;
    for (int y = 0; y < static_cast<int>(front); ++y)
      for (int x = 0; x < kSide; ++x) ASSERT_EQ(at(bleeding, x, y), at(healthy, x, y)) << i;
  }
  EXPECT_GE(settled, 5);
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

// The middle of the head, which the most tissue surrounds, is the noisiest.
TEST(Phantom, NoiseHasTheAskedStrengthAndAGrain) {
  HuSlice slice{256, 1.0, std::vector<float>(256 * 256, 30.0f)};
  RandomStream random(1, StreamId::kTest);
  acquire(slice, {.blur = 0.8, .hardening = 0, .noise = 5, .grain = 1.0}, random);
  double squares = 0, neighbours = 0;
  const auto deviation = [&](int left, int top) {
    squares = neighbours = 0;
    for (int y = top; y < top + 50; ++y)
      for (int x = left; x < left + 50; ++x) {
        const double v = at(slice, x, y) - 30.0;
        squares += v * v;
        neighbours += v * (at(slice, x + 1, y) - 30.0);
      }
    return std::sqrt(squares / (50 * 50));
  };
  EXPECT_NEAR(deviation(103, 103), 5.8, 0.4);
  EXPECT_GT(neighbours / squares, 0.4);  // white noise would give 0
  EXPECT_NEAR(deviation(4, 4), 4.0, 0.4);
}

// Filtered back projection leaves next to no noise of low frequency: means over large areas agree far better
// than those of blurred white noise would.
TEST(Phantom, NoiseHasNoCoarseBlotches) {
  HuSlice slice{128, 1.0, std::vector<float>(128 * 128, 30.0f)};
  RandomStream random(2, StreamId::kTest);
  acquire(slice, {.blur = 0.8, .hardening = 0, .noise = 5, .grain = 0.8}, random);
  double worst = 0;
  for (int top = 16; top < 112; top += 16)
    for (int left = 16; left < 112; left += 16) {
      double sum = 0;
      for (int y = top; y < top + 16; ++y)
        for (int x = left; x < left + 16; ++x) sum += at(slice, x, y) - 30.0;
      worst = std::max(worst, std::abs(sum / 256));
    }
  EXPECT_LT(worst, 1.2);  // blurred white noise: about 2.2
}

TEST(LoadPhantoms, KeepsItsBytes) {
#ifndef __x86_64__
  GTEST_SKIP() << "the sums are those of x86-64";
#endif
  const struct {
    DataSpec spec;
    std::uint64_t seed, sum;
  } sets[] = {
      {{.image_size = 64, .phantom_counts = {20, 20}}, 11, 0x5338e48cf9938357},
      {{.image_size = 32, .colour_range = HuRange{50, 90}, .phantom_counts = {6, 14}},
       12,
       0x7c97d66c9af0bd0b},
      {{.image_size = 100, .channels = 3, .phantom_counts = {4, 3}}, 13, 0x1d2f24407d5baec1},
  };
  for (const auto& set : sets) {
    const auto data = load_dataset(set.spec, {}, set.seed);
    ASSERT_TRUE(data.ok());
    EXPECT_EQ(checksum(std::as_bytes(std::span(data->pixels))), set.sum) << "seed " << set.seed;
  }
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

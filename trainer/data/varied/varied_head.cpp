#include "trainer/data/varied/varied_head.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom_acquire.h"
#include "trainer/data/phantom/phantom_render.h"

namespace fl {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRaise = 40;  // HU
constexpr int kBaseLevel = 3;

// `kind`: whose blood is raised; none where it is no kind.
Anatomy raised(const Anatomy& anatomy, int kind) {
  Anatomy copy = anatomy;
  const auto raise = [kind](Bleed& bleed) {
    if (static_cast<int>(bleed.kind) == kind) bleed.hu += kRaise;
  };
  if (copy.bleed) raise(*copy.bleed);
  for (Bleed& bleed : copy.further) raise(bleed);
  return copy;
}

bool bleeds_so(const Anatomy& anatomy, int kind) {
  const auto is = [kind](const Bleed& bleed) { return static_cast<int>(bleed.kind) == kind; };
  return (anatomy.bleed && is(*anatomy.bleed)) || std::ranges::any_of(anatomy.further, is);
}

void measure_coverage(VariedHead& head, const Anatomy& anatomy) {
  constexpr int kCell = kVariedSide / kCoverageSide;
  static_assert(kVariedSide % kCoverageSide == 0);
  constexpr auto kCells = static_cast<std::size_t>(kCoverageSide) * kCoverageSide;
  head.coverage.assign(kBleedKinds * kCells, 0.0f);
  for (int kind = 0; kind < kBleedKinds; ++kind) {
    if (!bleeds_so(anatomy, kind)) continue;
    const HuSlice brighter = render_anatomy(raised(anatomy, kind), kVariedSide);
    double sum = 0;
    for (int y = 0; y < kVariedSide; ++y)
      for (int x = 0; x < kVariedSide; ++x) {
        const auto i = static_cast<std::size_t>(y * kVariedSide + x);
        const double share = std::clamp(
            static_cast<double>(brighter.hounsfield[i] - head.slice.hounsfield[i]) / kRaise, 0.0, 1.0);
        sum += share;
        head.coverage[static_cast<std::size_t>(kind) * kCells +
                      static_cast<std::size_t>(y / kCell * kCoverageSide + x / kCell)] +=
            static_cast<float>(share / (kCell * kCell));
      }
    head.area[static_cast<std::size_t>(kind)] = sum * head.slice.millimetres * head.slice.millimetres;
  }
}

// Rays of light and dark from something that stops X-rays.
void add_metal(HuSlice& slice, RandomStream& random) {
  const double n = slice.side, size = random.uniform(1, 6) / slice.millimetres;
  const double cx = n * random.uniform(0.25, 0.75), cy = n * random.uniform(0.15, 0.85);
  constexpr std::size_t kRays = 96;
  std::array<double, kRays> rays{};
  for (double& ray : rays) ray = random.normal();
  const double strength = random.uniform(10, 120), reach = random.uniform(8, 40) / slice.millimetres;
  for (int y = 0; y < slice.side; ++y)
    for (int x = 0; x < slice.side; ++x) {
      const double dx = x - cx, dy = y - cy, r = std::sqrt(dx * dx + dy * dy);
      float& hu = slice.hounsfield[static_cast<std::size_t>(y * slice.side + x)];
      if (r < size) {
        hu = 3000;
        continue;
      }
      const double place = (std::atan2(dy, dx) / (2 * kPi) + 0.5) * kRays;
      const auto ray = static_cast<std::size_t>(place);
      const double t = place - static_cast<double>(ray);
      const double value = (1 - t) * rays[ray % kRays] + t * rays[(ray + 1) % kRays];
      hu += static_cast<float>(strength * value * std::exp(-(r - size) / reach));
    }
}

// Bands that dense bone throws across the brain.
void add_bands(HuSlice& slice, int bands, RandomStream& random) {
  const double n = slice.side;
  for (int k = 0; k < bands; ++k) {
    const double x = n * random.uniform(0.3, 0.7), y = n * random.uniform(0.3, 0.75);
    const double a = random.normal(0, 0.5), width = random.uniform(2, 7) / slice.millimetres;
    const double length = random.uniform(20, 60) / slice.millimetres, hu = random.normal(-5, 9);
    const double c = std::cos(a), s = std::sin(a);
    for (int py = 0; py < slice.side; ++py)
      for (int px = 0; px < slice.side; ++px) {
        const double along = (c * (px - x) + s * (py - y)) / length;
        const double across = (c * (py - y) - s * (px - x)) / width;
        const double power = along * along + across * across;
        if (power < 9)
          slice.hounsfield[static_cast<std::size_t>(py * slice.side + px)] +=
              static_cast<float>(hu * std::exp(-power));
      }
  }
}

void shade(HuSlice& slice, RandomStream& random) {
  const double right = random.normal(0, 2), down = random.normal(0, 2), all = random.normal(0, 2);
  for (int y = 0; y < slice.side; ++y)
    for (int x = 0; x < slice.side; ++x)
      slice.hounsfield[static_cast<std::size_t>(y * slice.side + x)] +=
          static_cast<float>(all + right * (2.0 * x / slice.side - 1) + down * (2.0 * y / slice.side - 1));
}

}  // namespace

bool VariedHead::bleeds() const {
  double all = 0;
  for (const double one : area) all += one;
  return all >= kLeastArea;
}

VariedHead draw_varied_head(std::uint64_t seed, std::uint32_t number) {
  RandomStream random(seed, StreamId::kVaried, number);
  const VariedAnatomy varied = draw_varied_anatomy(random);
  VariedHead head;
  head.level = varied.level;
  head.slice = render_anatomy(varied.head, kVariedSide);
  measure_coverage(head, varied.head);
  const Acquisition acquisition{
      .blur = random.uniform(0.5, 1.7),
      .hardening = random.uniform() < 0.4 ? random.uniform(7, 26) : random.uniform(1, 7),
      .noise = random.uniform() < 0.12 ? random.uniform(4, 7) : random.uniform(0.8, 3.8),
      .grain = random.uniform(0.5, 1.5)};
  FL_CHECK(acquire(head.slice, acquisition, random));
  shade(head.slice, random);
  if (varied.level == kBaseLevel)
    add_bands(head.slice, 1 + static_cast<int>(random.below(4)), random);
  else if (random.uniform() < 0.12)
    add_bands(head.slice, 1, random);
  if (random.uniform() < (varied.operated ? 0.15 : 0.02)) add_metal(head.slice, random);
  return head;
}

}  // namespace fl

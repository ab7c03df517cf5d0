#include <algorithm>
#include <cmath>
#include <numbers>

#include "trainer/data/phantom/phantom_anatomy.h"

namespace fl {
namespace {

constexpr double kPi = std::numbers::pi;

// Small ones must be as common as large ones, or size alone would tell.
double log_uniform(double low, double high, RandomStream& random) {
  return low * std::pow(high / low, random.uniform());
}

double side_of(RandomStream& random) {
  return random.uniform() < 0.5 ? -1.0 : 1.0;
}

// Clotted blood is dense for days and pales within weeks, until it hides in the brain beside it.
double draw_density(double old_share, RandomStream& random) {
  return random.uniform() < old_share ? random.uniform(40, 56) : random.uniform(56, 90);
}

void draw_parenchymal(Bleed& bleed, const Anatomy& head, RandomStream& random) {
  bleed.radius = log_uniform(6, 22, random);
  bleed.stretch = random.uniform(1.0, 1.8);
  bleed.tilt = random.uniform(0, kPi);
  for (std::size_t k = 0; k < bleed.lobe_size.size(); ++k) {
    bleed.lobe_size[k] = random.normal(0, 0.11 / std::sqrt(static_cast<double>(k + 1)));
    bleed.lobe_phase[k] = random.uniform(0, 2 * kPi);
  }
  bleed.oedema = random.uniform() < 0.7 ? random.uniform(1.5, 6) : 0.0;
  bleed.hu = draw_density(0.05, random);
  const double side = side_of(random);
  const bool deep = head.level != SliceLevel::kConvexity && random.uniform() < 0.5;
  if (deep) {
    bleed.centre = {side * random.uniform(15, 29), random.uniform(-16, 18)};
    return;
  }
  const double angle = random.uniform(-1.15, 1.15);  // away from the midline
  const double distance = head.brain.radius(angle) - bleed.radius * 0.8 - random.uniform(5, 20);
  bleed.centre = {side * distance * std::cos(angle), distance * std::sin(angle)};
}

void draw_extra_axial(Bleed& bleed, RandomStream& random) {
  const bool subdural = bleed.kind == BleedKind::kSubdural;
  const double towards = random.normal(-0.05, subdural ? 0.35 : 0.5);
  bleed.angle = side_of(random) > 0 ? towards : kPi - towards;
  bleed.half_span = subdural ? random.uniform(0.65, 1.35) : random.uniform(0.32, 0.6);
  bleed.thickness = subdural ? log_uniform(4.5, 16, random) : log_uniform(8, 24, random);
  bleed.hu = draw_density(subdural ? 0.12 : 0.0, random);
}

void draw_subarachnoid(Bleed& bleed, RandomStream& random) {
  bleed.angle = random.uniform(-kPi, kPi);
  bleed.half_span = random.uniform() < 0.4 ? kPi : random.uniform(0.7, 1.5);
  bleed.thickness = random.uniform(0.5, 1.5);
  bleed.hu = random.uniform(56, 82);  // thinned by the fluid that it mixes with
}

void draw_intraventricular(Bleed& bleed, RandomStream& random) {
  bleed.side = static_cast<int>(random.below(3)) - 1;
  const bool cast = bleed.side != 0 && random.uniform() < 0.5;  // clotted throughout
  bleed.settled_from = cast ? -100 : random.uniform(16, 36);
  bleed.thickness = cast ? random.uniform(0.5, 2.5) : 0.3;
  bleed.hu = draw_density(0.05, random);
}

}  // namespace

Bleed draw_bleed(const Anatomy& anatomy, RandomStream& random) {
  Bleed bleed;
  const double which = random.uniform();
  const bool has_ventricles = anatomy.level != SliceLevel::kConvexity;
  bleed.kind = which < 0.40                      ? BleedKind::kIntraparenchymal
               : which < 0.62                    ? BleedKind::kSubdural
               : which < 0.76                    ? BleedKind::kEpidural
               : which < 0.88 || !has_ventricles ? BleedKind::kSubarachnoid
                                                 : BleedKind::kIntraventricular;
  switch (bleed.kind) {
    case BleedKind::kIntraparenchymal:
      draw_parenchymal(bleed, anatomy, random);
      break;
    case BleedKind::kSubdural:
    case BleedKind::kEpidural:
      draw_extra_axial(bleed, random);
      break;
    case BleedKind::kSubarachnoid:
      draw_subarachnoid(bleed, random);
      break;
    case BleedKind::kIntraventricular:
      draw_intraventricular(bleed, random);
      break;
  }
  return bleed;
}

double extra_axial_thickness(const Bleed& bleed, double angle) {
  if (bleed.kind != BleedKind::kSubdural && bleed.kind != BleedKind::kEpidural) return 0;
  const double u = std::remainder(angle - bleed.angle, 2 * kPi) / bleed.half_span;
  if (std::abs(u) >= 1) return 0;
  // The dura is fixed at the skull's sutures: an epidural is a lens. A subdural spreads into a crescent, but
  // not across the falx.
  if (bleed.kind == BleedKind::kEpidural) return bleed.thickness * (1 - u * u);
  const double from_midline = std::abs(std::cos(angle));
  return bleed.thickness * std::pow(1 - u * u, 0.6) * smooth_step(0.0, 0.25, from_midline);
}

bool fills(const Bleed& bleed, const Stroke& fluid) {
  if (fluid.nodes.empty()) return false;
  const Point middle = fluid.nodes[fluid.nodes.size() / 2].point;
  if (bleed.kind == BleedKind::kIntraventricular)
    return fluid.space == Space::kVentricle && (bleed.side == 0 || bleed.side * middle.x > 0);
  if (bleed.kind != BleedKind::kSubarachnoid || fluid.space != Space::kSubarachnoid) return false;
  return std::abs(std::remainder(std::atan2(middle.y, middle.x) - bleed.angle, 2 * kPi)) <= bleed.half_span;
}

LobedBlob::LobedBlob(const Bleed& bleed)
    : bleed_(bleed), cos_(std::cos(bleed.tilt)), sin_(std::sin(bleed.tilt)), root_(std::sqrt(bleed.stretch)) {
  double largest = 1;
  for (const double size : bleed.lobe_size) largest += std::abs(size);
  reach_ = bleed.radius * largest;
}

Point LobedBlob::own(Point p) const {
  const double dx = p.x - bleed_.centre.x, dy = p.y - bleed_.centre.y;
  return {(cos_ * dx + sin_ * dy) / root_, (-sin_ * dx + cos_ * dy) * root_};
}

double LobedBlob::depth(Point p) const {
  const auto [x, y] = own(p);
  const double angle = std::atan2(y, x);
  double edge = 1;
  for (std::size_t k = 0; k < bleed_.lobe_size.size(); ++k)
    edge += bleed_.lobe_size[k] * std::cos(static_cast<double>(k + 2) * angle + bleed_.lobe_phase[k]);
  return bleed_.radius * std::max(edge, 0.3) - std::hypot(x, y);
}

bool LobedBlob::far_from(Point p, double margin) const {
  const auto [x, y] = own(p);
  const double bound = reach_ + margin + 1e-6;
  return x * x + y * y > bound * bound;
}

Point displaced(Point p, const Anatomy& anatomy) {
  if (!anatomy.bleed) return p;
  const Bleed& bleed = *anatomy.bleed;
  if (bleed.kind == BleedKind::kSubarachnoid || bleed.kind == BleedKind::kIntraventricular) return p;
  const double held =
      smooth_step(0, 22, anatomy.brain.depth(to_polar(p)));  // what hangs on the skull stays there
  Point from = bleed.centre;
  double push = 0.35 * bleed.radius, reach = 2.6 * bleed.radius + 8;
  if (bleed.kind != BleedKind::kIntraparenchymal) {
    const double r = anatomy.brain.radius(bleed.angle);
    from = {r * std::cos(bleed.angle), r * std::sin(bleed.angle)};
    push = 0.55 * bleed.thickness;
    reach = 70;
  }
  const double dx = p.x - from.x, dy = p.y - from.y, distance = std::hypot(dx, dy);
  if (distance < 1e-6) return p;
  const double amount = push * held * std::exp(-(distance / reach) * (distance / reach)) / distance;
  return {p.x + amount * dx, p.y + amount * dy};
}

}  // namespace fl

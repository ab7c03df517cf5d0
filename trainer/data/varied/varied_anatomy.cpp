// The content of varied heads, as shapes for the painter of the lessons' phantoms.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "trainer/data/varied/varied_head.h"

namespace fl {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kBase = 3;

bool chance(double share, RandomStream& random) {
  return random.uniform() < share;
}

double log_between(double low, double high, RandomStream& random) {
  return low * std::pow(high / low, random.uniform());
}

class Addition {
 public:
  Addition(VariedAnatomy& varied, RandomStream& random)
      : varied_(varied), head_(varied.head), random_(random) {}

  void draw() {
    pose();
    if (varied_.level == kBase) draw_base();
    if (chance(0.3, random_)) draw_dark_areas();
    if (chance(0.25, random_)) draw_white_matter_disease();
    if (chance(0.22, random_)) draw_calcium();
    if (chance(0.12, random_)) draw_mass();
    if (chance(0.14, random_)) draw_operation();
    if (chance(0.04, random_)) draw_drain();
    draw_bleeds();
  }

 private:
  double between(double low, double high) { return random_.uniform(low, high); }
  Point in_brain(double most) {
    const double a = between(-kPi, kPi), r = head_.brain.radius(a) * most * std::sqrt(random_.uniform());
    return {r * std::cos(a), r * std::sin(a)};
  }
  static Point at(double radius, double angle) {
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

  void pose() {
    head_.field_of_view = between(200, 305);
    const double room = std::max(0.0, head_.field_of_view - 215) / 6;
    head_.centre = {random_.normal(0, 3 + room * 0.3), random_.normal(-3, 3 + room * 0.4)};
    head_.angle = random_.normal(0, chance(0.25, random_) ? 0.35 : 0.12);
    if (chance(0.3, random_)) head_.grey += random_.normal(0, 2.5);
    if (chance(0.3, random_)) head_.white = head_.grey - between(2, 6);
  }

  // A ridge that tapers; where the slice only grazes it, its edge is soft.
  void bone(Point from, Point to, double first, double last, double hu) {
    Stroke ridge{{}, hu, between(1, 4)};
    const double bow = random_.normal(0, 3);
    for (int k = 0; k <= 4; ++k) {
      const double t = k / 4.0;
      ridge.nodes.push_back(
          {{from.x + t * (to.x - from.x) + random_.normal(0, 0.7),
            from.y + t * (to.y - from.y) + bow * std::sin(kPi * t) + random_.normal(0, 0.7)},
           (first + t * (last - first)) * between(0.75, 1.25)});
    }
    head_.outside.push_back(std::move(ridge));
  }

  // Grains of bone and air, as in mastoid and ethmoid cells.
  void cells(Point centre, double spread, int count) {
    for (int k = 0; k < count; ++k)
      head_.outside.push_back(
          {{{{centre.x + random_.normal(0, spread), centre.y + random_.normal(0, spread)}, between(0.8, 2.6)},
            {{centre.x + random_.normal(0, spread), centre.y + random_.normal(0, spread)},
             between(0.8, 2.6)}},
           chance(0.6, random_) ? between(-950, -300) : between(250, 900),
           1.2});
  }

  void disc(Point centre, double rx, double ry, double hu, double edge, double angle = 0) {
    head_.air_cells.push_back({centre, rx, ry, angle, hu, edge});
  }

  // Petrous ridges and wings of the sphenoid, sinuses, orbits; the cisterns between them.
  void draw_base() {
    const double wide = head_.brain.radius(0), front = head_.brain.radius(-kPi / 2);
    const double low = between(0, 1);  // how low the slice is: more bone
    cisterns();
    for (const double side : {-1.0, 1.0}) {
      if (chance(0.35 + 0.6 * low, random_)) {
        bone({side * wide * between(0.95, 1.05), between(2, 18)},
             {side * wide * between(0.75 - 0.5 * low, 0.85 - 0.5 * low), between(-8, 6)},
             between(3, 6 + 6 * low), between(0.8, 2), between(250, 1100));
        cells({side * wide * between(0.85, 1.0), between(8, 22)}, between(2, 5),
              2 + static_cast<int>(10 * low));
      }
      if (chance(0.3 + 0.6 * low, random_))
        bone({side * wide * between(0.92, 1.04), between(-38, -22)},
             {side * wide * between(0.6 - 0.4 * low, 0.8 - 0.4 * low), between(-30, -16)},
             between(2, 4 + 3 * low), between(0.6, 1.6), between(200, 1000));
      if (chance(0.2 + 0.6 * low, random_)) orbit(side, front);
    }
    if (chance(0.3 + 0.5 * low, random_)) {
      disc({random_.normal(0, 2), between(-30, -16)}, between(5, 14), between(4, 11), between(-950, -600),
           1.5);
      cells({random_.normal(0, 3), -front * between(0.6, 0.95)}, between(4, 9), 14);
    }
    if (chance(0.5, random_))
      bone({-between(4, 16), -front * between(0.5, 0.75)}, {between(4, 16), -front * between(0.5, 0.75)},
           between(1.5, 3.5), between(1.5, 3.5), between(300, 1000));
    for (Stroke& fluid : head_.fluid_strokes)
      if (fluid.space == Space::kVentricle && chance(0.7 * low, random_))
        for (auto& node : fluid.nodes) node.radius *= 0.3;
    // Cerebellum: a denser back part, its fourth ventricle, the tentorium's two edges.
    head_.fluid_strokes.push_back(
        {{{{0, between(22, 28)}, between(1, 3)}, {{0, between(30, 36)}, between(1.5, 4.5)}},
         head_.fluid + 2,
         1.6,
         Space::kVentricle});
    for (const double side : {-1.0, 1.0})
      if (chance(0.6, random_))
        head_.membranes.push_back({{{{side * between(2, 8), between(5, 12)}, 0.7},
                                    {{side * wide * between(0.6, 0.8), between(28, 44)}, 0.8}},
                                   between(42, 58),
                                   1.0});
  }

  void orbit(double side, double front) {
    const Point eye{side * between(26, 34), -front * between(0.85, 1.02)};
    disc({eye.x, eye.y + 8}, between(13, 17), between(17, 23), between(-100, -60), 2, 0.2 * side);
    disc(eye, between(10, 13), between(10, 13), between(5, 22), 1.2);
    disc({eye.x, eye.y - between(6, 9)}, between(3, 4.5), between(1.5, 2.5), between(60, 110), 1);
    bone({eye.x - 3 * side, eye.y + 12}, {side * 8, -front * 0.45}, 1.6, 1.6, between(20, 50));
    bone({side * 46, -front * 0.95}, {side * 40, -front * 0.4}, between(1, 3), between(1, 2),
         between(400, 1200));
    bone({side * 12, -front * 1.05}, {side * 14, -front * 0.4}, between(0.6, 1.6), between(0.6, 1.6),
         between(200, 900));
  }

  void cisterns() {
    const Point middle{random_.normal(0, 1), between(-14, -4)};
    const double reach = between(12, 24), size = between(1, 3.2);
    for (int k = 0; k < 6; ++k) {
      const double a = -kPi / 2 + k * kPi / 3 + random_.normal(0, 0.12);
      head_.fluid_strokes.push_back(
          {{{middle, size * 1.4},
            {{middle.x + reach * 0.6 * std::cos(a), middle.y + reach * 0.6 * std::sin(a)}, size},
            {{middle.x + reach * std::cos(a), middle.y + reach * std::sin(a)}, size * 0.6}},
           head_.fluid + between(0, 4),
           1.6,
           Space::kSubarachnoid});
    }
  }

  // Infarcts, fresh (pale, swollen) and old (nearly fluid): overlapping patches that reach the surface.
  void draw_dark_areas() {
    const int areas = 1 + static_cast<int>(random_.below(2));
    for (int n = 0; n < areas; ++n) {
      const bool old = chance(0.4, random_);
      const double hu = old ? between(7, 18) : between(18, 27), size = log_between(3, 26, random_);
      const double a = between(-kPi, kPi);
      const Point centre = at(std::max(0.0, head_.brain.radius(a) - between(0, 2) * size), a);
      for (int k = 0; k < 3; ++k)
        head_.nuclei.push_back(
            {{centre.x + random_.normal(0, 0.4 * size), centre.y + random_.normal(0, 0.4 * size)},
             size * between(0.5, 1.1),
             size * between(0.4, 1.0),
             between(0, kPi),
             hu,
             old ? 2.5 : 5.0});
    }
  }

  void draw_white_matter_disease() {
    for (const double side : {-1.0, 1.0})
      for (int k = 0; k < 5; ++k)
        head_.nuclei.push_back({{side * between(10, 32), between(-42, 42)},
                                between(2, 8),
                                between(2, 10),
                                between(0, kPi),
                                between(18, 25),
                                4.0});
  }

  void draw_calcium() {
    const int spots = 1 + static_cast<int>(random_.below(3));
    for (int k = 0; k < spots; ++k) {
      const Point p = chance(0.4, random_) ? Point{random_.normal(0, 1), between(-60, 60)} : in_brain(0.95);
      const double r = log_between(0.6, 2.6, random_);
      head_.dense_spots.push_back(
          {p, r, r * between(0.4, 1), between(0, kPi), log_between(75, 600, random_), 1.2});
      if (chance(0.4, random_))
        head_.dense_spots.push_back({{-p.x, p.y + random_.normal(0, 2)},
                                     r,
                                     r * between(0.4, 1),
                                     between(0, kPi),
                                     log_between(75, 600, random_),
                                     1.2});
    }
  }

  // A tumour: as grey as brain or a little denser, never as blood, in oedema.
  void draw_mass() {
    const Point p = in_brain(0.85);
    const double r = log_between(4, 20, random_);
    head_.nuclei.push_back(
        {p, r * between(1.2, 2), r * between(1.2, 2), between(0, kPi), between(17, 24), 5.0});
    head_.nuclei.push_back({p, r, r * between(0.7, 1), between(0, kPi), between(32, 43), 2.5});
    if (chance(0.3, random_)) head_.nuclei.push_back({p, r * 0.5, r * 0.4, 0, between(8, 22), 2.0});
  }

  // A flap of bone with cuts on both sides, or none at all; clips in the skin, air below.
  void draw_operation() {
    varied_.operated = true;
    const double middle = between(-kPi, kPi), half = between(0.2, 0.65);
    const bool open = chance(0.35, random_);
    for (std::size_t i = 0; i < Outline::kAngles; ++i) {
      const double off = std::abs(std::remainder(Outline::angle_of(i) - middle, 2 * kPi));
      if (off > half) continue;
      if (open) head_.skull.at(i) = head_.brain.at(i) + 0.4;
      head_.skin.at(i) += (1 - off / half) * between(0, open ? 5 : 2);
    }
    for (const double end : {middle - half, middle + half}) {
      const double inner = head_.brain.radius(end), outer = head_.skull.radius(end);
      if (!open)
        head_.outside.push_back(
            {{{at(inner - 1, end), between(0.7, 2)}, {at(outer + 0.5, end), between(0.7, 2)}},
             between(10, 50),
             1});
      if (chance(0.6, random_))
        disc(at(outer + between(-1, 4), end), between(0.6, 1.6), between(0.6, 1.6), between(1500, 3000), 0.8);
    }
    if (chance(0.5, random_)) {
      const int clips = 3 + static_cast<int>(random_.below(8));
      for (int k = 0; k < clips; ++k) {
        const double a = middle + half * (2.0 * k / clips - 1);
        disc(at(head_.skin.radius(a) - 0.5, a), 0.8, 0.8, between(1500, 3000), 0.8);
      }
    }
    if (chance(0.4, random_)) {
      const int bubbles = 1 + static_cast<int>(random_.below(4));
      for (int k = 0; k < bubbles; ++k) {
        const double a = middle + random_.normal(0, half);
        disc(at(head_.brain.radius(a) - between(1, 6), a), between(1, 7), between(0.8, 3),
             between(-950, -500), 1.2, a + kPi / 2);
      }
    }
    if (chance(0.5, random_))  // fluid in the place of what was taken out
      head_.nuclei.push_back({at(head_.brain.radius(middle) - between(2, 14), middle), between(3, 16),
                              between(2, 10), middle + kPi / 2, between(3, 20), 2.0});
  }

  void draw_drain() {
    const double a = between(-kPi, kPi);
    head_.outside.push_back(
        {{{at(head_.skin.radius(a) + 1, a), 0.9}, {{random_.normal(0, 9), between(-25, 20)}, 0.7}},
         between(70, 250),
         1.0});
  }

  // Faint ones and tiny ones are a third.
  Bleed draw_one() {
    Bleed bleed = draw_bleed(head_, random_);
    if (chance(0.36, random_)) {
      bleed.hu = between(48, 58);
      bleed.radius = std::min(bleed.radius, log_between(2.5, 9, random_));
      if (bleed.kind == BleedKind::kSubdural || bleed.kind == BleedKind::kEpidural)
        bleed.thickness = log_between(2, 7, random_);
    }
    if (bleed.kind == BleedKind::kIntraventricular && varied_.level == kBase && chance(0.5, random_))
      bleed.settled_from = between(-10, 25);
    return bleed;
  }

  void draw_bleeds() {
    const double share = random_.uniform();
    if (share < 0.42) return;
    head_.bleed = draw_one();
    if (share < 0.85) return;
    head_.further.push_back(draw_one());
    if (head_.further.back().kind == BleedKind::kIntraparenchymal && chance(0.5, random_)) {
      // Contusions come in groups.
      const Bleed first = head_.further.back();
      const int more = 1 + static_cast<int>(random_.below(4));
      for (int k = 0; k < more; ++k) {
        Bleed other = first;
        other.radius = log_between(2, 8, random_);
        other.centre = {first.centre.x + random_.normal(0, 9), first.centre.y + random_.normal(0, 9)};
        other.hu = first.hu + random_.normal(0, 5);
        head_.further.push_back(other);
      }
    }
  }

  VariedAnatomy& varied_;
  Anatomy& head_;
  RandomStream& random_;
};

}  // namespace

VariedAnatomy draw_varied_anatomy(RandomStream& random) {
  VariedAnatomy varied;
  varied.head = draw_anatomy(random);
  varied.level = static_cast<int>(varied.head.level);
  if (varied.head.level == SliceLevel::kBasalGanglia && random.uniform() < 0.45) varied.level = kBase;
  Addition(varied, random).draw();
  return varied;
}

}  // namespace fl

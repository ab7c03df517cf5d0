#include "trainer/data/phantom/phantom_anatomy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fl {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kFront = -kPi / 2, kBack = kPi / 2;  // polar angles; 0 is the image's right
constexpr double kCalcium = 160, kSinus = 51, kFalx = 48, kHeadRest = 250;

double difference(double a, double b) {
  return std::remainder(a - b, 2 * kPi);
}
double bump(double angle, double centre, double width) {
  const double u = difference(angle, centre) / width;
  return std::exp(-u * u);
}

// A periodic function with random low harmonics and a standard deviation of about `amplitude`.
class Wobble {
 public:
  Wobble(int first, int last, double amplitude, RandomStream& random) : first_(first) {
    for (int k = first; k <= last; ++k) {
      terms_.push_back({random.normal(0, amplitude * first / k), random.uniform(0, 2 * kPi)});
    }
  }
  [[nodiscard]] double at(double angle) const {
    double sum = 0;
    int k = first_;
    for (const auto& [size, phase] : terms_) sum += size * std::cos(k++ * angle + phase);
    return sum;
  }

 private:
  int first_;
  std::vector<std::pair<double, double>> terms_;
};

// What is the same of every head at an angle of its outlines.
struct Direction {
  double angle, cosine, sine, crest, protuberance, temples;
};
const std::array<Direction, Outline::kAngles>& directions() {
  static const auto all = [] {
    std::array<Direction, Outline::kAngles> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      const double a = Outline::angle_of(i);
      made[i] = {a,
                 std::cos(a),
                 std::sin(a),
                 bump(a, kFront, 0.09),
                 bump(a, kBack, 0.13),
                 bump(a, -0.25, 0.35) + bump(a, kPi + 0.25, 0.35)};
    }
    return made;
  }();
  return all;
}

void draw_outlines(Anatomy& head, RandomStream& random) {
  double half_length = random.uniform(80, 96);
  if (head.level == SliceLevel::kConvexity) half_length *= random.uniform(0.86, 0.97);
  const double half_width = half_length * random.uniform(0.76, 0.89);
  const double power = random.uniform(2.0, 2.4);
  const double egg = random.uniform(0.0, 0.07);  // heads are wider at the back
  const double bone = random.uniform(4.5, 7.5), scalp = random.uniform(3.5, 6.5);
  const double crest = random.uniform(0.5, 4), protuberance = random.uniform(1, 6);
  const Wobble shape(2, 5, 0.008, random), bone_wobble(2, 7, 0.35, random), scalp_wobble(1, 5, 0.6, random);
  for (std::size_t i = 0; i < Outline::kAngles; ++i) {
    const Direction& direction = directions()[i];
    const double a = direction.angle, c = direction.cosine, s = direction.sine;
    const double base = std::pow(
        std::pow(std::abs(c) / half_width, power) + std::pow(std::abs(s) / half_length, power), -1 / power);
    const double outer = base * (1 + shape.at(a) + egg * s * c * c * 1.5);
    double thickness = bone + 1.2 * s * s + bone_wobble.at(a);
    thickness += crest * direction.crest + protuberance * direction.protuberance;
    head.skull.at(i) = outer;
    head.brain.at(i) = outer - std::max(thickness, 3.0);
    const double swollen = head.swelling > 0 ? head.swelling * bump(a, head.swelling_angle, 0.4) : 0.0;
    head.skin.at(i) =
        outer + std::max(scalp + scalp_wobble.at(a) + head.muscle * direction.temples + swollen, 2.5);
  }
}

Stroke mirrored(Stroke stroke) {
  for (auto& node : stroke.nodes) node.point.x = -node.point.x;
  return stroke;
}
Ellipse mirrored(Ellipse ellipse) {
  ellipse.centre.x = -ellipse.centre.x;
  ellipse.angle = -ellipse.angle;
  return ellipse;
}

// Draws the inside of one head; the members share its proportions.
class Interior {
 public:
  Interior(Anatomy& head, RandomStream& random)
      : head_(head),
        random_(random),
        size_(head.brain.radius(kBack) / 82.0),
        width_(head.brain.radius(0) / 66.0) {
    atrophy_ = std::exp(random.normal(0, 0.4));
    ventricles_ = std::exp(random.normal(0.1, 0.3));
    roll_ = random.normal(0, 0.13);
    head_.rim = std::clamp(0.7 * atrophy_, 0.3, 2.6);
  }

  void draw() {
    draw_sulci();
    draw_falx();
    if (head_.level == SliceLevel::kBasalGanglia) draw_basal_ganglia_level();
    if (head_.level == SliceLevel::kVentricleBodies) draw_ventricle_bodies_level();
    draw_sinus();
  }

 private:
  // Node with a natural scatter; positions are those of a head of average size.
  Stroke::Node node(double x, double y, double radius) {
    return {{(x + random_.normal(0, 0.6)) * width_, (y + random_.normal(0, 0.8)) * size_},
            radius * std::exp(random_.normal(0, 0.1))};
  }

  void add_pair(std::vector<Stroke>& to, const std::vector<Stroke::Node>& right, double hu, double edge,
                Space space) {
    // Each side has its own scatter and its own size: left and right are never quite equal, and a tilted
    // head shows more of one.
    for (const bool left : {false, true}) {
      Stroke stroke{{}, hu, edge, space};
      const double swell = std::exp(random_.normal(0, 0.08) + (left ? -roll_ : roll_));
      for (const auto& n : right) stroke.nodes.push_back(node(n.point.x, n.point.y, n.radius * swell));
      to.push_back(left ? mirrored(stroke) : stroke);
    }
  }

  void add_nuclei(double x, double y, double rx, double ry, double angle) {
    const double hu = head_.grey - random_.uniform(0, 1.5);
    for (const bool left : {false, true}) {
      const auto centre = node(x, y, 1).point;
      const Ellipse nucleus{centre, rx * width_, ry * size_, angle, hu, 3.0};
      head_.nuclei.push_back(left ? mirrored(nucleus) : nucleus);
    }
  }

  void maybe_calcify(Point at, double chance, double smallest, double largest) {
    if (random_.uniform() >= chance) return;
    // Grains rather than one disc; where they are thin they measure no more than blood does.
    const int grains = 1 + static_cast<int>(random_.below(4));
    const double whole = random_.uniform(smallest, largest);
    const double hu = kCalcium * std::exp(random_.uniform(-0.5, 1.2));
    for (int k = 0; k < grains; ++k) {
      const double r = whole * random_.uniform(0.5, 1.0);
      const Point grain{at.x + whole * random_.normal(0, 0.6) * (k > 0),
                        at.y + whole * random_.normal(0, 0.9) * (k > 0)};
      head_.dense_spots.push_back({grain, r, r * random_.uniform(0.5, 1.0), random_.uniform(0, kPi),
                                   hu * random_.uniform(0.6, 1.2), 1.2});
    }
  }

  void draw_sulci() {
    const bool top = head_.level == SliceLevel::kConvexity;
    double angle = random_.uniform(0, 0.15);
    while (angle < 2 * kPi) {
      const double rim_radius = head_.brain.radius(angle);
      const bool midline = std::abs(std::cos(angle)) < 0.09;
      const double depth = random_.uniform(4, top ? 24 : 16) * std::min(1.2, 0.75 + 0.25 * atrophy_);
      const double lean = random_.normal(0, 0.45);
      const double wide = std::clamp(random_.uniform(0.4, 1.3) * atrophy_, 0.3, 2.1);
      if (!midline) {
        Stroke sulcus{{}, head_.fluid + 4, 1.4, Space::kSubarachnoid};
        for (int k = 0; k <= 3; ++k) {
          const double t = k / 3.0, r = rim_radius + 1 - t * depth;
          const double a = angle + (lean * t * t * depth + random_.normal(0, 0.8) * (k > 0)) / r;
          sulcus.nodes.push_back({{r * std::cos(a), r * std::sin(a)}, wide * (1.1 - 0.5 * t)});
        }
        Stroke bank = sulcus;  // the folded cortex on both sides
        bank.hu = head_.grey;
        bank.edge = 2.5;
        bank.space = Space::kNone;
        for (auto& n : bank.nodes) n.radius += head_.cortex * 0.75;
        head_.grey_strokes.push_back(std::move(bank));
        head_.fluid_strokes.push_back(std::move(sulcus));
      }
      angle += random_.uniform(6, 13) / rim_radius;
    }
  }

  // The membrane between the hemispheres, and the fluid beside it.
  void draw_falx() {
    const double front = head_.brain.radius(kFront), back = head_.brain.radius(kBack);
    const bool whole = head_.level == SliceLevel::kConvexity;
    const double front_end = whole ? 0 : 40 * size_, back_end = whole ? 0 : 40 * size_;
    const double bow = random_.normal(0, 0.9);
    const double wide = std::clamp(random_.uniform(0.5, 1.1) * atrophy_, 0.4, 1.8);
    const double dense = kFalx + random_.normal(0, 4), thick = random_.uniform(0.25, 0.7);
    const auto line = [&](double y0, double y1, double radius, double hu, double edge,
                          Space space = Space::kNone) {
      Stroke stroke{{}, hu, edge, space};
      for (int k = 0; k <= 4; ++k) {
        const double t = k / 4.0;
        stroke.nodes.push_back(
            {{bow * std::sin(kPi * t) + random_.normal(0, 0.3), y0 + t * (y1 - y0)}, radius});
      }
      return stroke;
    };
    for (const auto& [from, to] : {std::pair{-front, -front_end}, std::pair{back, back_end}}) {
      Stroke bank = line(from, to, wide + 3, head_.grey, 2.5);
      head_.grey_strokes.push_back(std::move(bank));
      head_.fluid_strokes.push_back(
          line(from, to, from < 0 ? wide : 0.6 * wide, head_.fluid + 3, 1.4, Space::kSubarachnoid));
      head_.membranes.push_back(line(from, to, thick, dense, 0.8));
    }
    maybe_calcify({bow * 0.5, -front * random_.uniform(0.65, 0.9)}, 0.12, 1.0, 2.2);
  }

  void draw_basal_ganglia_level() {
    const double v = ventricles_;
    add_nuclei(13, -22, 5, 9, 0.2);     // head of the caudate
    add_nuclei(25, -7, 7, 15, -0.3);    // lentiform nucleus
    add_nuclei(11, 11, 8.5, 14, -0.4);  // thalamus
    add_pair(head_.fluid_strokes, {{{3.5, -13}, 1.6 * v}, {{5.5, -22}, 2.9 * v}, {{11, -32}, 1.7 * v}},
             head_.fluid, 1.6, Space::kVentricle);
    add_pair(head_.fluid_strokes, {{{19, 27}, 2.6 * v}, {{24, 36}, 3.6 * v}, {{23, 47}, 1.3 * v}},
             head_.fluid, 1.6, Space::kVentricle);
    const double edge = head_.brain.radius(0) / width_;
    const double fissure = std::clamp(1.2 * atrophy_, 0.7, 2.6);
    add_pair(head_.grey_strokes, {{{edge, -16}, 5}, {{edge - 17, -9}, 4.5}, {{edge - 22, 8}, 4}}, head_.grey,
             2.5, Space::kNone);
    add_pair(head_.fluid_strokes,
             {{{edge, -16}, 1.3 * fissure}, {{edge - 15, -9}, fissure}, {{edge - 20, 7}, 0.7 * fissure}},
             head_.fluid + 3, 1.6, Space::kSubarachnoid);
    head_.fluid_strokes.push_back({{node(0, -5, 0.9 * v), node(0, 3, 1.3 * v), node(0, 10, 0.8 * v)},
                                   head_.fluid + 2,
                                   1.4,
                                   Space::kVentricle});
    head_.fluid_strokes.push_back(
        {{node(-11, 25, 1.2), node(-5, 21, 1.7), node(0, 20, 1.9), node(5, 21, 1.7), node(11, 25, 1.2)},
         head_.fluid + 2,
         1.6,
         Space::kSubarachnoid});
    maybe_calcify(node(0, 17, 1).point, 0.6, 1.2, 3.0);  // pineal gland
    for (const double side : {-1.0, 1.0}) {
      maybe_calcify(node(side * 22, 33, 1).point, 0.55, 1.2, 3.2);  // choroid plexus
      maybe_calcify(node(side * 21, -5, 1).point, 0.08, 1.0, 2.5);  // globus pallidus
    }
  }

  void draw_ventricle_bodies_level() {
    const double v = ventricles_;
    add_nuclei(16, -20, 4, 14, -0.1);  // body of the caudate
    const double spread = random_.uniform(0.8, 1.15);
    add_pair(head_.fluid_strokes,
             {{{13 * spread, -35}, 1.4 * v},
              {{8 * spread, -25}, 3.0 * v},
              {{6.5 * spread, -8}, 2.9 * v},
              {{9 * spread, 10}, 3.1 * v},
              {{17 * spread, 26}, 3.8 * v},
              {{21 * spread, 37}, 1.8 * v}},
             head_.fluid, 1.6, Space::kVentricle);
    for (const double side : {-1.0, 1.0})
      maybe_calcify(node(side * 17 * spread, 26, 1).point, 0.55, 1.2, 3.2);  // choroid plexus
  }

  void draw_sinus() {
    const double back = head_.brain.radius(kBack), r = random_.uniform(2, 4);
    head_.dense_spots.push_back(
        {{random_.normal(0, 1), back - r * 0.7}, r, r * 0.9, 0, kSinus + random_.normal(0, 3), 1.5});
  }

  Anatomy& head_;
  RandomStream& random_;
  double size_, width_;
  double atrophy_ = 1, ventricles_ = 1, roll_ = 0;
};

// Air in the frontal bone, where a slice is low enough to meet it.
void draw_frontal_sinus(Anatomy& head, RandomStream& random) {
  if (head.level != SliceLevel::kBasalGanglia || random.uniform() >= 0.3) return;
  const double middle = (head.skull.radius(kFront) + head.brain.radius(kFront)) / 2;
  const int cells = 1 + static_cast<int>(random.below(3));
  for (int k = 0; k < cells; ++k)
    head.air_cells.push_back({{random.normal(0, 6), -middle + random.normal(0, 0.5)},
                              random.uniform(2, 6),
                              random.uniform(1.2, 2.6),
                              0,
                              -900,
                              1.2});
}

// A cushioned trough: whole, or only its two edges where the cushion is thick.
void draw_head_rest(Anatomy& head, RandomStream& random) {
  if (random.uniform() >= 0.7) return;
  const double reach = head.skin.radius(kBack) + random.uniform(4, 12);
  const double bend = random.uniform(95, 130), half = random.uniform(0.55, 1.05),
               lean = random.normal(0, 0.12);
  const double gap = random.uniform() < 0.5 ? random.uniform(0.4, 0.75) : 0.0;
  const double thick = random.uniform(0.8, 2.0);
  for (const double side : {-1.0, 1.0}) {
    Stroke rest{{}, kHeadRest, 1.0};
    for (int k = 0; k <= 6; ++k) {
      const double a = kBack + lean + side * half * (gap + (1 - gap) * k / 6.0);
      rest.nodes.push_back({{bend * std::cos(a), reach - bend + bend * std::sin(a)}, thick});
    }
    head.outside.push_back(std::move(rest));
  }
}

}  // namespace

Anatomy draw_anatomy(RandomStream& random) {
  Anatomy head;
  const double which = random.uniform();
  head.level = which < 0.42   ? SliceLevel::kBasalGanglia
               : which < 0.78 ? SliceLevel::kVentricleBodies
                              : SliceLevel::kConvexity;
  head.centre = {random.normal(0, 4), random.normal(-3, 4)};
  head.angle = random.normal(0, 0.13);
  head.field_of_view = random.uniform(205, 242);
  head.muscle = head.level == SliceLevel::kBasalGanglia ? random.uniform(1, 7) : 0.0;
  head.grey = random.normal(37, 1.0);
  head.white = head.grey - random.uniform(5, 10);
  head.fluid = random.uniform(4, 10);
  head.cortex = random.uniform(3, 4.5);
  const bool top = head.level == SliceLevel::kConvexity;
  head.bevel = top ? random.uniform(1.2, 3.5) : random.uniform(0.8, 1.6);
  head.bevel_tilt = random.uniform(0, 0.9);
  head.bevel_angle = random.uniform(-kPi, kPi);
  head.swelling = random.uniform() < 0.2 ? random.uniform(2, 9) : 0.0;
  head.swelling_angle = random.uniform(-kPi, kPi);
  draw_outlines(head, random);
  Interior(head, random).draw();
  draw_frontal_sinus(head, random);
  draw_head_rest(head, random);
  head.coarse = Relief(14, random);
  head.fine = Relief(5.5, random);
  return head;
}

}  // namespace fl

#include "trainer/data/phantom/phantom_render.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/data/phantom/phantom_canvas.h"

namespace fl {
namespace {

constexpr double kAir = -1000, kBone = 1100, kMarrow = 450, kFat = -75, kSkin = 42, kMuscle = 46,
                 kOedema = 19;
constexpr double kSkinThickness = 2.8;

// Most of the skull's inner border lies within so many mm.
double widest_bevel(const Anatomy& head) {
  return head.bevel * (1 + std::abs(head.bevel_tilt));
}

bool beside_brain(const Bleed& bleed) {
  return bleed.kind == BleedKind::kSubdural || bleed.kind == BleedKind::kEpidural;
}

// From how many mm below the brain's border on nothing of what is painted depends on the depth.
double deep_from(const Anatomy& head, double pixel) {
  double deep = std::max(
      {head.cortex + 3.5 + 1.5 * head.coarse.bound(), head.rim + 0.8, widest_bevel(head) + 2 * pixel});
  const auto make_room = [&](const Bleed& bleed) {
    if (beside_brain(bleed))
      deep = std::max(deep, bleed.thickness + 0.5 * head.fine.bound() + std::max(1.2, pixel));
  };
  if (head.bleed) make_room(*head.bleed);
  for (const Bleed& bleed : head.further) make_room(bleed);
  return deep + 0.01;
}

// The two reliefs over the pixels that may be brain.
class Texture {
 public:
  Texture(const HeadMap& map, const Anatomy& head) : map_(map), coarse_(count(map)), fine_(count(map)) {
    std::vector<double> xs, ys;
    for (int y = 0; y < map.side(); ++y) {
      const auto [first, last] = map.brain_run(y);
      if (first >= last) continue;
      const auto length = static_cast<std::size_t>(last - first);
      xs.resize(length);
      ys.resize(length);
      map.points(y, first, xs, ys);
      head.coarse.at(xs, ys, std::span(coarse_).subspan(map.index(first, y), length));
      head.fine.at(xs, ys, std::span(fine_).subspan(map.index(first, y), length));
    }
  }
  [[nodiscard]] double coarse(int x, int y) const { return coarse_[map_.index(x, y)]; }
  [[nodiscard]] double fine(int x, int y) const { return fine_[map_.index(x, y)]; }

 private:
  static std::size_t count(const HeadMap& map) {
    return static_cast<std::size_t>(map.side()) * static_cast<std::size_t>(map.side());
  }
  const HeadMap& map_;
  std::vector<double> coarse_, fine_;
};

// Grey matter at the surface, white below, a film of fluid outside; the borders wander.
double brain_hu(const Anatomy& head, double coarse, double fine, double depth) {
  const double white = smooth_step(head.cortex - 1, head.cortex + 3.5, depth + 1.5 * coarse);
  const double matter = head.grey + white * (head.white - head.grey) + 0.9 * coarse + 1.0 * fine;
  const double film = 1 - smooth_step(head.rim - 0.8, head.rim + 0.8, depth);
  return matter + film * (head.fluid + 4 - matter);
}

void paint_brain(Canvas& canvas, const Anatomy& head, const Texture& texture) {
  const HeadMap& map = canvas.map();
  for (int y = 0; y < canvas.side(); ++y) {
    const auto [first, last] = map.brain_run(y);
    for (int x = first; x < last; ++x) {
      const double coarse = texture.coarse(x, y), fine = texture.fine(x, y);
      const Zone zone = map.zone(x, y);
      if (zone == Zone::kDeep) {  // white matter, and no fluid
        canvas.at(x, y) =
            static_cast<float>(head.grey + (head.white - head.grey) + 0.9 * coarse + 1.0 * fine);
      } else if (zone == Zone::kBorder) {
        const double depth = head.brain.depth(map.polar(x, y));
        if (depth > -2 * canvas.pixel())
          canvas.at(x, y) = static_cast<float>(brain_hu(head, coarse, fine, depth));
      }
    }
  }
}

void paint_moved(Canvas& canvas, std::vector<Stroke> strokes, const Anatomy& head) {
  for (Stroke& stroke : strokes) {
    for (auto& node : stroke.nodes) node.point = displaced(node.point, head);
    canvas.paint(stroke);
  }
}

void paint_moved(Canvas& canvas, std::vector<Ellipse> ellipses, const Anatomy& head) {
  for (Ellipse& ellipse : ellipses) {
    ellipse.centre = displaced(ellipse.centre, head);
    canvas.paint(ellipse);
  }
}

// Blood in the fluid's own spaces takes their form, a little widened.
void paint_filled_spaces(Canvas& canvas, const Anatomy& head, const Bleed& bleed) {
  StrokeShare share{.whole = 0.85, .behind = {}};
  if (bleed.kind == BleedKind::kIntraventricular) share.behind = bleed.settled_from;
  for (const Stroke& fluid : head.fluid_strokes) {
    if (!fills(bleed, fluid)) continue;
    Stroke blood = fluid;
    blood.hu = bleed.hu;
    for (auto& node : blood.nodes) node.radius += bleed.thickness;
    canvas.paint(blood, share);
  }
}

double blood_hu(const Bleed& bleed, const Texture& texture, int x, int y) {
  return bleed.hu + 2.0 * texture.coarse(x, y) + 1.5 * texture.fine(x, y);
}

void paint_blood_beside(Canvas& canvas, const Anatomy& head, const Bleed& bleed, const Texture& texture) {
  const HeadMap& map = canvas.map();
  for (int y = 0; y < canvas.side(); ++y) {
    const auto [first, last] = map.brain_run(y);
    for (int x = first; x < last; ++x) {
      if (map.zone(x, y) != Zone::kBorder) continue;  // no such blood is kDeep
      const Polar p = map.polar(x, y);
      const double depth = head.brain.depth(p);
      if (depth < -2 * canvas.pixel()) continue;
      const double thickness = extra_axial_thickness(bleed, p.angle);
      if (thickness > 0.5)
        canvas.blend(x, y, blood_hu(bleed, texture, x, y),
                     canvas.coverage(thickness + 0.5 * texture.fine(x, y) - depth, 1.2));
    }
  }
}

void paint_blood_within(Canvas& canvas, const Anatomy& head, const Bleed& bleed, const Texture& texture) {
  const HeadMap& map = canvas.map();
  const LobedBlob blob(bleed);
  // Nothing is covered further outside: the wider of both edges, and what the texture adds.
  const double margin = bleed.oedema + std::max(4.0, canvas.pixel()) + 0.7 * head.fine.bound();
  for (int y = 0; y < canvas.side(); ++y) {
    const auto [first, last] = map.brain_run(y);
    for (int x = first; x < last; ++x) {
      const Point point = map.point(x, y);
      if (blob.far_from(point, margin)) continue;
      const Zone zone = map.zone(x, y);
      if (zone != Zone::kDeep &&
          (zone != Zone::kBorder || head.brain.depth(map.polar(x, y)) < -2 * canvas.pixel()))
        continue;
      const double within = blob.depth(point) + 0.7 * texture.fine(x, y);
      if (bleed.oedema > 0) canvas.blend(x, y, kOedema, 0.8 * canvas.coverage(within + bleed.oedema, 4.0));
      canvas.blend(x, y, blood_hu(bleed, texture, x, y), canvas.coverage(within, 1.6));
    }
  }
}

void paint_bleed(Canvas& canvas, const Anatomy& head, const Bleed& bleed, const Texture& texture) {
  if (beside_brain(bleed)) return paint_blood_beside(canvas, head, bleed, texture);
  if (bleed.kind == BleedKind::kIntraparenchymal) return paint_blood_within(canvas, head, bleed, texture);
  paint_filled_spaces(canvas, head, bleed);
}

// One pixel of what lies around the brain.
void paint_shell(Canvas& canvas, const Anatomy& head, int x, int y) {
  const double pixel = canvas.pixel(), widest = widest_bevel(head);
  const Polar p = canvas.map().polar(x, y);
  const Outline::Place place = Outline::place_of(p.angle);
  const double brain = head.brain.radius(place) - p.distance;
  if (brain > widest + 2 * pixel) return;
  const double skull = head.skull.radius(place) - p.distance, skin = head.skin.radius(place) - p.distance;
  double bone = 1;
  if (-brain < std::max(widest, pixel)) {
    const double bevel = head.bevel * (1 + head.bevel_tilt * std::cos(p.angle - head.bevel_angle));
    if (brain > bevel + 2 * pixel) return;
    bone = canvas.coverage(-brain, bevel);
  }
  const double marrow = smooth_step(1.2, 2.6, std::min(skull, -brain));
  canvas.blend(x, y, kBone + marrow * (kMarrow - kBone), bone);
  if (skull > 2 * pixel) return;
  const double scalp = skin - skull;
  const double below_bone = smooth_step(0, 1.5, -skull);
  const double muscle = smooth_step(6.5, 8.5, scalp) * below_bone;
  double swollen = 0;
  if (head.swelling > 0) {
    const double sine = std::sin((p.angle - head.swelling_angle) / 2);
    swollen = std::exp(-8 * (sine * sine)) * std::min(1.0, head.swelling / 5);
  }
  const double dense = std::max(muscle, swollen * below_bone);
  double soft = kFat + dense * (kMuscle - kFat);
  soft += (1 - smooth_step(kSkinThickness - 0.8, kSkinThickness + 0.8, skin)) * (kSkin - soft);
  canvas.blend(x, y, soft, canvas.coverage(-skull, 0.8));
  canvas.blend(x, y, kAir, canvas.coverage(-skin, 0.8));
}

// Marrow between two tables of bone, then muscle or fat, then skin.
void paint_shell(Canvas& canvas, const Anatomy& head) {
  for (int y = 0; y < canvas.side(); ++y)
    for (int x = 0; x < canvas.side(); ++x) {
      const Zone zone = canvas.map().zone(x, y);
      if (zone == Zone::kDeep) continue;
      // Air that nothing has been painted on stays air.
      if (zone == Zone::kOutside && canvas.at(x, y) == static_cast<float>(kAir)) continue;
      paint_shell(canvas, head, x, y);
    }
}

}  // namespace

HuSlice render_anatomy(const Anatomy& anatomy, int side, const std::stop_token& stop) {
  FL_CHECK(side > 0);
  const auto n = static_cast<std::size_t>(side);
  HuSlice slice{side, anatomy.field_of_view / side, std::vector<float>(n * n, static_cast<float>(kAir))};
  const HeadMap map(side, slice.millimetres, anatomy, deep_from(anatomy, slice.millimetres));
  Canvas canvas(slice, map);
  const Texture texture(map, anatomy);
  paint_brain(canvas, anatomy, texture);
  if (stop.stop_requested()) return slice;
  paint_moved(canvas, anatomy.grey_strokes, anatomy);
  paint_moved(canvas, anatomy.nuclei, anatomy);
  paint_moved(canvas, anatomy.fluid_strokes, anatomy);
  paint_moved(canvas, anatomy.membranes, anatomy);
  if (anatomy.bleed) paint_bleed(canvas, anatomy, *anatomy.bleed, texture);
  for (const Bleed& bleed : anatomy.further) paint_bleed(canvas, anatomy, bleed, texture);
  paint_moved(canvas, anatomy.dense_spots, anatomy);
  if (stop.stop_requested()) return slice;
  paint_shell(canvas, anatomy);
  for (const Ellipse& cell : anatomy.air_cells) canvas.paint(cell);
  for (const Stroke& stroke : anatomy.outside) canvas.paint(stroke);
  return slice;
}

}  // namespace fl

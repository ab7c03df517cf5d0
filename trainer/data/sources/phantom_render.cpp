#include "trainer/data/sources/phantom_render.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/data/sources/phantom_canvas.h"

namespace fl {
namespace {

constexpr double kAir = -1000, kBone = 1100, kMarrow = 450, kFat = -75, kSkin = 42, kMuscle = 46,
                 kOedema = 19;
constexpr double kSkinThickness = 2.8;

double smooth_step(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

// Grey matter at the surface, white below, a film of fluid outside; the borders wander.
double brain_hu(const Anatomy& head, Point p, double depth) {
  const double wander = head.coarse.at(p);
  const double white = smooth_step(head.cortex - 1, head.cortex + 3.5, depth + 1.5 * wander);
  const double matter = head.grey + white * (head.white - head.grey) + 0.9 * wander + 1.0 * head.fine.at(p);
  const double film = 1 - smooth_step(head.rim - 0.8, head.rim + 0.8, depth);
  return matter + film * (head.fluid + 4 - matter);
}

void paint_brain(Canvas& canvas, const Anatomy& head) {
  for (int y = 0; y < canvas.side(); ++y)
    for (int x = 0; x < canvas.side(); ++x) {
      const Polar& p = canvas.to_head(x, y);
      const double depth = head.brain.depth(p);
      if (depth > -2 * canvas.pixel()) canvas.at(x, y) = static_cast<float>(brain_hu(head, p.point, depth));
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
  const auto settled = [&](Point p) {
    return bleed.kind != BleedKind::kIntraventricular ? 0.85
                                                      : smooth_step(-1.5, 1.5, p.y - bleed.settled_from);
  };
  for (const Stroke& fluid : head.fluid_strokes) {
    if (!fills(bleed, fluid)) continue;
    Stroke blood = fluid;
    blood.hu = bleed.hu;
    for (auto& node : blood.nodes) node.radius += bleed.thickness;
    canvas.paint(blood, settled);
  }
}

void paint_bleed(Canvas& canvas, const Anatomy& head, const Bleed& bleed) {
  if (bleed.kind == BleedKind::kSubarachnoid || bleed.kind == BleedKind::kIntraventricular)
    return paint_filled_spaces(canvas, head, bleed);
  const bool inside_brain = bleed.kind == BleedKind::kIntraparenchymal;
  for (int y = 0; y < canvas.side(); ++y)
    for (int x = 0; x < canvas.side(); ++x) {
      const Polar& p = canvas.to_head(x, y);
      const double depth = head.brain.depth(p);
      if (depth < -2 * canvas.pixel()) continue;
      const double blood = bleed.hu + 2.0 * head.coarse.at(p.point) + 1.5 * head.fine.at(p.point);
      if (!inside_brain) {
        const double thickness = extra_axial_thickness(bleed, p.angle);
        if (thickness > 0.5)
          canvas.blend(x, y, blood, canvas.coverage(thickness + 0.5 * head.fine.at(p.point) - depth, 1.2));
        continue;
      }
      const double within = parenchymal_depth(bleed, p.point) + 0.7 * head.fine.at(p.point);
      if (bleed.oedema > 0) canvas.blend(x, y, kOedema, 0.8 * canvas.coverage(within + bleed.oedema, 4.0));
      canvas.blend(x, y, blood, canvas.coverage(within, 1.6));
    }
}

// Marrow between two tables of bone, then muscle or fat, then skin.
void paint_shell(Canvas& canvas, const Anatomy& head) {
  for (int y = 0; y < canvas.side(); ++y)
    for (int x = 0; x < canvas.side(); ++x) {
      const Polar& p = canvas.to_head(x, y);
      const double brain = head.brain.depth(p), skull = head.skull.depth(p), skin = head.skin.depth(p);
      const double bevel = head.bevel * (1 + head.bevel_tilt * std::cos(p.angle - head.bevel_angle));
      if (brain > bevel + 2 * canvas.pixel()) continue;
      const double marrow = smooth_step(1.2, 2.6, std::min(skull, -brain));
      canvas.blend(x, y, kBone + marrow * (kMarrow - kBone), canvas.coverage(-brain, bevel));
      if (skull > 2 * canvas.pixel()) continue;
      const double scalp = skin - skull;
      const double muscle = smooth_step(6.5, 8.5, scalp) * smooth_step(0, 1.5, -skull);
      const double swollen = head.swelling > 0
                                 ? std::exp(-8 * std::pow(std::sin((p.angle - head.swelling_angle) / 2), 2)) *
                                       std::min(1.0, head.swelling / 5)
                                 : 0.0;
      const double dense = std::max(muscle, swollen * smooth_step(0, 1.5, -skull));
      double soft = kFat + dense * (kMuscle - kFat);
      soft += (1 - smooth_step(kSkinThickness - 0.8, kSkinThickness + 0.8, skin)) * (kSkin - soft);
      canvas.blend(x, y, soft, canvas.coverage(-skull, 0.8));
      canvas.blend(x, y, kAir, canvas.coverage(-skin, 0.8));
    }
}

}  // namespace

HuSlice render_anatomy(const Anatomy& anatomy, int side) {
  FL_CHECK(side > 0);
  const auto n = static_cast<std::size_t>(side);
  HuSlice slice{side, anatomy.field_of_view / side, std::vector<float>(n * n, static_cast<float>(kAir))};
  Canvas canvas(slice, anatomy);
  paint_brain(canvas, anatomy);
  paint_moved(canvas, anatomy.grey_strokes, anatomy);
  paint_moved(canvas, anatomy.nuclei, anatomy);
  paint_moved(canvas, anatomy.fluid_strokes, anatomy);
  paint_moved(canvas, anatomy.membranes, anatomy);
  if (anatomy.bleed) paint_bleed(canvas, anatomy, *anatomy.bleed);
  paint_moved(canvas, anatomy.dense_spots, anatomy);
  paint_shell(canvas, anatomy);
  for (const Ellipse& cell : anatomy.air_cells) canvas.paint(cell);
  for (const Stroke& stroke : anatomy.outside) canvas.paint(stroke);
  return slice;
}

}  // namespace fl

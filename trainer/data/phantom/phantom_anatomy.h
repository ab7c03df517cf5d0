#pragma once
// What a phantom head is made of: shapes (phantom_shapes.h), each with its Hounsfield value. Drawn at random
// here, painted by phantom_render. Tissue values and sizes follow textbook ranges.

#include <array>
#include <optional>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom_shapes.h"

namespace fl {

enum class BleedKind { kIntraparenchymal, kSubdural, kEpidural, kSubarachnoid, kIntraventricular };

struct Bleed {
  BleedKind kind = BleedKind::kIntraparenchymal;
  double hu = 60;
  // Intraparenchymal: a lobed blob with a rim of oedema.
  Point centre;
  double radius = 0, stretch = 1, tilt = 0;
  std::array<double, 4> lobe_size{}, lobe_phase{};
  double oedema = 0;  // rim, mm
  // Subdural, epidural: blood between brain and skull. Subarachnoid: which sulci it filled, and how far it
  // widened them.
  double angle = 0, half_span = 0, thickness = 0;
  // Intraventricular: which ventricles (-1 left, 1 right, 0 both), and from where on backwards; who lies on
  // the back has the blood settle there.
  int side = 0;
  double settled_from = 0;
};

enum class SliceLevel { kBasalGanglia, kVentricleBodies, kConvexity };

struct Anatomy {
  SliceLevel level = SliceLevel::kBasalGanglia;
  // Pose in the field of view.
  Point centre;
  double angle = 0;
  double field_of_view = 230;  // mm

  Outline brain, skull, skin;  // skull: its outer table; brain: its inner table
  double rim = 1;              // fluid between brain and skull, mm
  double cortex = 4;           // grey matter's depth, mm
  double grey = 37, white = 28, fluid = 7;
  double muscle = 0;  // thickness of the temporal muscles, mm
  // The slice cuts a skull that leans: its inner border is smeared over this width, more on one side where
  // the head is tilted.
  double bevel = 1, bevel_tilt = 0, bevel_angle = 0;
  double swelling = 0, swelling_angle = 0;  // of the scalp, mm; as common with as without a haemorrhage
  Relief coarse, fine;

  // In the order they are painted.
  std::vector<Ellipse> nuclei;
  std::vector<Stroke> grey_strokes, fluid_strokes, membranes;
  std::vector<Ellipse> dense_spots;  // venous sinus and calcifications: bright, and no blood
  std::vector<Ellipse> air_cells;    // the frontal sinus, in the bone
  std::vector<Stroke> outside;       // the head rest
  std::optional<Bleed> bleed;
  std::vector<Bleed> further;  // beside the first, and making no room for themselves
};

Anatomy draw_anatomy(RandomStream& random);

// A haemorrhage for this head. Sizes from hardly visible to large.
Bleed draw_bleed(const Anatomy& anatomy, RandomStream& random);

// Where a point of the healthy brain lies once the haemorrhage has made room for itself.
Point displaced(Point p, const Anatomy& anatomy);

// Thickness of an extra-axial haemorrhage at a polar angle, mm; 0 for an intraparenchymal one.
double extra_axial_thickness(const Bleed& bleed, double angle);
// Whether a subarachnoid or intraventricular haemorrhage reaches this fluid space.
bool fills(const Bleed& bleed, const Stroke& fluid);
// The form of an intraparenchymal haemorrhage.
class LobedBlob {
 public:
  explicit LobedBlob(const Bleed& bleed);
  // How far inside it a point lies, mm; negative outside.
  [[nodiscard]] double depth(Point p) const;
  // Whether a point is further than `margin` mm outside for certain.
  [[nodiscard]] bool far_from(Point p, double margin) const;

 private:
  // In the frame of its axes.
  [[nodiscard]] Point own(Point p) const;

  const Bleed& bleed_;
  double cos_, sin_, root_, reach_;
};

}  // namespace fl

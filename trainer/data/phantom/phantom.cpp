#include "trainer/data/phantom/phantom.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom_acquire.h"
#include "trainer/data/phantom/phantom_anatomy.h"
#include "trainer/data/phantom/phantom_render.h"

namespace fl {
namespace {

// Room for 2^24 slices of a class: adding slices to one class never changes those of the other.
constexpr std::uint32_t kClassShift = 24;

const char* name_of(BleedKind kind) {
  switch (kind) {
    case BleedKind::kIntraparenchymal:
      return "intraparenchymal";
    case BleedKind::kSubdural:
      return "subdural";
    case BleedKind::kEpidural:
      return "epidural";
    case BleedKind::kSubarachnoid:
      return "subarachnoid";
    case BleedKind::kIntraventricular:
      return "intraventricular";
  }
  return "";
}

}  // namespace

Phantom make_phantom(std::uint64_t seed, PhantomClass kind, std::uint32_t number, int side) {
  return *make_phantom(seed, kind, number, side, {});
}

std::optional<Phantom> make_phantom(std::uint64_t seed, PhantomClass kind, std::uint32_t number, int side,
                                    const std::stop_token& stop) {
  FL_CHECK(number < (1u << kClassShift));
  const auto class_index = static_cast<std::uint32_t>(kind);
  RandomStream random(seed, StreamId::kPhantom, (class_index << kClassShift) | number);
  Anatomy anatomy = draw_anatomy(random);
  const Acquisition acquisition = draw_acquisition(random);
  if (kind == PhantomClass::kHemorrhage) anatomy.bleed = draw_bleed(anatomy, random);

  if (stop.stop_requested()) return {};
  Phantom phantom{render_anatomy(anatomy, side, stop),
                  fmt::format("{} {}", kPhantomClasses[class_index], number)};
  if (anatomy.bleed) phantom.name += fmt::format(", {}", name_of(anatomy.bleed->kind));
  if (stop.stop_requested() || !acquire(phantom.slice, acquisition, random, stop)) return {};
  return phantom;
}

int phantom_side_for(int image_size) {
  return std::max(image_size, std::clamp(2 * image_size, 128, 512));
}

}  // namespace fl

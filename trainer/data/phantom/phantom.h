#pragma once
// Generated head-CT slices with and without haemorrhage, so that every lesson runs without a patient's
// data. The way is a scanner's: anatomy is drawn at random (phantom_anatomy.h), painted in Hounsfield units
// (phantom_render.h), acquired with blur, beam hardening and noise (phantom_acquire.h), and only then put
// through the brain window. Not for diagnosis, and not a substitute for real slices.

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "trainer/data/window.h"

namespace fl {

// The order is that of DataSpec::phantom_counts and of the labels.
enum class PhantomClass : std::uint8_t { kHemorrhage = 0, kNormal = 1 };
inline constexpr std::array<const char*, 2> kPhantomClasses = {"Hemorrhage", "Normal"};

struct Phantom {
  HuSlice slice;
  std::string name;  // "Hemorrhage 12, subdural"
};

// Slice `number` of a class. The same arguments give the same bytes, whichever slices were made before; the
// two classes never share a head. Precondition: side > 0.
Phantom make_phantom(std::uint64_t seed, PhantomClass kind, std::uint32_t number, int side);
// The same, or nothing where `stop` is requested meanwhile: it is looked at before each step.
std::optional<Phantom> make_phantom(std::uint64_t seed, PhantomClass kind, std::uint32_t number, int side,
                                    const std::stop_token& stop);

// The side to render for a network that sees `image_size` pixels: finer, so that edges are averaged as a
// scanner's thicker pixels would.
int phantom_side_for(int image_size);

}  // namespace fl

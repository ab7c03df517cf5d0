#pragma once
// Sets of phantoms that were drawn before, kept between starts: two thousand take two seconds to draw and a
// few hundredths to read.
//
// A set is taken from there only where it is what drawing would give: beside what KeptSet asks for, some of
// its phantoms, drawn once more, must be equal to the byte. So a change of the drawing, of the compiler or of
// the mathematical library is noticed even where nobody raised the version.

#include <cstdint>
#include <optional>

#include "trainer/data/dataset.h"
#include "trainer/data/kept_set.h"

namespace fl {

// Rises with every change of what is drawn, or of how it is kept.
inline constexpr int kPhantomVersion = 1;

class PhantomCache {
 public:
  // Smaller sets are drawn sooner than a file is worth.
  static constexpr std::size_t kFewest = 128;

  // Of the phantoms that `spec`, whose channels are decided, and `seed` lead to. Nothing is read or written
  // where `options` name no folder, or want what a file does not keep.
  PhantomCache(const LoadOptions& options, const DataSpec& spec, std::uint64_t seed);

  // All but Dataset::colour; nothing where there is none that can be trusted.
  [[nodiscard]] std::optional<Dataset> read() const;
  // Keeps it where that is possible, in the background that the options name. A cache that cannot be written
  // is none.
  void write(const Dataset& data) const;

 private:
  [[nodiscard]] std::size_t images() const;
  [[nodiscard]] bool is_drawn_so(const Dataset& data) const;
  [[nodiscard]] ImageShape kept_shape() const;

  DataSpec spec_;
  std::uint64_t seed_;
  bool thumbnails_, mirrored_;
  ImageDigest* digest_;
  KeptSet kept_;
};

}  // namespace fl

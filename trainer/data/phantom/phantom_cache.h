#pragma once
// Sets of phantoms that were drawn before, kept in a folder between starts: two thousand take two seconds to
// draw and a few hundredths to read.
//
// A set is taken from there only where it is what drawing would give: the file says the same numbers and the
// same version, its checksum is right, and some of its phantoms, drawn once more, are equal to the byte. So a
// change of the drawing, of the compiler or of the mathematical library is noticed even where nobody raised
// the version.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace fl {

// Rises with every change of what is drawn, or of how it is kept.
inline constexpr int kPhantomVersion = 1;

class PhantomCache {
 public:
  // Smaller sets are drawn sooner than a file is worth; larger ones would crowd out all others.
  static constexpr std::size_t kFewest = 128;
  static constexpr std::size_t kMostFileBytes = std::size_t{128} << 20;
  // Of all sets in the folder together: those that were used last stay.
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;

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
  void drop_oldest() const;
  void save(std::vector<std::byte> bytes, const std::stop_token& stop) const;

  DataSpec spec_;
  std::uint64_t seed_;
  bool thumbnails_;
  Background* background_;
  std::string key_;             // every number that decides the bytes
  std::filesystem::path file_;  // empty: no cache
};

}  // namespace fl

#pragma once
// What an ImageDigest made of the images of a source before, kept between starts by content: the bytes of
// every file, how images are prepared, and the digest's own checksum. Reading files is far faster than
// decoding and embedding what is in them. A set that is larger than KeptSet::kMostFileBytes is not kept, and
// the log says so.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/data/kept_set.h"
#include "trainer/data/sources/image_source.h"

namespace fl {

class DigestCache {
 public:
  // Reads every file of `source` once. `spec`: its channels are decided. Nothing is kept where `options` name
  // no folder. Error: load_cancelled().
  static Result<DigestCache> open(const DataSpec& spec, ImageSource& source, const LoadWatch& watch,
                                  const LoadOptions& options);

  [[nodiscard]] bool keeps() const { return kept_.keeps(); }

  struct Known {
    Dataset data;  // all but skipped, left_out, colour, read_again and original
    // Places of images about which there was something to say, as that they are broken: it has to be said
    // again.
    std::vector<std::uint32_t> remarked;
  };
  // Nothing where there is none that can be trusted.
  [[nodiscard]] std::optional<Known> read() const;
  // `data`, with thumbnails unless there are too many images for them.
  void write(const Dataset& data, std::span<const std::uint32_t> remarked) const;

 private:
  DigestCache(const ClassListing& listing, const LoadOptions& options);
  [[nodiscard]] std::size_t bytes() const;

  const ClassListing* listing_;
  ImageShape shape_;
  bool mirrored_, pictures_;  // what else than the numbers is kept
  KeptSet kept_;
};

}  // namespace fl

#pragma once
// A data set of generated phantoms, drawn on every core or read where it was kept.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "trainer/data/dataset.h"
#include "trainer/data/phantom/phantom.h"

namespace fl {

// As load_dataset, which has checked `asked`. Errors: counts out of range, too many images; load_cancelled().
Result<Dataset> load_phantoms(const DataSpec& asked, std::uint64_t seed, const LoadWatch& watch,
                              const LoadOptions& options);

// Phantom `image` of such a set, counted over both classes; nothing where `stop` is requested meanwhile.
std::optional<Phantom> numbered_phantom(const DataSpec& spec, std::uint64_t seed, std::size_t image,
                                        const std::stop_token& stop);
Phantom numbered_phantom(const DataSpec& spec, std::uint64_t seed, std::size_t image);

}  // namespace fl

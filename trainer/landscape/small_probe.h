#pragma once
// A small probe that stands for a whole one: of each class its share, and of those images some of each
// difficulty. Its mean loss is much closer to that of all than that of as many at random, and stays so
// nearby.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fl {

// `count` of the images of `probe`, at most all. `labels` and `losses`: of each, in that order; the losses
// where the network stands now; one that is not finite is the hardest.
[[nodiscard]] std::vector<std::int32_t> small_probe(std::span<const std::int32_t> probe,
                                                    std::span<const std::int32_t> labels,
                                                    std::span<const double> losses, std::size_t count);

}  // namespace fl

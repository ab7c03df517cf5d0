#pragma once
// A kernel by itself, without any library: whether kernels run here at all, and whether a sanitizer sees what
// they do.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fl::test {

// 0, 1, 2, ... as a kernel wrote them. `beyond`: it writes one word more than its memory has, which only a
// sanitizer notices. Throws std::runtime_error with CUDA's words.
std::vector<std::uint32_t> count_on_device(std::size_t count, bool beyond);

}  // namespace fl::test

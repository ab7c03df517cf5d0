#pragma once
// Kernels that fill words with one number and look for foreign ones: what the ring's tests do on CUDA's side.
// Both only queue on `stream` (a cudaStream_t); they throw std::runtime_error where the launch fails.

#include <cstddef>
#include <cstdint>

namespace fl::test {

void fill_words(void* stream, std::uint32_t* words, std::size_t count, std::uint32_t word);
// Adds to `foreign`, on the device, how many are not `word`.
void count_foreign_words(void* stream, const std::uint32_t* words, std::size_t count, std::uint32_t word,
                         unsigned long long* foreign);

}  // namespace fl::test

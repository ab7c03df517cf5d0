// Weights as they come from anywhere: the container, and what classify makes of it.
#include "tests/fuzz/harness.h"
#include "trainer/files/safetensors.h"
#include "trainer/files/weights_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  const auto file = fl::decode_safetensors(fl::fuzz::bytes_of(data, size));
  if (!file) {
    require(!file.error().message.empty(), "an error says something");
    return 0;
  }
  const auto again = fl::decode_safetensors(fl::encode_safetensors(*file));
  require(again.ok(), "what was written can be read");
  require(again->metadata == file->metadata && again->tensors.size() == file->tensors.size(),
          "reading and writing change nothing");
  (void)fl::read_weights(fl::fuzz::file_with(data, size, ".safetensors"));
  return 0;
}

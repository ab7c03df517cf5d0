// A checkpoint of a small training, changed and then resumed from. The input is a list of changes, four bytes
// each: a place (three bytes, from the end of the file where the highest bit is set) and the byte that goes
// there. So the checkpoint is always of this version, however its format develops.
#include <cmath>

#include "tests/fuzz/harness.h"
#include "trainer/compute/backend.h"
#include "trainer/files/checkpoint.h"
#include "trainer/subjects/training.h"

namespace {

std::unique_ptr<fl::Training> small_training() {
  fl::RunSpec spec;
  spec.data.image_size = 8;
  spec.data.phantom_counts = {3, 3};
  spec.network = "mlp";
  spec.epochs = 2;
  spec.batch_size = 2;
  spec.threads = 1;
  auto data = fl::load_dataset(spec.data, ".", spec.seed);
  fl::fuzz::require(data.ok(), "phantoms can be drawn");
  auto training = fl::Training::create(spec, *std::move(data), *fl::make_cpu_backend(spec.threads));
  fl::fuzz::require(training.ok(), "the training can be made");
  return *std::move(training);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  fl::fuzz::be_silent();
  static const std::unique_ptr<fl::Training> training = [] {
    auto made = small_training();
    made->advance(3);
    return made;
  }();
  static const std::vector<std::byte> whole = fl::encode_safetensors(fl::checkpoint_of(*training));
  std::vector<std::byte> changed = whole;
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    const std::size_t place = ((data[i] & 0x7Fu) << 16u | data[i + 1] << 8u | data[i + 2]) % changed.size();
    changed[(data[i] & 0x80u) != 0 ? changed.size() - 1 - place : place] = std::byte{data[i + 3]};
  }
  const auto file = fl::decode_safetensors(changed);
  if (!file) return 0;
  const std::int64_t before = training->steps();
  const auto restored = fl::restore_checkpoint(*file, "the input", *training);
  if (!restored) {
    require(!restored.error().message.empty(), "an error says something");
    require(training->steps() == before, "a refused checkpoint changes nothing");
    return 0;
  }
  require(training->steps() >= 0 && training->steps() <= training->total_steps(),
          "the step is one of the run");
  (void)training->report();
  const auto back = fl::decode_safetensors(whole);
  require(back.ok() && fl::restore_checkpoint(*back, "the whole one", *training).ok(),
          "the whole one can be restored");
  return 0;
}

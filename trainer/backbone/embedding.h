#pragma once
// What a backbone makes of images: every one is embedded once, and a head is trained on the numbers.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "trainer/backbone/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend.h"

namespace fl {

class Embedder {
 public:
  // Errors: those of Backend::compile.
  static Result<Embedder> make(const KnownNetwork& backbone, Backend& backend);

  [[nodiscard]] TensorShape image() const { return program_->spec().input; }
  // Of one image's embedding.
  [[nodiscard]] std::size_t floats() const { return static_cast<std::size_t>(program_->spec().classes); }
  // `pixels`: [image][channel][y][x], scaled as the backbone wants them; `out`: [image][floats()]. An image's
  // numbers do not depend on those beside it.
  void embed(std::span<const float> pixels, std::span<float> out);

 private:
  explicit Embedder(std::unique_ptr<Program> program) : program_(std::move(program)) {}
  std::unique_ptr<Program> program_;
};

struct EmbeddingWatch {
  std::stop_token stop = {};  // looked at before each image and each batch
  // How many images are embedded, on the calling thread, batch by batch; may be empty.
  std::function<void(std::size_t done, std::size_t all)> report = {};
};

// Writes the pixels of image `index`. Errors: whatever its source can have wrong with it.
using PixelsOfImage = std::function<Result<void>(std::size_t index, std::span<float> pixels)>;

// All embeddings, [image][floats()]. In batches, so that the pixels of a few images at a time are in memory.
// Errors: those of `pixels_of`; load_cancelled().
Result<std::vector<float>> embed_images(Embedder& embedder, std::size_t images,
                                        const PixelsOfImage& pixels_of, const EmbeddingWatch& watch = {});

}  // namespace fl

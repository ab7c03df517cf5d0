#include "trainer/backbone/embedding.h"

#include <algorithm>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/data/load_watch.h"

namespace fl {
namespace {

// 38 MB of pixels; many enough for every thread, and for loading weights to count for little.
constexpr std::size_t kBatch = 64;

}  // namespace

Result<Embedder> Embedder::make(const KnownNetwork& backbone, Backend& backend) {
  FL_TRY_LET(program, backend.compile(backbone.spec, 1));
  (*program)->write_params(backbone.params);
  return Embedder(*std::move(program));
}

void Embedder::embed(std::span<const float> pixels, std::span<float> out) {
  const std::size_t images = pixels.size() / image().floats();
  FL_CHECK(pixels.size() == images * image().floats() && out.size() == images * floats());
  if (images == 0) return;
  program_->set_guests(pixels);
  std::vector<std::int32_t> indices(images);
  std::iota(indices.begin(), indices.end(), 0);
  program_->outputs(indices, out);
}

Result<std::vector<float>> embed_images(Embedder& embedder, std::size_t images,
                                        const PixelsOfImage& pixels_of, const EmbeddingWatch& watch) {
  const std::size_t each = embedder.image().floats();
  std::vector<float> pixels(std::min(kBatch, images) * each), embeddings(images * embedder.floats());
  for (std::size_t begin = 0; begin < images; begin += kBatch) {
    const std::size_t count = std::min(kBatch, images - begin);
    const auto batch = std::span(pixels).first(count * each);
    for (std::size_t i = 0; i < count; ++i) {
      if (watch.stop.stop_requested()) return load_cancelled();
      FL_TRY(pixels_of(begin + i, batch.subspan(i * each, each)));
    }
    if (watch.stop.stop_requested()) return load_cancelled();
    embedder.embed(batch,
                   std::span(embeddings).subspan(begin * embedder.floats(), count * embedder.floats()));
    if (watch.report) watch.report(begin + count, images);
  }
  return embeddings;
}

}  // namespace fl

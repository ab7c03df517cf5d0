#include "trainer/backbone/transfer.h"

#include <algorithm>

#include "trainer/backbone/embedding.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/base/check.h"

namespace fl {

bool is_phantom_backbone(const std::string& backbone) {
  return backbone == kPhantomBackbone || backbone.ends_with(".safetensors");
}

DataSpec for_backbone(DataSpec spec, const std::string& backbone) {
  const bool phantom = is_phantom_backbone(backbone);
  spec.image_size = phantom ? kPhantomImageSize : kTmImageSize;
  spec.channels = 3;
  spec.standardise = phantom;
  return spec;
}

Result<Dataset> embed_dataset(Dataset data, const KnownNetwork& backbone, Backend& backend,
                              const LoadWatch& watch) {
  FL_CHECK(data.shape == backbone.spec.input);
  FL_TRY_LET(embedder, Embedder::make(backbone, backend));
  // From x / 127.5 - 1 to the backbone's own scale.
  const auto factor = static_cast<float>(127.5 / backbone.half_range),
             shift = static_cast<float>(127.5 / backbone.half_range - 1);
  const auto pixels_of = [&](std::size_t image, std::span<float> pixels) -> Result<void> {
    std::ranges::transform(data.image(image), pixels.begin(),
                           [=](float value) { return value * factor + shift; });
    return {};
  };
  const EmbeddingWatch own{.stop = watch.stop, .report = [&](std::size_t done, std::size_t all) {
                             (void)watch.go_on(LoadPhase::kNetwork, done, all);
                           }};
  FL_TRY_LET(embeddings, embed_images(*embedder, data.size(), pixels_of, own));
  data.pixels = *std::move(embeddings);
  data.shape = {static_cast<int>(embedder->floats()), 1, 1};
  return data;
}

}  // namespace fl

#include "trainer/subjects/network/unfrozen.h"

#include <algorithm>
#include <numeric>

#include "trainer/backbone/embedding.h"
#include "trainer/backbone/features_head.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl {

Unfrozen::Unfrozen(const RunSpec& spec, KnownNetwork above, const Standardisation& standardisation,
                   int classes)
    : above_(std::move(above)), head_(dense_head({above_.spec.classes, 1, 1}, spec.head, classes)) {
  for (LayerSpec& layer : above_.spec.layers) layer.rate_factor = spec.backbone_rate;
  if (spec.data.standardise) above_ = with_standardised_outputs(above_, standardisation);
  const std::vector<float> zeros(ParamLayout::of(head_).all_floats);
  network_ = head_on_outputs(above_, {head_, zeros}).spec;
  network_.clip = spec.loss_clip;
}

Result<std::vector<float>> Unfrozen::start(const RunSpec& spec, std::uint64_t seed,
                                           std::span<const float> head) const {
  std::vector<float> own(head.begin(), head.end());
  if (own.empty()) {
    const ParamLayout layout = ParamLayout::of(head_);
    own.resize(layout.all_floats);
    FL_TRY(initialise(layout, spec.init, spec.init_scale, seed, own));
  }
  return head_on_outputs(above_, {head_, std::move(own)}).params;
}

Result<Standardisation> measure_outputs(const KnownNetwork& above, const Dataset& data,
                                        std::span<const std::int32_t> train, Backend& backend) {
  FL_TRY_LET(embedder, Embedder::make(above, backend));
  const std::size_t floats = data.shape.floats();
  Dataset outputs;
  outputs.shape = embedder->shape();
  outputs.pixels.resize(train.size() * embedder->floats());
  std::vector<float> images;
  for (std::size_t done = 0; done < train.size();) {
    const std::size_t count = std::min(embedder->batch(), train.size() - done);
    images.clear();
    for (const std::int32_t image : train.subspan(done, count)) {
      const auto pixels = data.image(static_cast<std::size_t>(image));
      images.insert(images.end(), pixels.begin(), pixels.end());
    }
    FL_CHECK(images.size() == count * floats);
    embedder->embed(images,
                    std::span(outputs.pixels).subspan(done * embedder->floats(), count * embedder->floats()));
    done += count;
  }
  std::vector<std::int32_t> all(train.size());
  std::iota(all.begin(), all.end(), 0);
  return measure_standardisation(outputs, all);
}

Standardisation no_standardisation(int numbers) {
  const auto count = static_cast<std::size_t>(numbers);
  return {std::vector<float>(count, 0.0f), std::vector<float>(count, 1.0f)};
}

}  // namespace fl

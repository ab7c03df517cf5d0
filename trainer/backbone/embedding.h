#pragma once
// What a backbone makes of images: every one is embedded once, and a head is trained on the numbers.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/result.h"
#include "trainer/compute/backend.h"
#include "trainer/data/image_digest.h"
#include "trainer/data/standardise.h"

namespace fl {

// Of layers, weights and scale of pixels: another one for every other network.
[[nodiscard]] std::uint64_t network_checksum(const KnownNetwork& network);

class Embedder final : public ImageDigest {
 public:
  // Errors: those of Backend::compile.
  static Result<Embedder> make(const KnownNetwork& backbone, Backend& backend);

  [[nodiscard]] TensorShape image() const { return program_->spec().input; }
  // Of one image's embedding.
  [[nodiscard]] std::size_t floats() const { return static_cast<std::size_t>(program_->spec().classes); }
  // `pixels`: [image][channel][y][x], scaled as the backbone wants them; `out`: [image][floats()]. An image's
  // numbers do not depend on those beside it.
  void embed(std::span<const float> pixels, std::span<float> out);

  // network_checksum() of the backbone.
  [[nodiscard]] std::uint64_t network() const { return network_; }

  // ImageDigest: the maps of the only output, or floats() x 1 x 1, of pixels in the scale of preprocess().
  // The checksum is that of the backbone and of the device, whose numbers may differ from another's in their
  // last bits.
  [[nodiscard]] TensorShape shape() const override { return shape_; }
  [[nodiscard]] std::size_t batch() const override { return kBatch; }
  [[nodiscard]] std::uint64_t checksum() const override { return checksum_; }
  void digest(std::span<const float> pixels, std::span<float> out) override;

  // What is shown of the backbone at work: one layer for each size of its maps, of each the first channels.
  struct Maps {
    std::string name;   // "backbone 1"
    TensorShape shape;  // at most kMostChannels channels
  };
  static constexpr int kMostMaps = 6, kMostChannels = 16;
  [[nodiscard]] const std::vector<Maps>& maps() const { return maps_; }
  // Of one image, all maps one after the other; `pixels` as for digest().
  void read_maps(std::span<const float> pixels, std::span<float> out);

  // The last maps before what pools them (last_maps of way_back.h), with all their channels; nothing where
  // there are none.
  [[nodiscard]] std::optional<TensorShape> last_maps() const { return last_shape_; }
  // Those of one image, and how its embedding hangs on them: the gradient of sum_k weights[k] * number[k] by
  // each of their values. `pixels` as for digest(). Precondition: there are maps.
  void explain(std::span<const float> pixels, std::span<const float> weights, std::span<float> maps,
               std::span<float> gradient);

 private:
  static constexpr std::size_t kBatch = 16;

  Embedder(std::unique_ptr<Program> program, double half_range, std::uint64_t network,
           std::uint64_t checksum);
  [[nodiscard]] std::span<const float> scaled(std::span<const float> pixels);

  std::unique_ptr<Program> program_;
  double half_range_;  // KnownNetwork::half_range
  std::uint64_t network_, checksum_;
  TensorShape shape_;
  std::optional<int> last_layer_;  // of last_maps()
  std::optional<TensorShape> last_shape_;
  std::vector<int> layers_;          // of maps_
  std::vector<TensorShape> shapes_;  // of layers_, with all their channels
  std::vector<Maps> maps_;
  std::vector<float> scaled_, whole_maps_;  // kept for their memory
};

// What a head takes: [image][floats()] of `pixels` as for Embedder::digest, standardised as the numbers of
// its training were. `standardisation` is empty where those were not.
std::vector<float> features_of(Embedder& embedder, const Standardisation& standardisation,
                               std::span<const float> pixels);

}  // namespace fl

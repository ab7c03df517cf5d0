#pragma once
// Our own backbone: the network that "fallline backbone" trains on phantoms alone, and the frozen one that is
// made of it to embed images.

#include <span>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/net/net_spec.h"

namespace fl {

inline constexpr int kPhantomImageSize = 112;

// Its outputs, in this order. A map of 28 x 28 cells comes out of a layer of 14 x 14 or 7 x 7 pixels: each
// pixel has a channel for each of its cells, [map][cell's row][cell's column].
inline constexpr int kPhantomMaps = 6;                 // all blood, then each kind
inline constexpr int kDetailCells = 2, kMapCells = 4;  // cells along a pixel's side

// Reads [3][112][112], x / 127.5 - 1. A stem of 5 x 5, stride 2, to 32 channels; three residual stages (He et
// al. 2016) of two blocks, 32, 64 and 96 channels, each halving the picture. Outputs: "detail" (14 x 14,
// sigmoid), "map" (7 x 7, sigmoid), "blood" (1, sigmoid), "kinds" (5, sigmoid), "level" (4, softmax).
NetSpec phantom_network();

// A network without its batch norms: each is folded into the convolution before it, by its running
// statistics. `params`, `statistics`: as ParamLayout::of(spec) has them. Precondition: the network has no
// outputs of its own, and each norm is the only reader of a convolution without bias.
KnownNetwork fold_norms(const NetSpec& spec, std::span<const float> params,
                        std::span<const float> statistics);

// Numbers of an embedding: averages and maxima of three stages, then blood, kinds and level as logits.
inline constexpr int kPhantomFeatures = 2 * (32 + 64 + 96) + 1 + 5 + 4;

// What embeds: all of it is frozen, and its outputs are the features. Its stages are the three residual ones.
// `params`, `statistics`: of phantom_network().
KnownNetwork phantom_backbone(std::span<const float> params, std::span<const float> statistics);

}  // namespace fl

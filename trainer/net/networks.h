#pragma once
// The networks that scenes call by name.

#include <string>
#include <vector>

#include "trainer/net/net_spec.h"

namespace fl {

// The reference network of every benchmark: four blocks of 3x3 convolution (16, 32, 64, 64 channels, padding
// 1, bias), ReLU and 2x2 max pooling; global average pooling; dense to the classes.
NetSpec ct_small(TensorShape input, int classes);

// Three residual stages (He et al. 2016) of 16, 32 and 64 channels after a 3x3 stem, two 3x3 convolutions
// with batch norm each in every one of their `blocks`, halving the picture between stages; global average
// pooling; dense. With n blocks a stage it is He's network of 6 n + 2 layers for small pictures: 8, 14, 20
// and so on. Without `skip` the additions and their projections are left out and the rest stays: what a
// landscape looks like without them. Precondition: 1 <= blocks <= kMostBlocks.
inline constexpr int kMostBlocks = 9;
NetSpec ct_resnet(TensorShape input, int classes, bool skip, int blocks = 1);

// Dense 128, ReLU, dense 64, ReLU, dense to the classes.
NetSpec mlp(TensorShape input, int classes);

// What Teachable Machine trains on a backbone's embeddings: dense layers of so many units with ReLU, then one
// to the classes without bias.
NetSpec dense_head(TensorShape input, const std::vector<int>& units, int classes);

struct NetworkOptions {
  bool skip = true;    // ct-resnet
  int blocks = 1;      // ct-resnet: in each stage
  double dropout = 0;  // before the last dense layer; 0: none
};

const std::vector<std::string>& network_names();
// Errors: a name that does not exist, with those that do; an image too small for it.
Result<NetSpec> make_network(const std::string& name, TensorShape input, int classes,
                             const NetworkOptions& options = {});

}  // namespace fl

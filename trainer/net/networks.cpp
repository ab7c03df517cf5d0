#include "trainer/net/networks.h"

#include "trainer/base/check.h"

namespace fl {
namespace {

// Appends layers and knows their numbers, so that the nets below read as drawings of themselves.
class Builder {
 public:
  explicit Builder(NetSpec& spec) : spec_(spec) {}

  int add(LayerSpec layer) {
    spec_.layers.push_back(std::move(layer));
    return last();
  }
  [[nodiscard]] int last() const { return static_cast<int>(spec_.layers.size()) - 1; }

  int convolution(const std::string& name, int channels, int kernel, int stride, int padding, bool bias,
                  int input = LayerSpec::kPrevious) {
    return add({.kind = LayerKind::kConvolution,
                .name = name,
                .input = input,
                .out_channels = channels,
                .kernel = kernel,
                .stride = stride,
                .padding = padding,
                .bias = bias});
  }
  // 3x3 convolution without a bias of its own: the batch norm behind it has one.
  int normalised_convolution(const std::string& name, int channels, int kernel, int stride, int input) {
    convolution(name, channels, kernel, stride, kernel / 2, false, input);
    return add({.kind = LayerKind::kBatchNorm, .name = name + ".norm"});
  }
  int relu(const std::string& name, const std::string& output = {}) {
    return add({.kind = LayerKind::kRelu, .name = name, .output = output});
  }
  void head(int classes, double dropout) {
    if (dropout > 0) add({.kind = LayerKind::kDropout, .name = "dropout", .rate = dropout});
    add({.kind = LayerKind::kDense, .name = "dense", .out_channels = classes});
  }

 private:
  NetSpec& spec_;
};

NetSpec build_ct_small(TensorShape input, int classes, double dropout) {
  NetSpec spec{"ct-small", input, classes, {}};
  Builder net(spec);
  int block = 0;
  for (const int channels : {16, 32, 64, 64}) {
    const std::string number = std::to_string(++block);
    net.convolution("conv" + number, channels, 3, 1, 1, true);
    net.relu("relu" + number, "conv " + number);
    net.add({.kind = LayerKind::kMaxPool, .name = "pool" + number, .kernel = 2, .stride = 2});
  }
  net.add({.kind = LayerKind::kGlobalAveragePool, .name = "gap", .output = "average pool"});
  net.head(classes, dropout);
  return spec;
}

// Two convolutions, and with `skip` what layer `below` brought in added to what they make of it. The layer
// behind which the next activation stands is the newest.
void residual_block(Builder& net, const std::string& name, int below, int channels, int stride,
                    bool same_shape, bool skip) {
  net.normalised_convolution(name + ".conv1", channels, 3, stride, below);
  net.relu(name + ".relu1");
  const int branch = net.normalised_convolution(name + ".conv2", channels, 3, 1, LayerSpec::kPrevious);
  if (!skip) return;
  // Where the shape changes, a 1x1 convolution brings the shortcut along.
  const int shortcut =
      same_shape ? below : net.normalised_convolution(name + ".shortcut", channels, 1, stride, below);
  net.add({.kind = LayerKind::kAdd, .name = name + ".add", .input = branch, .second = shortcut});
}

NetSpec build_ct_resnet(TensorShape input, int classes, bool skip, int blocks, double dropout) {
  FL_CHECK(blocks >= 1 && blocks <= kMostBlocks);
  NetSpec spec{skip ? "ct-resnet" : "ct-resnet without skips", input, classes, {}};
  Builder net(spec);
  net.normalised_convolution("stem", 16, 3, 1, LayerSpec::kPrevious);
  int below = net.relu("stem.relu", "stem");
  int stage = 0;
  for (const int channels : {16, 32, 64}) {
    const std::string number = std::to_string(++stage);
    for (int block = 1; block <= blocks; ++block) {
      // The first block goes by the name of its stage.
      const std::string name = "stage" + number + (block == 1 ? "" : ".block" + std::to_string(block));
      const bool halves = stage > 1 && block == 1;
      residual_block(net, name, below, channels, halves ? 2 : 1, !halves, skip);
      below = net.relu(name + ".relu", block == blocks ? "stage " + number : "");
    }
  }
  net.add({.kind = LayerKind::kGlobalAveragePool, .name = "gap", .output = "average pool"});
  net.head(classes, dropout);
  return spec;
}

NetSpec build_mlp(TensorShape input, int classes, double dropout) {
  NetSpec spec{"mlp", input, classes, {}};
  Builder net(spec);
  int number = 0;
  for (const int width : {128, 64}) {
    const std::string name = std::to_string(++number);
    net.add({.kind = LayerKind::kDense, .name = "dense" + name, .out_channels = width});
    net.relu("relu" + name, "dense " + name);
  }
  net.head(classes, dropout);
  return spec;
}

}  // namespace

NetSpec ct_small(TensorShape input, int classes) {
  return build_ct_small(input, classes, 0);
}

NetSpec ct_resnet(TensorShape input, int classes, bool skip, int blocks) {
  return build_ct_resnet(input, classes, skip, blocks, 0);
}

NetSpec mlp(TensorShape input, int classes) {
  return build_mlp(input, classes, 0);
}

NetSpec dense_head(TensorShape input, const std::vector<int>& units, int classes) {
  NetSpec spec{"dense head", input, classes, {}};
  Builder net(spec);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    net.add({.kind = LayerKind::kDense, .name = "head" + number, .out_channels = units[i]});
    net.relu("relu" + number, "head " + number);
  }
  net.add({.kind = LayerKind::kDense, .name = "dense", .out_channels = classes, .bias = false});
  return spec;
}

const std::vector<std::string>& network_names() {
  static const std::vector<std::string> names = {"ct-small", "ct-resnet", "mlp"};
  return names;
}

Result<NetSpec> make_network(const std::string& name, TensorShape input, int classes,
                             const NetworkOptions& options) {
  NetSpec spec;
  if (name == "ct-small") spec = build_ct_small(input, classes, options.dropout);
  else if (name == "ct-resnet")
    spec = build_ct_resnet(input, classes, options.skip, options.blocks, options.dropout);
  else if (name == "mlp") spec = build_mlp(input, classes, options.dropout);
  else return error("There is no network called \"{}\"; the choices are ct-small, ct-resnet and mlp.", name);
  FL_TRY(layer_shapes(spec));
  return spec;
}

}  // namespace fl

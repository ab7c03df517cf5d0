#include "trainer/backbone/embedding.h"

#include <algorithm>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/base/checksum.h"
#include "trainer/net/way_back.h"

namespace fl {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The last activation at each size of maps, from the largest on.
std::vector<int> layers_to_show(const NetSpec& spec, const std::vector<TensorShape>& shapes) {
  std::vector<int> layers;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const LayerKind kind = spec.layers[i].kind;
    if (shapes[i].width == 1 || (kind != LayerKind::kRelu && kind != LayerKind::kRelu6)) continue;
    if (!layers.empty() && shapes[static_cast<std::size_t>(layers.back())].width == shapes[i].width)
      layers.pop_back();
    layers.push_back(static_cast<int>(i));
  }
  // The smallest maps say most.
  if (layers.size() > Embedder::kMostMaps) layers.erase(layers.begin(), layers.end() - Embedder::kMostMaps);
  return layers;
}

}  // namespace

std::uint64_t network_checksum(const KnownNetwork& network) {
  const TensorShape& image = network.spec.input;
  std::string text =
      fmt::format("image {} {} {} {:a}", image.channels, image.height, image.width, network.half_range);
  for (const LayerSpec& layer : network.spec.layers)
    text += fmt::format("\n{} {} {} {} {} {} {} {} {} {:a}", static_cast<int>(layer.kind), layer.input,
                        layer.second, layer.out_channels, layer.kernel, layer.stride, layer.padding,
                        layer.end_padding(), layer.bias, layer.epsilon);
  return fl::checksum(std::as_bytes(std::span(network.params)), fl::checksum(bytes_of(text)));
}

Result<Embedder> Embedder::make(const KnownNetwork& backbone, Backend& backend) {
  FL_TRY_LET(program, backend.compile(backbone.spec, 1));
  (*program)->write_params(backbone.params);
  const std::uint64_t network = network_checksum(backbone);
  return Embedder(*std::move(program), backbone.half_range, network,
                  fl::checksum(bytes_of(backend.device()), network));
}

Embedder::Embedder(std::unique_ptr<Program> program, double half_range, std::uint64_t network,
                   std::uint64_t checksum)
    : program_(std::move(program)), half_range_(half_range), network_(network), checksum_(checksum) {
  const std::vector<TensorShape> shapes = layer_shapes(program_->spec()).value();
  const std::vector<int> outputs = program_->spec().output_layers();
  shape_ = outputs.size() == 1 ? shapes[static_cast<std::size_t>(outputs.front())]
                               : TensorShape{program_->spec().classes, 1, 1};
  layers_ = layers_to_show(program_->spec(), shapes);
  last_layer_ = fl::last_maps(program_->spec());
  if (last_layer_) last_shape_ = shapes[static_cast<std::size_t>(*last_layer_)];
  std::size_t floats = 0;
  for (const int layer : layers_) {
    TensorShape shape = shapes[static_cast<std::size_t>(layer)];
    shapes_.push_back(shape);
    floats += shape.floats();
    shape.channels = std::min(shape.channels, kMostChannels);
    maps_.push_back({fmt::format("backbone {}", maps_.size() + 1), shape});
  }
  whole_maps_.resize(floats);
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

// From x / 127.5 - 1 to the backbone's own scale.
std::span<const float> Embedder::scaled(std::span<const float> pixels) {
  const auto factor = static_cast<float>(127.5 / half_range_),
             shift = static_cast<float>(127.5 / half_range_ - 1);
  scaled_.resize(pixels.size());
  std::ranges::transform(pixels, scaled_.begin(), [=](float value) { return value * factor + shift; });
  return scaled_;
}

void Embedder::digest(std::span<const float> pixels, std::span<float> out) {
  embed(scaled(pixels), out);
}

void Embedder::read_maps(std::span<const float> pixels, std::span<float> out) {
  FL_CHECK(pixels.size() == image().floats());
  program_->set_guests(scaled(pixels));
  program_->activations(0, layers_, whole_maps_);
  std::span<const float> from = whole_maps_;
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    std::ranges::copy(from.first(maps_[i].shape.floats()), out.begin());
    from = from.subspan(shapes_[i].floats());
    out = out.subspan(maps_[i].shape.floats());
  }
}

void Embedder::explain(std::span<const float> pixels, std::span<const float> weights, std::span<float> maps,
                       std::span<float> gradient) {
  FL_CHECK(last_layer_ && pixels.size() == image().floats() && weights.size() == floats());
  program_->set_guests(scaled(pixels));
  program_->activations(0, {&*last_layer_, 1}, maps);
  program_->output_gradient(0, *last_layer_, weights, gradient);
}

std::vector<float> features_of(Embedder& embedder, const Standardisation& standardisation,
                               std::span<const float> pixels) {
  std::vector<float> features(pixels.size() / embedder.image().floats() * embedder.floats());
  embedder.digest(pixels, features);
  if (!standardisation.mean.empty()) apply_standardisation(standardisation, embedder.shape(), features);
  return features;
}

}  // namespace fl

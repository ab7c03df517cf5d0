#include "trainer/net/net_spec.h"

#include <algorithm>
#include <set>

#include "trainer/net/layer_kinds.h"

namespace fl {
namespace {

Result<void> check_outputs(const NetSpec& spec, const std::vector<TensorShape>& shapes) {
  std::size_t numbers = 0;
  int before = -1;
  for (const OutputSpec& output : spec.outputs) {
    if (output.layer <= before || output.layer >= static_cast<int>(shapes.size()))
      return error("Network {}: its outputs must be layers, in their order, each once.", spec.name);
    before = output.layer;
    numbers += shapes[static_cast<std::size_t>(output.layer)].floats();
  }
  if (numbers != static_cast<std::size_t>(spec.classes))
    return error("Network {} has {} numbers in its outputs, not {}.", spec.name, numbers, spec.classes);
  for (int i = 0; i < static_cast<int>(shapes.size()); ++i)
    if (spec.readers(i).empty() &&
        std::ranges::find(spec.outputs, i, &OutputSpec::layer) == spec.outputs.end())
      return error("{}: no layer reads it, and it is no output.",
                   spec.layers[static_cast<std::size_t>(i)].called());
  return {};
}

}  // namespace

std::string LayerSpec::called() const {
  return line > 0 ? fmt::format("Layer {} (line {})", name, line) : "Layer " + name;
}

std::vector<int> NetSpec::sources(int index) const {
  const LayerSpec& layer = layers[static_cast<std::size_t>(index)];
  if (layer.kind == LayerKind::kPart) return {kImage};
  const auto resolve = [index](int from) { return from == LayerSpec::kPrevious ? index - 1 : from; };
  if (layer.kind == LayerKind::kAdd) return {resolve(layer.input), resolve(layer.second)};
  return {resolve(layer.input)};
}

std::vector<int> NetSpec::readers(int index) const {
  std::vector<int> result;
  for (int i = index + 1; i < static_cast<int>(layers.size()); ++i)
    for (const int source : sources(i))
      if (source == index) result.push_back(i);
  return result;
}

bool NetSpec::has(LayerKind kind) const {
  return std::ranges::any_of(layers, [kind](const LayerSpec& layer) { return layer.kind == kind; });
}

std::vector<int> NetSpec::output_layers() const {
  if (outputs.empty()) return {static_cast<int>(layers.size()) - 1};
  std::vector<int> result;
  for (const OutputSpec& output : outputs) result.push_back(output.layer);
  return result;
}

Result<std::vector<TensorShape>> layer_shapes(const NetSpec& spec) {
  std::vector<TensorShape> shapes;
  std::set<std::string> names;
  std::vector<bool> rows;  // by layer: what comes out has no height and width any more
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const LayerSpec& layer = spec.layers[static_cast<std::size_t>(i)];
    if (!names.insert(layer.name).second) return error("Two layers are called {}.", layer.name);
    const std::vector<int> sources = spec.sources(i);
    const auto shape_at = [&](int source) {
      return source == NetSpec::kImage ? spec.input : shapes[static_cast<std::size_t>(source)];
    };
    for (const int source : sources)
      if (source >= i || source < NetSpec::kImage)
        return error("{}: its input must come before it.", layer.called());
    const ListedKind& kind = listed_kind(layer.kind);
    const auto is_row = [&](int source) {
      return source != NetSpec::kImage && rows[static_cast<std::size_t>(source)];
    };
    const bool reads_row = is_row(sources.front());
    if (reads_row && !kind.reads_rows)
      return error(
          "{}: it needs an image, but what it reads is a row of numbers, as everything is behind a dense "
          "layer; "
          "move it before that layer.",
          layer.called());
    if (is_row(sources.back()) != reads_row)
      return error("{}: it cannot add a row of numbers to an image of {}x1x1; make both the same.",
                   layer.called(), shape_at(sources.front()).channels);
    rows.push_back(reads_row || kind.makes_rows);
    FL_TRY_LET(shape, kind.shape(layer, shape_at(sources.front()), shape_at(sources.back())));
    shapes.push_back(*shape);
  }
  if (shapes.empty()) return error("Network {} has no layers.", spec.name);
  if (!spec.outputs.empty()) {
    FL_TRY(check_outputs(spec, shapes));
  } else if (shapes.back() != TensorShape{spec.classes, 1, 1}) {
    const LayerSpec& last = spec.layers.back();
    return error("{}: the network ends here with {}x{}x{} outputs, but there are {} classes; {}.",
                 last.called(), shapes.back().channels, shapes.back().height, shapes.back().width,
                 spec.classes,
                 last.kind == LayerKind::kDense ? "leave out its units" : "add a dense layer after it");
  }
  return shapes;
}

const LayerSpec* norm_of_single_values(const NetSpec& spec) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (spec.layers[i].kind == LayerKind::kBatchNorm && !spec.layers[i].frozen &&
        shapes[i].height * shapes[i].width == 1)
      return &spec.layers[i];
  return nullptr;
}

}  // namespace fl

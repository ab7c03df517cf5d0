#include "trainer/backbone/transfer.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "trainer/backbone/phantom_network.h"
#include "trainer/base/printable.h"
#include "trainer/net/networks.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

std::vector<std::string> printable_names(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(printable(name));
  return shown;
}

// Of the dense layers but the last.
std::vector<int> units_of(const NetSpec& head) {
  std::vector<int> units;
  for (const LayerSpec& layer : head.layers)
    if (layer.kind == LayerKind::kDense) units.push_back(layer.out_channels);
  units.pop_back();
  return units;
}

// The label of each class.
Result<std::vector<std::size_t>> labels_of(const std::vector<std::string>& labels,
                                           const std::vector<std::string>& classes) {
  std::vector<std::size_t> found;
  for (const std::string& name : classes)
    found.push_back(static_cast<std::size_t>(std::ranges::find(labels, name) - labels.begin()));
  if (classes.size() == labels.size() && std::ranges::is_permutation(labels, classes)) return found;
  return error(
      "The export's own head tells the classes {} apart, and the images are of {}; leave out [network] init "
      "= "
      "\"{}\", so that a new head is trained.",
      fmt::join(labels, ", "), fmt::join(classes, ", "), kExportedInit);
}

}  // namespace

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

Result<std::vector<float>> exported_head(const TmExport& parts, const std::vector<int>& units,
                                         const std::vector<std::string>& classes) {
  const NetSpec& own = parts.head.spec;
  if (units_of(own) != units)
    return error(
        "The export's own head has the units [{0}], and [network] head says [{1}]; write head = [{0}].",
        fmt::join(units_of(own), ", "), fmt::join(units, ", "));
  FL_TRY_LET(labels, labels_of(printable_names(parts.labels), printable_names(classes)));
  const ParamLayout from = ParamLayout::of(own),
                    to = ParamLayout::of(dense_head(own.input, units, static_cast<int>(classes.size())));
  const auto alike = [](const ParamTensor& a, const ParamTensor& b) {
    return a.kind == b.kind && a.count == b.count;
  };
  if (!std::ranges::equal(from.tensors, to.tensors, alike))
    return error(
        "The export's own head has not the biases of a head that is trained here; leave out [network] init = "
        "\"{}\", so that a new head is trained.",
        kExportedInit);
  std::vector<float> params(to.all_floats);
  for (std::size_t t = 0; t < to.tensors.size(); ++t) {
    const ParamTensor &source = from.tensors[t], &own_place = to.tensors[t];
    const std::size_t size = own_place.filter_size();
    for (std::size_t filter = 0; filter < static_cast<std::size_t>(own_place.filters); ++filter) {
      const bool last = t + 1 == to.tensors.size();
      const std::size_t row = last ? (*labels)[filter] : filter;
      std::copy_n(parts.head.params.begin() + static_cast<std::ptrdiff_t>(source.offset + row * size), size,
                  params.begin() + static_cast<std::ptrdiff_t>(own_place.offset + filter * size));
    }
  }
  return params;
}

}  // namespace fl

#pragma once
// Small things that every layer says to oneDNN.

#include <oneapi/dnnl/dnnl.hpp>

#include "trainer/net/net_spec.h"

namespace fl::dnnl_helpers {

constexpr auto kF32 = dnnl::memory::data_type::f32;

// The layout is oneDNN's to choose.
inline dnnl::memory::desc any(const dnnl::memory::dims& dims) {
  return {dims, kF32, dnnl::memory::format_tag::any};
}

// Row-major, as the arenas and images are.
inline dnnl::memory::desc plain(const dnnl::memory::dims& dims) {
  using Tag = dnnl::memory::format_tag;
  constexpr Tag tags[] = {Tag::undef, Tag::a, Tag::ab, Tag::abc, Tag::abcd, Tag::abcde};
  return {dims, kF32, tags[dims.size()]};
}

// Scratch memory is ours, so that no primitive allocates when it runs.
inline dnnl::primitive_attr with_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

inline dnnl::primitive_attr with_scratchpad_and_relu(bool relu) {
  auto attributes = with_scratchpad();
  if (relu) {
    dnnl::post_ops ops;
    ops.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(ops);
  }
  return attributes;
}

struct Window {
  dnnl::memory::dims kernel, stride, padding;
};

inline Window window_of(const LayerSpec& layer, TensorShape in) {
  if (layer.kind == LayerKind::kGlobalAveragePool) return {{in.height, in.width}, {1, 1}, {0, 0}};
  return {{layer.kernel, layer.kernel}, {layer.stride, layer.stride}, {layer.padding, layer.padding}};
}

}  // namespace fl::dnnl_helpers

#pragma once
// Small things that every layer says to oneDNN.

#include <cstddef>
#include <optional>

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

// Images whose channels lie in blocks of 8 or 16, the last filled up with zeros.
inline dnnl::memory::desc in_blocks(const dnnl::memory::dims& dims, std::size_t block) {
  using Tag = dnnl::memory::format_tag;
  return {dims, kF32, block == 8 ? Tag::nChw8c : Tag::nChw16c};
}

// How many channels lie in a block, where they lie in blocks.
inline std::optional<std::size_t> channel_block(const dnnl::memory::desc& desc) {
  if (desc.dims().size() != 4) return {};
  for (const std::size_t block : {std::size_t{8}, std::size_t{16}})
    if (desc == in_blocks(desc.dims(), block)) return block;
  return {};
}

// Row-major, in rows that are longer, one an image: the values of an output among those of others.
inline dnnl::memory::desc part_of_rows(const dnnl::memory::dims& dims, int row) {
  dnnl::memory::dims strides(dims.size(), 1);
  for (std::size_t k = dims.size() - 1; k-- > 1;) strides[k] = strides[k + 1] * dims[k + 1];
  strides[0] = row;
  return {dims, kF32, strides};
}

// Scratch memory is ours, so that no primitive allocates when it runs.
inline dnnl::primitive_attr with_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

struct Activation {
  dnnl::algorithm forward;
  dnnl::algorithm from_output;  // the same function, undone from what it gave
  float alpha, beta;
};

inline Activation activation_of(LayerKind kind) {
  constexpr float kRelu6Limit = 6.0f;
  using How = dnnl::algorithm;
  if (kind == LayerKind::kRelu6)
    return {How::eltwise_clip_v2, How::eltwise_clip_v2_use_dst_for_bwd, 0.0f, kRelu6Limit};
  return {How::eltwise_relu, How::eltwise_relu_use_dst_for_bwd, 0.0f, 0.0f};
}

// The primitive applies the activation, if there is one, to what it gives.
inline dnnl::primitive_attr with_scratchpad_and(std::optional<LayerKind> activation) {
  auto attributes = with_scratchpad();
  if (activation) {
    const Activation f = activation_of(*activation);
    dnnl::post_ops ops;
    ops.append_eltwise(1.0f, f.forward, f.alpha, f.beta);
    attributes.set_post_ops(ops);
  }
  return attributes;
}

struct Window {
  dnnl::memory::dims kernel, stride, padding, padding_end;
};

inline Window window_of(const LayerSpec& layer, TensorShape in) {
  if (layer.kind == LayerKind::kGlobalAveragePool) return {{in.height, in.width}, {1, 1}, {0, 0}, {0, 0}};
  const int end = layer.end_padding();
  return {
      {layer.kernel, layer.kernel}, {layer.stride, layer.stride}, {layer.padding, layer.padding}, {end, end}};
}

}  // namespace fl::dnnl_helpers

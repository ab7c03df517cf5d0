#include "trainer/backend/cpu/plan.h"

#include <algorithm>
#include <cstring>

#include "trainer/base/check.h"

namespace fl {
namespace {

using dnnl::memory;

memory::desc plain_desc(const memory::dims& dims) {
  const auto tag = dims.size() == 4   ? memory::format_tag::abcd
                   : dims.size() == 2 ? memory::format_tag::ab
                                      : memory::format_tag::a;
  return {dims, memory::data_type::f32, tag};
}

void check(dnnl_status_t status, const char* what) {
  FL_CHECK_MSG(status == dnnl_success, "oneDNN: {} failed with status {}", what, static_cast<int>(status));
}

}  // namespace

Plan::Plan(const dnnl::engine& engine, const NetSpec& spec, const ParamLayout& layout, int batch, Mode mode)
    : spec_(spec),
      layout_(layout),
      shapes_(layer_shapes(spec).value()),
      batch_(batch),
      mode_(mode),
      engine_(engine),
      stream_(engine),
      input_buffer_(static_cast<std::size_t>(batch) * spec.input.floats()),
      logits_buffer_(static_cast<std::size_t>(batch) * static_cast<std::size_t>(spec.classes)),
      logit_gradient_buffer_(logits_buffer_.size()),
      nodes_(spec.layers.size()),
      twins_(spec.layers.size()) {
  input_ = memory(plain_desc(dims_of(-1)), engine_, input_buffer_.data());
  const int last = static_cast<int>(spec.layers.size()) - 1;
  for (int i = 0; i <= last; ++i) {
    const LayerSpec& layer = spec.layers[static_cast<std::size_t>(i)];
    nodes_[static_cast<std::size_t>(i)].source = layer.input >= 0 ? layer.input : i - 1;
    switch (layer.kind) {
      case LayerKind::kConvolution:
        add_convolution(i);
        break;
      case LayerKind::kDense:
        add_dense(i);
        break;
      case LayerKind::kRelu:
        add_relu(i);
        break;
      case LayerKind::kMaxPool:
      case LayerKind::kGlobalAveragePool:
        add_pool(i);
        break;
    }
  }
  const memory output = value_of(last);
  const auto output_dims = output.get_desc().dims();
  logits_plain_ = memory(plain_desc(output_dims), engine_, logits_buffer_.data());
  kept_.push_back(logits_plain_);
  forward_calls_.push_back(make_call(dnnl::reorder(output, logits_plain_),
                                     {{DNNL_ARG_FROM, output}, {DNNL_ARG_TO, logits_plain_}}));
  if (mode_ == Mode::kTraining) {
    logit_gradient_plain_ = memory(plain_desc(output_dims), engine_, logit_gradient_buffer_.data());
    nodes_.back().gradient = logit_gradient_plain_;
    for (int i = last; i >= 0; --i) add_backward(i);
  }
  share_scratchpad();
}

memory Plan::value_of(int layer) const {
  return layer < 0 ? input_ : nodes_[static_cast<std::size_t>(layer)].value;
}

TensorShape Plan::shape_of(int layer) const {
  return layer < 0 ? spec_.input : shapes_[static_cast<std::size_t>(layer)];
}

memory::dims Plan::dims_of(int layer) const {
  const TensorShape shape = shape_of(layer);
  return {batch_, shape.channels, shape.height, shape.width};
}

bool Plan::followed_by(int layer, LayerKind kind) const {
  // Only when that layer is the sole reader: then what lies between the two is nobody else's.
  int readers = 0;
  bool matches = false;
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const int source = spec_.layers[i].input >= 0 ? spec_.layers[i].input : static_cast<int>(i) - 1;
    if (source != layer) continue;
    ++readers;
    matches = spec_.layers[i].kind == kind;
  }
  return readers == 1 && matches;
}

memory Plan::in_layout(const memory& value, const memory::desc& desc, std::vector<Call>& calls) {
  if (value.get_desc() == desc) return value;
  memory copy(desc, engine_);
  calls.push_back(make_call(dnnl::reorder(value, copy), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, copy}}));
  return copy;
}

Plan::Call Plan::make_call(const dnnl::primitive& primitive, const Arguments& arguments,
                           const memory::desc& scratchpad) {
  Call call{primitive, {}};
  for (const auto& [role, value] : arguments) {
    call.arguments.push_back({role, value.get()});
    kept_.push_back(value);
  }
  if (scratchpad.get_size() > 0) {
    scratchpads_.push_back(memory(scratchpad, engine_, DNNL_MEMORY_NONE));
    call.arguments.push_back({DNNL_ARG_SCRATCHPAD, scratchpads_.back().get()});
  }
  return call;
}

void Plan::share_scratchpad() {
  std::size_t bytes = 0;
  for (const memory& pad : scratchpads_) bytes = std::max(bytes, pad.get_desc().get_size());
  if (bytes == 0) return;
  scratch_ =
      memory({{static_cast<memory::dim>(bytes)}, memory::data_type::u8, memory::format_tag::a}, engine_);
  for (memory& pad : scratchpads_) pad.set_data_handle(scratch_.get_data_handle());
}

memory Plan::parameter(const ParamTensor& tensor, const memory::dims& dims, const memory::desc& wanted) {
  memory arena_side(plain_desc(dims), engine_, DNNL_MEMORY_NONE);
  memory own(wanted, engine_);
  load_.push_back(
      {arena_side, tensor.offset,
       make_call(dnnl::reorder(arena_side, own), {{DNNL_ARG_FROM, arena_side}, {DNNL_ARG_TO, own}})});
  return own;
}

void Plan::gradient(const ParamTensor& tensor, const memory::dims& dims, const memory& computed) {
  memory arena_side(plain_desc(dims), engine_, DNNL_MEMORY_NONE);
  store_.push_back({arena_side, tensor.offset,
                    make_call(dnnl::reorder(computed, arena_side),
                              {{DNNL_ARG_FROM, computed}, {DNNL_ARG_TO, arena_side}})});
}

void Plan::run(const std::vector<Call>& calls) {
  for (const Call& call : calls)
    check(dnnl_primitive_execute(call.primitive.get(), stream_.get(), static_cast<int>(call.arguments.size()),
                                 call.arguments.data()),
          "a primitive");
  stream_.wait();
}

void Plan::load_params(std::span<const float> arena) {
  FL_CHECK(arena.size() == layout_.floats);
  for (Transfer& transfer : load_) {
    // oneDNN takes a mutable pointer for what it only reads here.
    transfer.arena_side.set_data_handle(const_cast<float*>(arena.data() + transfer.offset));
    check(dnnl_primitive_execute(transfer.call.primitive.get(), stream_.get(),
                                 static_cast<int>(transfer.call.arguments.size()),
                                 transfer.call.arguments.data()),
          "loading parameters");
  }
  stream_.wait();
}

void Plan::forward() {
  run(forward_calls_);
}

void Plan::backward(std::span<float> gradient_arena) {
  FL_CHECK(mode_ == Mode::kTraining && gradient_arena.size() == layout_.floats);
  run(backward_calls_);
  for (Transfer& transfer : store_) {
    transfer.arena_side.set_data_handle(gradient_arena.data() + transfer.offset);
    check(dnnl_primitive_execute(transfer.call.primitive.get(), stream_.get(),
                                 static_cast<int>(transfer.call.arguments.size()),
                                 transfer.call.arguments.data()),
          "storing gradients");
  }
  stream_.wait();
}

void Plan::read_output(int layer, std::span<float> out) {
  FL_CHECK(layer >= 0 && layer < static_cast<int>(nodes_.size()) && out.size() == shape_of(layer).floats());
  auto found = readers_.find(layer);
  if (found == readers_.end()) {
    const memory value = value_of(layer);
    memory plain(plain_desc(value.get_desc().dims()), engine_);
    Call call = make_call(dnnl::reorder(value, plain), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, plain}});
    found = readers_.emplace(layer, Reader{std::move(call), plain}).first;
  }
  run({found->second.call});
  std::memcpy(out.data(), found->second.plain.get_data_handle(), out.size_bytes());
}

}  // namespace fl

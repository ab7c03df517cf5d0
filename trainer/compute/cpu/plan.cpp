#include "trainer/compute/cpu/plan.h"

#include <algorithm>
#include <cstring>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/dnnl_helpers.h"

namespace fl {

using dnnl::memory;
using namespace dnnl_helpers;

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
      nodes_(spec.layers.size()) {
  input_ = memory(plain(dims_of(NetSpec::kImage)), engine_, input_buffer_.data());
  const int last = static_cast<int>(spec.layers.size()) - 1;
  for (int i = 0; i <= last; ++i) (this->*steps_of(layer(i).kind).forward)(i);
  if (mode_ == Mode::kTraining)
    FL_CHECK_MSG(std::ranges::any_of(spec.output_layers(), [this](int i) { return wanted(i); }),
                 "there is nothing to train");
  std::size_t place = 0;
  for (const int i : spec.output_layers()) {
    const memory output = value_of(i);
    const memory::desc in_rows = part_of_rows(output.get_desc().dims(), spec.classes);
    const memory logits(in_rows, engine_, logits_buffer_.data() + place);
    forward_calls_.push_back(
        make_call(dnnl::reorder(output, logits), {{DNNL_ARG_FROM, output}, {DNNL_ARG_TO, logits}}));
    if (mode_ == Mode::kTraining && wanted(i))
      node(i).gradient = memory(in_rows, engine_, logit_gradient_buffer_.data() + place);
    place += shape_of(i).floats();
  }
  if (mode_ == Mode::kTraining) {
    for (int i = last; i > layout.ends_at.value_or(NetSpec::kImage); --i)
      if (wanted(i)) (this->*steps_of(layer(i).kind).backward)(i);
  }
  share_scratchpad();
}

const Plan::Steps& Plan::steps_of(LayerKind kind) {
#define FL_STEPS(kind, operation) {&Plan::add_##operation, &Plan::add_##operation##_backward},
  static constexpr Steps kSteps[] = {FL_LAYER_KINDS(FL_STEPS)};
#undef FL_STEPS
  return kSteps[static_cast<std::size_t>(kind)];
}

memory Plan::value_of(int index) const {
  return index == NetSpec::kImage ? input_ : nodes_[static_cast<std::size_t>(index)].value;
}

TensorShape Plan::shape_of(int index) const {
  return index == NetSpec::kImage ? spec_.input : shapes_[static_cast<std::size_t>(index)];
}

memory::dims Plan::dims_of(int index) const {
  const TensorShape shape = shape_of(index);
  return {batch_, shape.channels, shape.height, shape.width};
}

dnnl::prop_kind Plan::forward_kind() const {
  return mode_ == Mode::kTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
}

int Plan::sole_reader(int index, LayerKind kind) const {
  // Of a sole reader only: what lies between two layers is then nobody else's.
  // An output is read from outside as well.
  if (std::ranges::find(spec_.outputs, index, &OutputSpec::layer) != spec_.outputs.end()) return -1;
  const std::vector<int> readers = spec_.readers(index);
  return readers.size() == 1 && layer(readers.front()).kind == kind ? readers.front() : -1;
}

bool Plan::fuse(int index, LayerKind activation) {
  const int reader = sole_reader(index, activation);
  if (reader < 0) return false;
  node(reader).fused = true;
  return true;
}

std::optional<LayerKind> Plan::fuse_activation(int index) {
  for (const LayerKind kind : {LayerKind::kRelu, LayerKind::kRelu6})
    if (fuse(index, kind)) return kind;
  return {};
}

const ParamTensor& Plan::tensor(int index, const char* suffix) const {
  const ParamTensor* found = layout_.find(layer(index).name + suffix);
  FL_CHECK_MSG(found != nullptr, "no parameter {}{}", layer(index).name, suffix);
  return *found;
}

memory Plan::in_layout(const memory& value, const memory::desc& desc, std::vector<Call>& calls) {
  if (value.get_desc() == desc) return value;
  memory copy(desc, engine_);
  calls.push_back(make_call(dnnl::reorder(value, copy), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, copy}}));
  return copy;
}

Plan::Call Plan::make_call(const dnnl::primitive& primitive, const Arguments& arguments,
                           const memory::desc& scratchpad) {
  Call call{primitive, {}, {}};
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

memory Plan::parameter(const ParamTensor& tensor, const memory::dims& dims, const memory::desc& wanted,
                       bool from_statistics) {
  memory arena_side(plain(dims), engine_, DNNL_MEMORY_NONE);
  memory own(wanted, engine_);
  (from_statistics ? load_statistics_ : load_params_)
      .push_back(
          {arena_side, tensor.offset,
           make_call(dnnl::reorder(arena_side, own), {{DNNL_ARG_FROM, arena_side}, {DNNL_ARG_TO, own}})});
  return own;
}

memory Plan::also_as(const memory& known, const ParamTensor& tensor, const memory::dims& dims,
                     const memory::desc& wanted) {
  return known.get_desc() == wanted ? known : parameter(tensor, dims, wanted);
}

void Plan::gradient(const ParamTensor& tensor, const memory::dims& dims, const memory& computed) {
  memory arena_side(plain(dims), engine_, DNNL_MEMORY_NONE);
  store_.push_back({arena_side, tensor.offset,
                    make_call(dnnl::reorder(computed, arena_side),
                              {{DNNL_ARG_FROM, computed}, {DNNL_ARG_TO, arena_side}})});
}

void Plan::deliver(int index, const memory& value) {
  if (!wanted(index)) return;
  memory& sum = gradient_of(index);
  if (!sum) {
    sum = value;
    return;
  }
  const memory summand = in_layout(value, sum.get_desc(), backward_calls_);
  const dnnl::binary::primitive_desc chosen(
      {dnnl::algorithm::binary_add, sum.get_desc(), summand.get_desc(), sum.get_desc()}, with_scratchpad(),
      engine_);
  backward_calls_.push_back(make_call(dnnl::binary(chosen),
                                      {{DNNL_ARG_SRC_0, sum}, {DNNL_ARG_SRC_1, summand}, {DNNL_ARG_DST, sum}},
                                      chosen.scratchpad_desc()));
}

void Plan::run(std::span<const Call> calls) {
  for (const Call& call : calls) {
    if (call.kernel) {
      call.kernel();
      continue;
    }
    const dnnl_status_t status = dnnl_primitive_execute(
        call.primitive.get(), stream_.get(), static_cast<int>(call.arguments.size()), call.arguments.data());
    FL_CHECK_MSG(status == dnnl_success, "oneDNN: a primitive failed with status {}",
                 static_cast<int>(status));
  }
  stream_.wait();
}

void Plan::transfer(std::vector<Transfer>& transfers, float* arena) {
  for (Transfer& t : transfers) {
    t.arena_side.set_data_handle(arena + t.offset);
    run({&t.call, 1});
  }
}

void Plan::load(std::span<const float> params, std::span<const float> statistics) {
  FL_CHECK(params.size() == layout_.all_floats && statistics.size() == layout_.statistic_floats);
  // oneDNN takes mutable pointers for what it only reads here.
  transfer(load_params_, const_cast<float*>(params.data()));
  transfer(load_statistics_, const_cast<float*>(statistics.data()));
}

void Plan::forward() {
  run(forward_calls_);
}

void Plan::backward(std::span<float> gradient_arena) {
  FL_CHECK(mode_ == Mode::kTraining && gradient_arena.size() == layout_.floats);
  run(backward_calls_);
  transfer(store_, gradient_arena.data());
}

Plan::Reader Plan::make_reader(const memory& value) {
  memory copy(plain(value.get_desc().dims()), engine_);
  Call call = make_call(dnnl::reorder(value, copy), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, copy}});
  return {std::move(call), copy};
}

void Plan::read_gradient(std::span<float> out) {
  FL_CHECK(layout_.ends_at && out.size() == shape_of(*layout_.ends_at).floats());
  if (!gradient_reader_) gradient_reader_ = make_reader(gradient_of(*layout_.ends_at));
  run({&gradient_reader_->call, 1});
  std::memcpy(out.data(), gradient_reader_->plain.get_data_handle(), out.size_bytes());
}

void Plan::read_output(int index, std::span<float> out) {
  FL_CHECK(index >= 0 && index < static_cast<int>(nodes_.size()) && out.size() == shape_of(index).floats());
  auto found = readers_.find(index);
  if (found == readers_.end()) found = readers_.emplace(index, make_reader(value_of(index))).first;
  run({&found->second.call, 1});
  std::memcpy(out.data(), found->second.plain.get_data_handle(), out.size_bytes());
}

}  // namespace fl

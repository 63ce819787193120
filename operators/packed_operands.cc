#include "operators/packed_operands.h"

#include <algorithm>

#include "runtime/core/arena.h"
#include "runtime/core/packed.h"

namespace ranvier::operators {
namespace {

/// An operand in the scratch memory of a run, at a byte an element where it is packed.
struct Operand {
  std::size_t bits = 0;  ///< Of a packed element; 0: this operand is handed on as it is.
  std::int64_t elements = 0;
  std::size_t offset = 0;
};

template <unsigned Bits>
void unpack(std::int64_t elements, const void* from, std::byte* to) {
  for (std::int64_t i = 0; i < elements; ++i) to[i] = static_cast<std::byte>(read_packed<Bits>(from, i));
}

template <unsigned Bits>
void pack(std::int64_t elements, const std::byte* from, void* to) {
  std::fill_n(static_cast<std::byte*>(to), (elements * Bits + 7) / 8, std::byte{0});
  for (std::int64_t i = 0; i < elements; ++i) write_packed<Bits>(to, i, std::to_integer<unsigned>(from[i]));
}

/// Hands out parts of the scratch memory.
class Scratch {
 public:
  std::size_t take(std::size_t bytes) {
    const std::size_t offset = bytes_;
    if (__builtin_add_overflow(bytes_, (bytes + buffer_alignment - 1) / buffer_alignment * buffer_alignment, &bytes_))
      fail(ErrorCode::out_of_memory, "the unpacked operands do not fit in memory");
    return offset;
  }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

bool is_packed(const TensorInfo& info) { return info.present() && bits(info.type) < 8; }

Operand placed(const TensorInfo& info, Scratch& scratch) {
  if (!is_packed(info)) return {};
  const std::int64_t elements = info.shape.elements();
  return {bits(info.type), elements, scratch.take(static_cast<std::size_t>(elements))};
}

TensorInfo unpacked(const TensorInfo& info) {
  return is_packed(info) ? TensorInfo{DataType::uint8, info.shape, nullptr} : info;
}

bool any_packed(const Spec& spec) {
  for (std::size_t i = 0; i < spec.input_count(); ++i)
    if (is_packed(spec.input(i))) return true;
  for (std::size_t i = 0; i < spec.output_count(); ++i)
    if (is_packed(spec.output(i))) return true;
  return false;
}

}  // namespace

Kernel prepare_unpacked(const Spec& spec, Prepare prepare) {
  if (!any_packed(spec)) return prepare(spec);
  Scratch scratch;
  std::vector<TensorInfo> infos;
  std::vector<Operand> inputs;
  std::vector<Operand> outputs;
  for (std::size_t i = 0; i < spec.input_count(); ++i) {
    infos.push_back(unpacked(spec.input(i)));
    inputs.push_back(placed(spec.input(i), scratch));
  }
  Spec bytes(spec.node(), std::move(infos), spec.settings());
  for (std::size_t i = 0; i < spec.output_count(); ++i) {
    outputs.push_back(placed(spec.output(i), scratch));
    if (spec.output(i).present()) bytes.set_output(i, unpacked(spec.output(i)).type, spec.output(i).shape);
  }
  Kernel inner = prepare(bytes);
  const std::size_t inner_scratch = scratch.take(inner.scratch_bytes);
  const std::size_t input_list = scratch.take(inputs.size() * sizeof(const void*));
  const std::size_t output_list = scratch.take(outputs.size() * sizeof(void*));
  const auto run = [=, inner = std::move(inner.run)](const Buffers& buffers) {
    auto* from = reinterpret_cast<const void**>(buffers.scratch + input_list);
    auto* to = reinterpret_cast<void**>(buffers.scratch + output_list);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      from[i] = inputs[i].bits == 0 ? buffers.inputs[i] : buffers.scratch + inputs[i].offset;
      if (inputs[i].bits == 2) unpack<2>(inputs[i].elements, buffers.inputs[i], buffers.scratch + inputs[i].offset);
      if (inputs[i].bits == 4) unpack<4>(inputs[i].elements, buffers.inputs[i], buffers.scratch + inputs[i].offset);
    }
    for (std::size_t i = 0; i < outputs.size(); ++i)
      to[i] = outputs[i].bits == 0 ? buffers.outputs[i] : buffers.scratch + outputs[i].offset;
    inner({from, to, buffers.scratch + inner_scratch});
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i].bits == 2) pack<2>(outputs[i].elements, buffers.scratch + outputs[i].offset, buffers.outputs[i]);
      if (outputs[i].bits == 4) pack<4>(outputs[i].elements, buffers.scratch + outputs[i].offset, buffers.outputs[i]);
    }
  };
  return {run, scratch.bytes()};
}

}  // namespace ranvier::operators

#include "operators/by_rows.h"

namespace ranvier::operators {

std::optional<RowStrides> RowStrides::of(const Spec& spec, const Rows& rows) {
  RowStrides strides;
  strides.input_count_ = spec.input_count();
  strides.output_count_ = spec.output_count();
  if (rows.count == 0 || strides.input_count_ > most_operands || strides.output_count_ > most_operands)
    return std::nullopt;
  const auto cut = [&](const TensorInfo& operand, std::size_t& stride) {
    if (!operand.present()) return true;
    const auto elements = static_cast<std::size_t>(operand.shape.elements());
    stride = elements / rows.count * (bits(operand.type) / 8);
    return operand.type != DataType::string && bits(operand.type) >= 8 && elements % rows.count == 0;
  };
  for (std::size_t i = 0; i < strides.input_count_; ++i)
    if ((rows.inputs >> i & 1) != 0 && !cut(spec.input(i), strides.inputs_[i])) return std::nullopt;
  for (std::size_t i = 0; i < strides.output_count_; ++i)
    if (!cut(spec.output(i), strides.outputs_[i])) return std::nullopt;
  return strides;
}

}  // namespace ranvier::operators

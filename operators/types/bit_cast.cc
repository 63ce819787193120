// BitCast: the same bits under another type of the same width.
// https://onnx.ai/onnx/operators/onnx__BitCast.html
#include "operators/copy.h"
#include "operators/operator.h"
#include "operators/types/type_attribute.h"

namespace ranvier::operators {
namespace {

// to: the type's number
void infer(Spec& spec) {
  const DataType type = type_attribute(spec.node(), "to");
  const DataType from = spec.input(0).type;
  if (from == DataType::string || type == DataType::string || bits(from) != bits(type))
    fail(ErrorCode::invalid_model, "attribute 'to' is {}, whose elements are not as wide as those of {}", name(type),
         name(from));
  spec.set_output(0, type, spec.input(0).shape);
}

/// A bool has two values only; a byte that is neither must not become one.
void check_bools(const Buffers& buffers, std::int64_t count) {
  const auto* bytes = buffers.input<std::uint8_t>(0);
  for (std::int64_t i = 0; i < count; ++i)
    if (bytes[i] > 1) fail(ErrorCode::invalid_argument, "element {} is {:#04x}, which is no bool", i, bytes[i]);
}

Kernel reference(const Spec& spec) {
  const Kernel copy = copy_first_input(spec);
  if (spec.output(0).type != DataType::boolean) return copy;
  const std::int64_t count = spec.input(0).shape.elements();
  return {[=](const Buffers& buffers) {
    check_bools(buffers, count);
    copy.run(buffers);
  }};
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator bit_cast = {
    .types = all_types - TypeSet::of(DataType::string), .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators

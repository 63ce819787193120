// Cast and CastLike: elements as elements of another type.
// https://onnx.ai/onnx/operators/onnx__Cast.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/types/type_attribute.h"
#include "runtime/core/convert.h"

namespace ranvier::operators {
namespace {

// saturate (1): what is too large for a float8 type becomes its largest number
// round_mode ("up"): to which power of two a float8e8m0 is rounded
Conversion conversion(const Spec& spec) {
  const std::string mode = spec.node().get<std::string>("round_mode", "up");
  Conversion result{.saturate = spec.node().get<std::int64_t>("saturate", 1) != 0};
  if (mode == "down") {
    result.scale_rounding = ScaleRounding::down;
  } else if (mode == "nearest") {
    result.scale_rounding = ScaleRounding::nearest;
  } else if (mode != "up") {
    fail(ErrorCode::invalid_model, "attribute 'round_mode' is \"{}\", expected \"up\", \"down\" or \"nearest\"", mode);
  }
  return result;
}

void infer_as(Spec& spec, DataType type) {
  if (!convertible_types.contains(type))
    fail(ErrorCode::unsupported, "elements cannot be cast to {}, supported are: {}", name(type),
         to_string(convertible_types));
  conversion(spec);
  spec.set_output(0, type, spec.input(0).shape);
}

/// to: the type's name in capital letters, "FLOAT".
void infer_to_named_type(Spec& spec) {
  const auto& to = spec.node().required<std::string>("to");
  std::string lower_case = to;
  std::ranges::transform(lower_case, lower_case.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const DataType type = data_type_named(lower_case);
  if (type == DataType::undefined) fail(ErrorCode::invalid_model, "attribute 'to' is \"{}\", which is no type", to);
  infer_as(spec, type);
}

/// to: the type's number.
void infer_to_numbered_type(Spec& spec) { infer_as(spec, type_attribute(spec.node(), "to")); }

void infer_like_second(Spec& spec) { infer_as(spec, spec.input(1).type); }

Kernel reference(const Spec& spec) {
  const DataType from = spec.input(0).type;
  const DataType to = spec.output(0).type;
  const std::int64_t count = spec.input(0).shape.elements();
  const Conversion how = conversion(spec);
  return {[=](const Buffers& buffers) { convert(from, buffers.inputs[0], to, buffers.outputs[0], count, how); }};
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator cast_to_named_type = {
    .types = convertible_types, .infer = infer_to_named_type, .implementations = implementations};

extern const Operator cast = {
    .types = convertible_types, .infer = infer_to_numbered_type, .implementations = implementations};

extern const Operator cast_like = {
    .inputs = {2, 2}, .types = convertible_types, .infer = infer_like_second, .implementations = implementations};

}  // namespace ranvier::operators

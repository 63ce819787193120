#include "runtime/loader/declared.h"

#include "runtime/core/error.h"
#include "runtime/loader/tensors.h"

namespace ranvier::loader {
namespace {

graph::ValueKind kind(const onnx::TypeProto& type) {
  switch (type.value_case()) {
    case onnx::TypeProto::kSequenceType: return graph::ValueKind::sequence;
    case onnx::TypeProto::kMapType: return graph::ValueKind::map;
    case onnx::TypeProto::kOptionalType: return graph::ValueKind::optional;
    case onnx::TypeProto::kSparseTensorType: return graph::ValueKind::sparse_tensor;
    default: return graph::ValueKind::tensor;
  }
}

std::vector<graph::Dimension> dimensions(const onnx::TensorShapeProto& shape) {
  std::vector<graph::Dimension> result;
  if (static_cast<std::size_t>(shape.dim_size()) > Shape::max_rank)
    fail(ErrorCode::unsupported, "its shape has {} dimensions, at most {} are supported", shape.dim_size(),
         Shape::max_rank);
  result.reserve(static_cast<std::size_t>(shape.dim_size()));
  for (const auto& dim : shape.dim()) {
    if (dim.has_dim_value() && dim.dim_value() < -1)
      fail(ErrorCode::invalid_model, "dimension {} is {}", result.size(), dim.dim_value());
    result.push_back({dim.has_dim_value() ? dim.dim_value() : -1, dim.dim_param()});
  }
  return result;
}

}  // namespace

void declare(graph::Value& value, const onnx::TypeProto& type) {
  value.kind = kind(type);
  if (!type.has_tensor_type()) return;
  const onnx::TypeProto::Tensor& tensor = type.tensor_type();
  if (tensor.elem_type() != 0) value.type = data_type(tensor.elem_type());
  if (tensor.has_shape()) value.shape = dimensions(tensor.shape());
}

}  // namespace ranvier::loader

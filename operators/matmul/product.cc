#include "operators/matmul/product.h"

namespace ranvier::operators {
namespace {

onednn::MatMul prepared(onednn::MatMulProblem problem, const TensorInfo& weights, const Settings& settings) {
  problem.constant_weights = weights.value != nullptr;
  problem.threads = settings.threads;
  return onednn::MatMul(problem);
}

}  // namespace

Product::Product(onednn::MatMulProblem problem, const TensorInfo& weights, const Settings& settings)
    : product_(prepared(problem, weights, settings)), packed_(packed_for(product_, weights, settings)) {}

DataType type_of_all(const Spec& spec) {
  const DataType type = spec.input(0).type;
  for (std::size_t i = 1; i < 3; ++i)
    if (spec.input(i).present() && spec.input(i).type != type)
      fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i, name(type),
           name(spec.input(i).type));
  return type;
}

std::optional<std::string> product_refusal(const Spec& spec) {
  const DataType type = spec.input(0).type;
  if (type != DataType::float32) return fmt::format("elements of type {}; oneDNN is used for float", name(type));
  for (std::size_t i = 0; i < 2; ++i)
    if (spec.input(i).shape.elements() == 0)
      return fmt::format("input {} of shape {} has no elements", i, to_string(spec.input(i).shape));
  return std::nullopt;
}

}  // namespace ranvier::operators

#include "operators/activation/epilogue.h"

#include <algorithm>

#include "operators/activation/kernels.h"
#include "operators/activation/softmax.h"

namespace ranvier::operators {
namespace {

struct RowFunction {
  std::string_view name;
  std::string_view onnx;
  RowActivation activation;
  RowKernel SoftmaxKernels::*kernel;
  void (*reference)(std::span<double> row);
};

constexpr RowFunction row_functions[] = {
    {"softmax", "Softmax", RowActivation::softmax, &SoftmaxKernels::softmax, reference_softmax},
    {"log_softmax", "LogSoftmax", RowActivation::log_softmax, &SoftmaxKernels::log_softmax, reference_log_softmax},
};

/// Null for an activation of single elements.
const RowFunction* row_function(const Epilogue& epilogue) {
  const auto* activation = std::get_if<RowActivation>(&epilogue.activation);
  return activation == nullptr ? nullptr : &row_functions[static_cast<std::size_t>(*activation)];
}

/// Whether a Softmax, or a sibling, takes the elements of each row together. Before opset 13 all axes from one on count
/// as one.
bool is_of_rows(const graph::Node& node, std::size_t rank) {
  const auto axis = node.get<std::int64_t>("axis", node.version < 13 ? 1 : -1);
  return axis == -1 || (rank > 0 && axis == static_cast<std::int64_t>(rank) - 1);
}

}  // namespace

std::string_view name(const Epilogue& epilogue) {
  const RowFunction* function = row_function(epilogue);
  return function != nullptr ? function->name : describe(std::get<Activation>(epilogue.activation)).name;
}

std::optional<Epilogue> epilogue_of(const graph::Node& node, std::size_t rank) {
  if (node.inputs.size() != 1 || node.outputs.size() != 1) return std::nullopt;
  const std::string op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
  for (const RowFunction& function : row_functions)
    if (op == function.onnx)
      return is_of_rows(node, rank) ? std::optional(Epilogue{function.activation}) : std::nullopt;
  if (op == "Gelu") {
    const auto approximate = node.get<std::string>("approximate", "none");
    if (approximate == "tanh") return Epilogue{Activation::gelu_tanh, {}};
    if (approximate != "none") return std::nullopt;
  }
  if (op == "Selu" && node.version < 6) return std::nullopt;    // other defaults
  if (op == "Clip" && node.version >= 11) return std::nullopt;  // the bounds are inputs: without any, infinities pass
  for (const ActivationRow& row : activations()) {
    if (row.onnx != op) continue;
    Epilogue epilogue{row.activation, {}};
    for (const Parameter& parameter : row.parameters)
      epilogue.parameters.push_back(node.get<float>(parameter.name, static_cast<float>(parameter.otherwise)));
    return epilogue;
  }
  return std::nullopt;
}

namespace {

std::array<float, 3> kernel_parameters(const Epilogue& epilogue) {
  std::array<float, 3> parameters{};
  std::copy_n(epilogue.parameters.begin(), std::min(epilogue.parameters.size(), parameters.size()), parameters.begin());
  return parameters;
}

}  // namespace

const char* refusal(const Epilogue& epilogue) {
  if (row_function(epilogue) != nullptr) return nullptr;
  return activation_kernels()[std::get<Activation>(epilogue.activation)].refusal(kernel_parameters(epilogue).data());
}

Epilogue epilogue_in(const graph::Node& node) {
  const auto name = node.get<std::string>("activation", "linear");
  for (const RowFunction& function : row_functions)
    if (name == function.name) return {function.activation};
  const auto row =
      std::find_if(activations().begin(), activations().end(), [&](auto& each) { return each.name == name; });
  if (row == activations().end()) fail(ErrorCode::invalid_model, "attribute 'activation' is '{}', which is none", name);
  return {row->activation, node.get<std::vector<float>>("activation_parameters", {})};
}

void set_epilogue(graph::Node& node, const Epilogue& epilogue) {
  node.attributes["activation"] = std::string(name(epilogue));
  if (!epilogue.parameters.empty()) node.attributes["activation_parameters"] = epilogue.parameters;
}

void apply_reference(const Epilogue& epilogue, std::span<double> row) {
  if (const RowFunction* function = row_function(epilogue)) return function->reference(row);
  std::array<double, 3> parameters{};
  const std::size_t count = std::min(epilogue.parameters.size(), parameters.size());
  std::copy_n(epilogue.parameters.begin(), count, parameters.begin());
  for (double& each : row)
    each = reference(std::get<Activation>(epilogue.activation), each, {parameters.data(), count});
}

Activated::Activated(const Epilogue& epilogue, std::size_t columns)
    : parameters_(kernel_parameters(epilogue)), columns_(columns) {
  if (const RowFunction* function = row_function(epilogue)) {
    run_row_ = softmax_kernels().*function->kernel;
  } else if (const auto activation = std::get<Activation>(epilogue.activation); activation != Activation::linear) {
    run_ = activation_kernels()[activation].run;
  }
}

void Activated::run_rows(float* y, std::size_t count) const {
  // Short rows are read from a copy: where a vector that is stored reaches beyond its row, the next row would have to
  // wait for it.
  constexpr std::size_t most_copied = 1024;
  float copy[most_copied];
  const std::size_t together = count == columns_ ? 0 : most_copied / 16 / columns_ * 16;  // rows
  while (count > 0) {
    const std::size_t part = std::min(count, std::max<std::size_t>(1, together) * columns_);
    if (together > 0) std::copy_n(y, part, copy);
    for (std::size_t i = 0; i < part; i += columns_) run_row_(together > 0 ? copy + i : y + i, y + i, columns_);
    y += part;
    count -= part;
  }
}

}  // namespace ranvier::operators

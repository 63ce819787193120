#include "operators/custom.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "operators/table.h"

namespace ranvier::operators {
namespace {

/// Calls what the user has written; whatever it throws becomes an Error.
template <class Function>
auto guarded(const Function& function) {
  try {
    return function();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    fail(ErrorCode::custom_operator, "the custom operator threw: {}", error.what());
  } catch (...) {
    fail(ErrorCode::custom_operator, "the custom operator threw something that is no std::exception");
  }
}

void infer(Spec& spec) {
  const std::vector<TensorType> outputs = guarded([&] { return spec.node().custom->types(CustomNode(spec)); });
  for (std::size_t i = 0; i < spec.output_count(); ++i) {
    if (!spec.wants_output(i)) continue;
    if (i >= outputs.size() || !outputs[i].present())
      fail(ErrorCode::custom_operator, "the custom operator does not tell the type of output {}", i);
    for (const std::int64_t dim : outputs[i].shape)
      if (dim < 0)
        fail(ErrorCode::custom_operator, "the custom operator gives output {} the shape {}", i,
             to_string(outputs[i].shape));
    spec.set_output(i, outputs[i].type, outputs[i].shape);
  }
}

/// What a kernel keeps of its spec: the node, and the types of the operands without their contents.
struct Prepared {
  explicit Prepared(const Spec& from) : node(from.node()), spec(node, types(from), from.settings()) {
    for (std::size_t i = 0; i < from.output_count(); ++i) {
      const TensorInfo& output = from.output(i);
      spec.set_output(i, output.type, output.shape);
    }
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  static std::vector<TensorInfo> types(const Spec& from) {
    std::vector<TensorInfo> inputs;
    for (std::size_t i = 0; i < from.input_count(); ++i)
      inputs.push_back({from.input(i).type, from.input(i).shape, nullptr});
    return inputs;
  }

  const graph::Node node;
  Spec spec;
};

Kernel prepare(const Spec& spec) {
  return {[prepared = std::make_shared<const Prepared>(spec)](const Buffers& buffers) {
    guarded([&] { prepared->node.custom->compute(CustomCall(prepared->spec, buffers)); });
  }};
}

constexpr Implementation implementations[] = {{"custom", nullptr, prepare}};

std::string text(const CustomOperator& custom) {
  return fmt::format("the custom operator {}{}{}, since {}", custom.domain,
                     custom.domain.empty() ? "" : "::", custom.name, custom.since);
}

void check(const CustomOperator& custom) {
  if (custom.name.empty()) fail(ErrorCode::invalid_argument, "a custom operator has no name");
  if (custom.since < 1) fail(ErrorCode::invalid_argument, "{}: expected a version of at least 1", text(custom));
  if (!custom.types || !custom.compute)
    fail(ErrorCode::invalid_argument, "{}: its function '{}' is missing", text(custom),
         custom.types ? "compute" : "types");
  if (custom.domain == "ranvier" || operators::known(custom.domain, custom.name))
    fail(ErrorCode::invalid_argument, "{}: Ranvier has it itself", text(custom));
}

}  // namespace

/// Not folded: it may be no function of its inputs.
const Operator custom_operator = {
    .inputs = {0, any_number},
    .outputs = {1, any_number},
    .infer = infer,
    .implementations = implementations,
    .random = true,
};

std::span<const std::size_t> value_inputs(const Operator& op, const graph::Node& node) {
  return node.custom != nullptr ? std::span<const std::size_t>(node.custom->value_inputs) : op.value_inputs;
}

CustomOperators::CustomOperators(std::span<const CustomOperator> given) {
  for (CustomOperator each : given) {
    if (each.domain == "ai.onnx") each.domain.clear();  // another name for the same
    check(each);
    for (const auto& other : all_)
      if (other->domain == each.domain && other->name == each.name && other->since == each.since)
        fail(ErrorCode::invalid_argument, "{}: it is given twice", text(each));
    all_.push_back(std::make_shared<const CustomOperator>(std::move(each)));
  }
}

std::shared_ptr<const CustomOperator> CustomOperators::find(std::string_view domain, std::string_view name,
                                                            std::int64_t version) const {
  std::shared_ptr<const CustomOperator> best;
  for (const auto& each : all_)
    if (each->domain == domain && each->name == name && each->since <= version && (!best || each->since > best->since))
      best = each;
  return best;
}

bool CustomOperators::known(std::string_view domain, std::string_view name) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const auto& each) { return each->domain == domain && each->name == name; });
}

}  // namespace ranvier::operators

namespace ranvier {

const std::string& CustomNode::name() const { return spec_->node().name; }
std::int64_t CustomNode::version() const { return spec_->node().version; }
std::size_t CustomNode::input_count() const { return spec_->input_count(); }
std::size_t CustomNode::output_count() const { return spec_->output_count(); }
bool CustomNode::wants_output(std::size_t i) const { return spec_->wants_output(i); }
const Tensor* CustomNode::value(std::size_t i) const { return spec_->input(i).value; }
bool CustomNode::has_attribute(std::string_view name) const { return spec_->node().has(name); }

TensorType CustomNode::input_type(std::size_t i) const { return {spec_->input(i).type, spec_->input(i).shape}; }

template <class T>
const T& CustomNode::attribute(std::string_view name) const {
  return spec_->node().required<T>(name);
}

template <class T>
T CustomNode::attribute(std::string_view name, T otherwise) const {
  return spec_->node().get<T>(name, std::move(otherwise));
}

#define RANVIER_ATTRIBUTE(T)                                          \
  template const T& CustomNode::attribute<T>(std::string_view) const; \
  template T CustomNode::attribute<T>(std::string_view, T) const;
RANVIER_ATTRIBUTE(float)
RANVIER_ATTRIBUTE(std::int64_t)
RANVIER_ATTRIBUTE(std::string)
RANVIER_ATTRIBUTE(Tensor)
RANVIER_ATTRIBUTE(std::vector<float>)
RANVIER_ATTRIBUTE(std::vector<std::int64_t>)
RANVIER_ATTRIBUTE(std::vector<std::string>)
RANVIER_ATTRIBUTE(std::vector<Tensor>)
#undef RANVIER_ATTRIBUTE

Tensor CustomCall::input(std::size_t i) const {
  const operators::TensorInfo& info = spec_->input(i);
  return info.present() ? Tensor::view(info.type, buffers_->inputs[i], info.shape) : Tensor();
}

Tensor CustomCall::output(std::size_t i) const {
  const operators::TensorInfo& info = spec_->output(i);
  return info.present() ? Tensor::view(info.type, buffers_->outputs[i], info.shape) : Tensor();
}

}  // namespace ranvier

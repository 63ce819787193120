// Operators of the caller's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/export.h"
#include "ranvier/tensor.h"

namespace ranvier {

namespace operators {
class Spec;
struct Buffers;
}  // namespace operators

/// Element type and shape. A type of `undefined` stands for an optional input or output that is absent.
struct TensorType {
  DataType type = DataType::undefined;
  Shape shape = {};

  bool present() const { return type != DataType::undefined; }
};

/// The node of a model that a custom operator is asked about. Lives as long as the call that gets it.
class RANVIER_EXPORT CustomNode {
 public:
  /// As in the file, and possibly empty.
  const std::string& name() const;
  /// That of its domain's operator set, as the model imports it.
  std::int64_t version() const;

  std::size_t input_count() const;
  std::size_t output_count() const;
  /// The type of an input; absent where the node does not have it.
  TensorType input_type(std::size_t i) const;
  /// Whether the node names this output: what nobody reads need not be computed.
  bool wants_output(std::size_t i) const;
  /// The contents of an input while types are determined, where they are known: of constants, and of what stands in
  /// CustomOperator::value_inputs. Null for other inputs, and always while computing, where CustomCall::input has them.
  const Tensor* value(std::size_t i) const;

  bool has_attribute(std::string_view name) const;
  /// An attribute. T is float, std::int64_t, std::string, Tensor, or a std::vector of one of these.
  /// @throws Error invalid_model where it is missing or of another kind.
  template <class T>
  const T& attribute(std::string_view name) const;
  /// The same, or `otherwise` where it is missing. @throws Error invalid_model where it is of another kind.
  template <class T>
  T attribute(std::string_view name, T otherwise) const;

  /// Made by Ranvier.
  explicit CustomNode(const operators::Spec& spec) : spec_(&spec) {}

 protected:
  const operators::Spec* spec_;
};

/// One computation of such a node.
class RANVIER_EXPORT CustomCall : public CustomNode {
 public:
  /// The elements of an input, read-only and dense; undefined where it is absent. The memory is there until the call
  /// returns. Allocates nothing.
  Tensor input(std::size_t i) const;
  /// Where the elements of an output go, which are undefined so far (but strings are empty or old ones).
  Tensor output(std::size_t i) const;

  /// Made by Ranvier.
  CustomCall(const operators::Spec& spec, const operators::Buffers& buffers) : CustomNode(spec), buffers_(&buffers) {}

 private:
  const operators::Buffers* buffers_;
};

/// An operator that a program brings along, for the nodes of that domain and name in the models that it is given to by
/// ModelOptions::operators. It may also be one of ONNX' own that Ranvier does not have; those that Ranvier has cannot
/// be replaced. Where the model has a function of the same name, the custom operator takes its place.
///
/// Both functions are called by whatever threads load and run the model, also by several at once, and have to be safe
/// for that; they live as long as the model. What they throw ends the load or run with an Error custom_operator that
/// names the node and has their message (an Error of Ranvier keeps its code). A run calls `compute` each time, also
/// where all inputs are constants. Of a Binding's run, "allocates nothing" and "takes no lock" hold as far as they hold
/// of `compute`.
struct CustomOperator {
  std::string domain;      ///< "com.example"; "" is ONNX' own.
  std::string name;        ///< The nodes' op_type.
  std::int64_t since = 1;  ///< The first version of the domain with this meaning, until a later one that is given, too.

  /// The inputs whose contents `types` needs. Where a run computes them, what depends on them is planned during the
  /// run, and the model's outputs cannot be bound.
  std::vector<std::size_t> value_inputs = {};

  /// The types of all outputs, in their order, from those of the inputs and the attributes. Also called with sizes that
  /// no input ever has, by tools that look for what changes with them.
  std::function<std::vector<TensorType>(const CustomNode&)> types;

  /// Fills the outputs.
  std::function<void(const CustomCall&)> compute;
};

}  // namespace ranvier

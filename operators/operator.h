// What an operator is: shapes and types of its outputs, and its implementations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/error.h"
#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"
#include "runtime/graph/graph.h"

namespace ranvier {
class ThreadPool;
}

namespace ranvier::operators {

class PackedWeights;

/// What is known of one input or output when a plan is made. A default-constructed one is an absent optional operand.
struct TensorInfo {
  DataType type = DataType::undefined;
  Shape shape;
  const Tensor* value = nullptr;  ///< The contents, where they are the same in every run of the plan.
  bool from_model = false;        ///< The contents are the model's own, whatever its inputs are.

  bool present() const { return type != DataType::undefined; }
};

/// What an implementation may use and what it has to promise.
struct Settings {
  int threads = 1;                  ///< At most this many, the caller's included; at least 1.
  bool strict_onnx = false;         ///< Compute what the file spells out even where Keras means something else.
  PackedWeights* packed = nullptr;  ///< Weights in an implementation's own layout; null: keep them yourself.
  std::size_t memory_limit = 0;     ///< The most bytes that one tensor, or a plan's arena, may take; 0: no limit.
  ThreadPool* pool = nullptr;       ///< Shares out work (parallel.h), outlives kernels; null: the caller does it all.
};

/// A node with the types and shapes of its inputs, and of its outputs once `infer` has set them.
class Spec {
 public:
  Spec(const graph::Node& node, std::vector<TensorInfo> inputs, const Settings& settings = {})
      : node_(&node), settings_(settings), inputs_(std::move(inputs)), outputs_(node.outputs.size()) {}

  const graph::Node& node() const { return *node_; }
  const Settings& settings() const { return settings_; }

  /// Inputs and outputs the node does not have read as absent ones.
  const TensorInfo& input(std::size_t i) const { return i < inputs_.size() ? inputs_[i] : absent(); }
  const TensorInfo& output(std::size_t i) const { return i < outputs_.size() ? outputs_[i] : absent(); }
  std::size_t input_count() const { return inputs_.size(); }
  std::size_t output_count() const { return outputs_.size(); }

  /// Whether the node names this output.
  bool wants_output(std::size_t i) const { return i < node_->outputs.size() && node_->outputs[i] != graph::none; }

  /// Sets an output's type and shape; one the node does not have is ignored.
  void set_output(std::size_t i, DataType type, const Shape& shape) {
    if (wants_output(i)) outputs_[i] = {type, shape, nullptr};
  }

  /// The elements of an input whose contents are known (see Operator::value_inputs) as int64, whatever integer type
  /// it has. @throws Error invalid_model for other types.
  std::vector<std::int64_t> integers(std::size_t i) const;

  /// Whose fault it is that the contents of an input are wrong by themselves.
  ErrorCode fault_of(std::size_t i) const {
    return input(i).from_model ? ErrorCode::invalid_model : ErrorCode::invalid_argument;
  }

 private:
  static const TensorInfo& absent();

  const graph::Node* node_;
  Settings settings_;
  std::vector<TensorInfo> inputs_;
  std::vector<TensorInfo> outputs_;
};

/// The memory that one run of a kernel works on. Absent operands are null.
struct Buffers {
  const void* const* inputs = nullptr;
  void* const* outputs = nullptr;
  std::byte* scratch = nullptr;  ///< Kernel::scratch_bytes bytes, aligned to 64, contents undefined.

  template <class T>
  const T* input(std::size_t i) const {
    return static_cast<const T*>(inputs[i]);
  }
  template <class T>
  T* output(std::size_t i) const {
    return static_cast<T*>(outputs[i]);
  }
};

/// What a kernel tells that makes each row of its outputs of the same row of its inputs (by_rows.h): a row is an equal
/// share of an operand's elements.
struct Rows {
  std::size_t count = 0;          ///< 0: the kernel has none.
  std::uint32_t inputs = 1;       ///< Those that have rows, bit i for input i; of the others all rows are made.
  std::size_t together = 1;       ///< So many rows at once, or a few less, or a multiple, are fastest.
  std::size_t apart = 1;          ///< What different threads compute begins at multiples of so many rows.
  double nanoseconds = 0;         ///< What one thread takes for all of them, about.
  std::size_t scratch_bytes = 0;  ///< Of every thread that computes some.
  /// Computes the first rows of buffers that begin at any row. Throws nothing.
  std::function<void(const Buffers&, std::size_t rows)> run = {};
};

/// An implementation made ready for one Spec: everything that does not depend on the elements is computed already.
/// `run` does not allocate, may be called by several threads at once, and throws Error invalid_argument where the
/// elements themselves are wrong (an index out of range).
struct Kernel {
  std::function<void(const Buffers&)> run;
  std::size_t scratch_bytes = 0;
  Rows rows = {};
};

/// One way to compute an operator.
struct Implementation {
  std::string_view name;
  /// Why this implementation cannot serve the spec, in words; nothing where it can. Null: it always can.
  std::optional<std::string> (*refusal)(const Spec&) = nullptr;
  Kernel (*prepare)(const Spec&) = nullptr;
  bool takes_panels = false;  ///< Constant inputs may lie in panels (Panels); else they are dense.
};

/// How many inputs or outputs a node may have.
struct Arity {
  std::size_t least = 1;
  std::size_t most = 1;
};
inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

/// The meaning of one operator since one version of its domain.
struct Operator {
  Arity inputs = {};
  Arity outputs = {};
  /// The types that the first input may have.
  TypeSet types = all_types;
  /// Sets every output of the spec from its inputs and attributes. @throws Error invalid_model or invalid_argument
  /// where they do not fit together. Null only where `evaluate` is set.
  void (*infer)(Spec&) = nullptr;
  /// Fastest first, the reference last.
  std::span<const Implementation> implementations = {};
  /// The inputs whose contents `infer` needs: the planner calls it only where they are known (or absent).
  std::span<const std::size_t> value_inputs = {};
  /// The outputs depend on the shapes and types of the inputs alone, as for Shape: `run` gets null inputs.
  bool reads_shapes_only = false;
  /// Where the first output has the first input's type, it has its elements too, in their order: the planner may let
  /// them share memory.
  bool is_view = false;
  /// For outputs whose shapes depend on the elements (NonZero): every input's value is known; returns the outputs.
  std::vector<Tensor> (*evaluate)(const Spec&) = nullptr;
  /// The result is not a function of the inputs (random numbers): never folded.
  bool random = false;
};

/// The inputs whose contents the node's types depend on: Operator::value_inputs, or those of its custom operator.
std::span<const std::size_t> value_inputs(const Operator& op, const graph::Node& node);

/// Checks the number of inputs and outputs and the first input's type.
/// @throws Error invalid_model, or unsupported for a type.
void check_operands(const Operator& op, const Spec& spec);

/// @throws Error out_of_memory where output `i` takes more than the settings allow.
void check_size(std::size_t i, const TensorInfo& output, const Settings& settings);

/// Operator::infer where output 0 has the type and shape of input 0.
void infer_as_first_input(Spec& spec);

/// Computes a node with its reference: the path of constant folding, of data-dependent shapes and of the reference
/// interpreter. `inputs` has null for absent ones. @throws Error.
std::vector<Tensor> evaluate(const Operator& op, const graph::Node& node, std::span<const Tensor* const> inputs,
                             const Settings& settings = {});

}  // namespace ranvier::operators

// From the format's graphs to graph::Graph.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/loader/functions.h"
#include "runtime/loader/loader.h"
#include "runtime/loader/messages.h"
#include "runtime/loader/tensors.h"

namespace ranvier::loader {

/// Builds the graph of one model. Model-local functions are inlined, subgraphs become graph::Subgraph with everything
/// they capture, level by level.
///
/// What bounds the result: the number of all nodes, what is copied from functions and into subgraphs, and how deep
/// these nest.
class Builder {
 public:
  static constexpr std::size_t most_copied_bytes = std::size_t{1} << 30;
  static constexpr std::size_t most_levels = 64;

  /// All have to outlive the builder.
  Builder(const onnx::ModelProto& model, TensorReader& tensors, const Options& options);

  /// The model's graph. Initializers are emptied as they are read, so that they are not in memory twice.
  /// @throws Error that goes from the node inwards.
  graph::Graph build(onnx::GraphProto& proto);

  /// An attribute that was left out because graph::Attribute cannot hold it.
  struct NotHeld {
    std::string line;  ///< That says so, with its node.
    bool of_known_operator = false;
  };
  const std::vector<NotHeld>& attributes_not_held() const { return attributes_not_held_; }

 private:
  using Names = std::unordered_map<std::string, graph::ValueId>;
  using Arguments = std::map<std::string, graph::Attribute, std::less<>>;

  /// A graph in the making.
  struct Home {
    graph::Graph graph;
    std::vector<graph::Capture> captures;
    std::unordered_map<std::string, std::size_t> taken;  ///< Names that values have, and how often each was asked for.
  };

  /// What one list of nodes sees: the names of a graph, or of one call of a function.
  struct Scope {
    Home& home;
    Scope* outer = nullptr;  ///< Around a subgraph; a function sees nothing around it.
    const Opsets& opsets;
    const Arguments* arguments = nullptr;  ///< What attributes of a function's body refer to.
    bool arguments_here = true;            ///< Their graphs' captures are values of this very graph.
    std::string prefix = {};               ///< Before every name that an inlined body defines.
    Names names = {};
    Names promised = {};  ///< Outputs of a function: values that its body has to make.
  };

  // builder.cc
  void fill(Scope& scope, const onnx::GraphProto& proto, onnx::GraphProto* emptied);
  void add_inputs(Scope& scope, const onnx::GraphProto& proto);
  void add_initializers(Scope& scope, const onnx::GraphProto& proto, onnx::GraphProto* emptied);
  void add_initializer(Scope& scope, const std::string& name, Tensor tensor);
  void add_declared(Scope& scope, const onnx::ValueInfoProto& info);
  void define_outputs(Scope& scope, const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes);
  void add_node(Scope& scope, const onnx::NodeProto& proto);
  std::shared_ptr<const CustomOperator> custom_operator_of(const onnx::NodeProto& proto, const Opsets& opsets) const;
  graph::ValueId define(Scope& scope, const std::string& name);
  std::optional<graph::ValueId> resolve(Scope& scope, const std::string& name);
  graph::ValueId import(Scope& scope, const std::string& name, graph::ValueId outer);
  std::vector<graph::ValueId> read_inputs(Scope& scope, const onnx::NodeProto& proto);

  // attributes.cc
  Arguments attributes(Scope& scope, const onnx::NodeProto& proto, bool known_operator);
  std::optional<graph::Attribute> attribute(Scope& scope, const onnx::AttributeProto& proto);
  std::optional<graph::Attribute> argument(Scope& scope, const onnx::AttributeProto& proto);
  graph::Subgraph subgraph(Scope& scope, const onnx::GraphProto& proto);
  Tensor tensor(const onnx::TensorProto& proto);
  Tensor taken(onnx::TensorProto& proto);
  Tensor tensor(const onnx::SparseTensorProto& proto);

  /// What `read` returns; inside functions, read only once.
  template <class Read>
  Tensor shared(const void* proto, const Read& read) {
    if (calls_.empty()) return read();
    const auto found = shared_tensors_.find(proto);
    return found != shared_tensors_.end() ? found->second : shared_tensors_.emplace(proto, read()).first->second;
  }

  /// Counts bytes that stand in the model once and in the result more often. @throws Error for too many.
  void charge(std::size_t bytes);

  // functions.cc
  void call(Scope& scope, const onnx::NodeProto& proto, const Function& function);
  void pass_through(Scope& body, const std::string& output, graph::ValueId made);

  /// Counts one level of subgraphs and functions for as long as it lives.
  class Level {
   public:
    explicit Level(Builder& builder);
    ~Level() { --builder_.levels_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Builder& builder_;
  };

  TensorReader& tensors_;
  const Options& options_;
  const Opsets opsets_;
  const Functions functions_;
  const std::int64_t ir_version_;
  std::vector<NotHeld> attributes_not_held_;
  std::vector<const Function*> calls_;  ///< The functions that are being inlined, outermost first.
  /// Tensors in functions' bodies, which every call shares.
  std::unordered_map<const void*, Tensor> shared_tensors_;
  std::size_t nodes_ = 0;
  std::size_t copied_bytes_ = 0;
  std::size_t levels_ = 0;
};

/// "node 'dense/MatMul' (MatMul, opset 17)"; a node without a name is known by its first output: "node '-> y' (...)".
std::string describe(const onnx::NodeProto& proto, const Opsets& opsets);

}  // namespace ranvier::loader

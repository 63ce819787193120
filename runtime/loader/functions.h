// Operator sets that a model or function imports, and the functions that a model brings along.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/loader/messages.h"

namespace ranvier::loader {

/// "" for "ai.onnx", which is the same domain; else the domain itself.
std::string normalized_domain(const std::string& domain);

/// The version of each imported operator set.
class Opsets {
 public:
  /// Of a model. Before IR version 3 there were no imports: the default domain is at version 1 then.
  explicit Opsets(const onnx::ModelProto& model);
  /// Of a function; what it does not import is as the model has it.
  Opsets(const onnx::FunctionProto& function, const Opsets& model);

  /// Nothing where the domain is not imported.
  std::optional<std::int64_t> version(const std::string& domain) const;
  const std::map<std::string, std::int64_t>& all() const { return versions_; }

 private:
  void add(const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports);

  std::map<std::string, std::int64_t> versions_;
};

/// An operator as one version of its domain has it.
struct OperatorId {
  std::string domain;
  std::string op_type;
  std::int64_t version = 0;
};

/// The operator that a node applies, if it calls no function. @throws Error invalid_model where its domain is not
/// imported.
OperatorId operator_of(const onnx::NodeProto& node, const Opsets& opsets);

/// A function that the model defines.
struct Function {
  const onnx::FunctionProto& proto;
  Opsets opsets;
  std::vector<onnx::AttributeProto> defaults;

  /// "domain::name".
  std::string name() const;
  /// The operator that it stands for where runtime/writer has made it: functions of the domain "ranvier" spell out for
  /// other runtimes what Ranvier has an operator for. Those of "Gelu_tanh" call Gelu: what follows the operator's name
  /// tells apart spellings that depend on attributes, which the calls have all the same. Nothing for other functions.
  std::optional<OperatorId> spelled_out() const;
};

/// The functions of a model, by domain, name and overload.
class Functions {
 public:
  /// @throws Error invalid_model where two are the same.
  Functions(const onnx::ModelProto& model, const Opsets& opsets);

  /// The function that the node calls; null where it is no call.
  const Function* find(const onnx::NodeProto& node) const;

 private:
  std::unordered_map<std::string, Function> functions_;
};

}  // namespace ranvier::loader

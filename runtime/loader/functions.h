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

/// A function that the model defines.
struct Function {
  const onnx::FunctionProto& proto;
  Opsets opsets;
  std::vector<onnx::AttributeProto> defaults;

  /// "domain::name".
  std::string name() const;
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

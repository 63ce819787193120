// Models and handles for tests of the C interface.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ranvier/c_api.h"
#include "runtime/loader/testing.h"

namespace ranvier::c_api::testing {

/// A value of `type` and, where the file tells, these sizes; -1 is open.
inline void declare(onnx::ValueInfoProto* info, const std::string& name, ranvier_type type,
                    const std::vector<std::int64_t>& dims) {
  loader::testing::declare(info, name, dims);
  info->mutable_type()->mutable_tensor_type()->set_elem_type(type);
}

/// x -> one operator -> y.
inline std::string one_operator(const std::string& op_type, ranvier_type from, ranvier_type to,
                                const std::vector<std::int64_t>& from_dims, const std::vector<std::int64_t>& to_dims) {
  onnx::ModelProto model = loader::testing::empty_model();
  declare(model.mutable_graph()->add_input(), "x", from, from_dims);
  declare(model.mutable_graph()->add_output(), "y", to, to_dims);
  loader::testing::add_node(model.mutable_graph(), op_type, {"x"}, {"y"});
  return loader::serialize(model);
}

/// y = relu(x), float [batch, 2].
inline std::string relu() { return one_operator("Relu", RANVIER_FLOAT32, RANVIER_FLOAT32, {-1, 2}, {-1, 2}); }

/// y = x + b, where b is [1, 2] unless it is given.
inline std::string add_with_default() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto& graph = *model.mutable_graph();
  declare(graph.add_input(), "x", RANVIER_FLOAT32, {2});
  declare(graph.add_input(), "b", RANVIER_FLOAT32, {2});
  declare(graph.add_output(), "y", RANVIER_FLOAT32, {2});
  loader::testing::set_floats(graph.add_initializer(), "b", {2}, {1, 2});
  loader::testing::add_node(&graph, "Add", {"x", "b"}, {"y"});
  return loader::serialize(model);
}

/// y = x[i], rows of a [3, 2].
inline std::string gather() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto& graph = *model.mutable_graph();
  declare(graph.add_input(), "x", RANVIER_FLOAT32, {3, 2});
  declare(graph.add_input(), "i", RANVIER_INT64, {1});
  declare(graph.add_output(), "y", RANVIER_FLOAT32, {1, 2});
  loader::testing::add_node(&graph, "Gather", {"x", "i"}, {"y"}, "pick");
  return loader::serialize(model);
}

/// A struct of which nothing is set but its size.
template <class Struct>
Struct sized() {
  Struct result = {};
  result.struct_size = sizeof(Struct);
  return result;
}

struct Destroy {
  void operator()(ranvier_model* model) const { ranvier_model_destroy(model); }
  void operator()(ranvier_session* session) const { ranvier_session_destroy(session); }
  void operator()(ranvier_binding* binding) const { ranvier_binding_destroy(binding); }
  void operator()(ranvier_tensor* tensor) const { ranvier_tensor_destroy(tensor); }
};
template <class C>
using Owned = std::unique_ptr<C, Destroy>;

inline Owned<ranvier_model> parse(const std::string& bytes, const ranvier_model_options* options = nullptr) {
  ranvier_model* model = nullptr;
  if (ranvier_model_parse(bytes.data(), bytes.size(), options, &model) != RANVIER_OK)
    throw std::runtime_error(ranvier_last_error());
  return Owned<ranvier_model>(model);
}

inline Owned<ranvier_session> session_of(const std::string& bytes) {
  auto options = sized<ranvier_session_options>();
  options.threads = 1;
  ranvier_session* session = nullptr;
  if (ranvier_session_create(parse(bytes).get(), &options, &session) != RANVIER_OK)
    throw std::runtime_error(ranvier_last_error());
  return Owned<ranvier_session>(session);
}

template <class T>
ranvier_input input(ranvier_type type, const ranvier_shape& shape, const std::vector<T>& values) {
  return {type, shape, values.data(), values.size() * sizeof(T)};
}

template <class T>
ranvier_output output(ranvier_type type, const ranvier_shape& shape, std::vector<T>& values) {
  return {type, shape, values.data(), values.size() * sizeof(T)};
}

/// "invalid_argument: ..." of a call that failed, "ok" of one that did not.
inline std::string said(ranvier_status status) {
  return status == RANVIER_OK ? "ok" : std::string(ranvier_status_name(status)) + ": " + ranvier_last_error();
}

}  // namespace ranvier::c_api::testing

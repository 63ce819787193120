// Making models for the loader's tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "operators/testing.h"
#include "runtime/loader/loader.h"
#include "runtime/loader/messages.h"

namespace ranvier::loader::testing {

using operators::testing::elements;
using operators::testing::error_of;

/// An empty model of a usual IR version that imports one version of ONNX' own operators.
inline onnx::ModelProto empty_model(std::int64_t ir_version = 8, std::int64_t opset = 17) {
  onnx::ModelProto model;
  model.set_ir_version(ir_version);
  model.add_opset_import()->set_version(opset);
  model.mutable_graph()->set_name("g");
  return model;
}

/// Declares a float tensor; -1 is a dimension that the file leaves open.
inline void declare(onnx::ValueInfoProto* info, const std::string& name, const std::vector<std::int64_t>& dims) {
  info->set_name(name);
  auto* tensor = info->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT);
  auto* shape = tensor->mutable_shape();
  for (const std::int64_t dim : dims) {
    auto* added = shape->add_dim();
    if (dim >= 0) added->set_dim_value(dim);
  }
}

/// Adds a node to a graph or function.
template <class Proto>
onnx::NodeProto* add_node(Proto* to, const std::string& op_type, std::initializer_list<std::string> inputs,
                          std::initializer_list<std::string> outputs, const std::string& name = "") {
  onnx::NodeProto* node = to->add_node();
  node->set_op_type(op_type);
  node->set_name(name);
  for (const std::string& input : inputs) node->add_input(input);
  for (const std::string& output : outputs) node->add_output(output);
  return node;
}

inline onnx::AttributeProto* add_attribute(onnx::NodeProto* node, const std::string& name,
                                           onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto* attribute = node->add_attribute();
  attribute->set_name(name);
  attribute->set_type(type);
  return attribute;
}

inline void set_floats(onnx::TensorProto* tensor, const std::string& name, const std::vector<std::int64_t>& dims,
                       const std::vector<float>& values) {
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) tensor->add_dims(dim);
  for (const float value : values) tensor->add_float_data(value);
}

inline void set_integers(onnx::TensorProto* tensor, const std::string& name, const std::vector<std::int64_t>& dims,
                         const std::vector<std::int64_t>& values) {
  tensor->set_name(name);
  tensor->set_data_type(onnx::TensorProto::INT64);
  for (const std::int64_t dim : dims) tensor->add_dims(dim);
  for (const std::int64_t value : values) tensor->add_int64_data(value);
}

/// x -> node 'relu' -> y, both float[?, 2].
inline onnx::ModelProto relu_model() {
  onnx::ModelProto model = empty_model();
  declare(model.mutable_graph()->add_input(), "x", {-1, 2});
  declare(model.mutable_graph()->add_output(), "y", {-1, 2});
  add_node(model.mutable_graph(), "Relu", {"x"}, {"y"}, "relu");
  return model;
}

inline LoadedModel load(const std::string& bytes, const std::filesystem::path& folder = {}) {
  return load_bytes(std::as_bytes(std::span(bytes)), folder);
}

inline LoadedModel load(const onnx::ModelProto& model, const std::filesystem::path& folder = {}) {
  return load(serialize(model), folder);
}

/// The message of what loading throws.
inline std::string load_error(const onnx::ModelProto& model, const std::filesystem::path& folder = {}) {
  return error_of([&] { load(model, folder); });
}

/// `message` with the file's path as "FILE".
inline std::string without_path(std::string message, const std::filesystem::path& file) {
  const std::size_t at = message.find(file.string());
  return at == std::string::npos ? message : message.replace(at, file.string().size(), "FILE");
}

/// The value of that name. @throws std::out_of_range.
inline const graph::Value& value(const graph::Graph& graph, std::string_view name) {
  for (const graph::Value& each : graph.values)
    if (each.name == name) return each;
  throw std::out_of_range(std::string(name));
}

/// The names of values, "-" for an absent one.
inline std::vector<std::string> names(const graph::Graph& graph, const std::vector<graph::ValueId>& ids) {
  std::vector<std::string> result;
  for (const graph::ValueId id : ids) result.push_back(id == graph::none ? "-" : graph.values[id].name);
  return result;
}

using Names = std::vector<std::string>;

/// A folder that is gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ranvier-loader-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file into the folder and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ranvier::loader::testing

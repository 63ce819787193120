#include "ranvier/c_api.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ranvier/ranvier.h"
#include "runtime/c_api/descriptors.h"
#include "runtime/c_api/handles.h"
#include "runtime/c_api/last_error.h"

// What the handles are named by in C; there is nothing behind them.
struct ranvier_model {};
struct ranvier_session {};
struct ranvier_binding {};
struct ranvier_tensor {};

namespace ranvier::c_api {
namespace {

/// A tensor, and its strings as C has them.
struct OwnedTensor {
  Tensor tensor;
  std::vector<const char*> texts;
};

/// What stands behind the handles of a C type.
template <class C>
struct Kind;
template <>
struct Kind<ranvier_model> {
  using Object = Model;
  static constexpr std::uintptr_t number = 1;
  static constexpr std::string_view name = "ranvier_model";
};
template <>
struct Kind<ranvier_session> {
  using Object = Session;
  static constexpr std::uintptr_t number = 2;
  static constexpr std::string_view name = "ranvier_session";
};
template <>
struct Kind<ranvier_binding> {
  using Object = Binding;
  static constexpr std::uintptr_t number = 3;
  static constexpr std::string_view name = "ranvier_binding";
};
template <>
struct Kind<ranvier_tensor> {
  using Object = OwnedTensor;
  static constexpr std::uintptr_t number = 4;
  static constexpr std::string_view name = "ranvier_tensor";
};

template <class C>
using Object = typename Kind<C>::Object;

/// Never destroyed: what runs while a process ends may use handles still.
template <class C>
Handles<Object<C>>& handles() {
  static auto& all = *new Handles<Object<C>>(Kind<C>::number);
  return all;
}

template <class C>
std::uintptr_t number(const C* handle) {
  return reinterpret_cast<std::uintptr_t>(handle);
}

template <class C>
C* handle_of(std::unique_ptr<Object<C>> object) {
  return reinterpret_cast<C*>(handles<C>().add(std::move(object)));
}

template <class C>
[[noreturn]] void fail_wrong_handle(const C* handle) {
  if (handle == nullptr) fail(ErrorCode::invalid_argument, "the {} is NULL", Kind<C>::name);
  fail(ErrorCode::invalid_argument, "this is no {}, or one that was destroyed", Kind<C>::name);
}

template <class C>
Object<C>& object(const C* handle) {
  Object<C>* found = handles<C>().find(number(handle));
  if (found == nullptr) fail_wrong_handle(handle);
  return *found;
}

template <class C>
ranvier_status destroy(C* handle) noexcept {
  return guarded([&] {
    if (handle != nullptr && handles<C>().remove(number(handle)) == nullptr) fail_wrong_handle(handle);
  });
}

/// Calls `make` for an object, and sets *result to a handle of it.
template <class C, class Make>
ranvier_status made(C** result, const Make& make) noexcept {
  if (result != nullptr) *result = nullptr;
  return guarded([&] {
    C*& handle = required(result, Kind<C>::name.substr(std::strlen("ranvier_")));
    handle = handle_of<C>(std::make_unique<Object<C>>(make()));
  });
}

std::filesystem::path path_of(const char* utf8) { return reinterpret_cast<const char8_t*>(utf8); }

ModelOptions model_options(const ranvier_model_options* given) {
  const ranvier_model_options from = options(given, "ranvier_model_options");
  ModelOptions result;
  result.optimize = from.unoptimized == 0;
  result.strict_onnx = from.strict_onnx != 0;
  if (from.external_data_folder != nullptr) result.external_data_folder = path_of(from.external_data_folder);
  if (from.node_limit != 0) result.node_limit = from.node_limit;
  result.memory_limit = from.memory_limit;
  if (from.self_test != 0) result.self_test.emplace();
  for (const char* tap : array(from.taps, from.tap_count, "taps")) result.taps.emplace_back(&required(tap, "a tap"));
  return result;
}

SessionOptions session_options(const ranvier_session_options* given) {
  const ranvier_session_options from = options(given, "ranvier_session_options");
  SessionOptions result;
  result.threads = from.threads;
  result.reference = from.reference != 0;
  if (from.plans != 0) result.plans = from.plans;
  result.memory_limit = from.memory_limit;
  return result;
}

ranvier_port described(const PortInfo& port) {
  if (port.dimensions.size() > RANVIER_MAX_RANK)
    fail(ErrorCode::unsupported, "'{}' has {} dimensions, at most {} can be described", port.name,
         port.dimensions.size(), RANVIER_MAX_RANK);
  ranvier_port result{};
  result.name = port.name.c_str();
  result.type = static_cast<ranvier_type>(port.type);
  result.ranked = port.ranked;
  result.optional = port.optional;
  result.shape.rank = port.dimensions.size();
  std::fill(std::begin(result.symbols), std::end(result.symbols), "");
  for (std::size_t axis = 0; axis < port.dimensions.size(); ++axis) {
    result.shape.dims[axis] = port.dimensions[axis].size;
    result.symbols[axis] = port.dimensions[axis].symbol.c_str();
  }
  return result;
}

using Ports = const std::vector<PortInfo>& (Model::*)() const;

ranvier_status count(const ranvier_model* model, Ports ports, size_t* result) noexcept {
  return guarded([&] { required(result, "count") = (object(model).*ports)().size(); });
}

ranvier_status describe(const ranvier_model* model, Ports ports, std::size_t index, ranvier_port* port) noexcept {
  return guarded([&] {
    const std::vector<PortInfo>& all = (object(model).*ports)();
    if (index >= all.size())
      fail(ErrorCode::invalid_argument, "there is no number {}: the model has {}", index, all.size());
    fill(required(port, "port"), described(all[index]), "ranvier_port");
  });
}

ranvier_status find(const ranvier_model* model, Ports ports, std::string_view role, const char* wanted,
                    size_t* index) noexcept {
  return guarded([&] {
    const std::vector<PortInfo>& all = (object(model).*ports)();
    const std::string_view wanted_name = &required(wanted, "name");
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const PortInfo& port) { return port.name == wanted_name; });
    if (found == all.end()) {
      std::vector<std::string> names;
      for (const PortInfo& each : all) names.push_back("'" + each.name + "'");
      fail(ErrorCode::invalid_argument, "the model has no {} '{}'; it has {}", role, wanted_name,
           fmt::join(names, ", "));
    }
    required(index, "index") = static_cast<std::size_t>(found - all.begin());
  });
}

void check_output_count(std::size_t given, const Session& session) {
  const std::size_t expected = session.model().outputs().size();
  if (given != expected)
    fail(ErrorCode::invalid_argument, "room for {} outputs was given, the model has {}", given, expected);
}

std::vector<Tensor> run(const Session& session, const ranvier_input* given, std::size_t count) {
  const std::vector<PortInfo>& ports = session.model().inputs();
  if (count > ports.size())
    fail(ErrorCode::invalid_argument, "{} inputs were given, the model has {}", count, ports.size());
  const std::vector<Tensor> tensors = inputs(array(given, count, "inputs"), ports);
  return session.run(tensors);
}

OwnedTensor owned(Tensor tensor) {
  std::vector<const char*> texts;
  if (tensor.type() == DataType::string)
    for (const std::string& text : tensor.values<std::string>()) texts.push_back(text.c_str());
  return {std::move(tensor), std::move(texts)};
}

void copy(const Tensor& from, Tensor& to, const std::string& name_of_output) {
  if (from.type() != to.type() || from.shape() != to.shape())
    fail(ErrorCode::invalid_argument, "output '{}' is given as {} {}, expected {} {}", name_of_output, name(to.type()),
         to_string(to.shape()), name(from.type()), to_string(from.shape()));
  if (from.bytes() > 0) std::memcpy(to.mutable_data(), from.data(), from.bytes());
}

void check_bound(const std::vector<Tensor>& inputs) {
  for (const Tensor& input : inputs)
    if (input.type() == DataType::string)
      fail(ErrorCode::invalid_argument, "inputs that are strings cannot be bound; ranvier_session_run takes them");
}

}  // namespace
}  // namespace ranvier::c_api

using namespace ranvier;
using namespace ranvier::c_api;

// What stands in the header about errors, handles and threads is not repeated here.
extern "C" {

uint32_t ranvier_version(void) noexcept { return RANVIER_VERSION; }

const char* ranvier_version_text(void) noexcept { return RANVIER_VERSION_TEXT; }

// The names are literals, so that they end with a zero byte.
const char* ranvier_status_name(ranvier_status status) noexcept {
  return status == RANVIER_OK ? "ok" : name(static_cast<ErrorCode>(status)).data();
}

const char* ranvier_type_name(ranvier_type type) noexcept {
  return type < 0 || type >= data_type_count ? "unknown" : name(static_cast<DataType>(type)).data();
}

const char* ranvier_last_error(void) noexcept { return last_error(); }

ranvier_status ranvier_byte_size(ranvier_type type, const ranvier_shape* dims, size_t* bytes) noexcept {
  return guarded([&] { required(bytes, "bytes") = size_in_c(data_type(type), shape(required(dims, "shape"))); });
}

ranvier_status ranvier_model_load(const char* path, const ranvier_model_options* given,
                                  ranvier_model** model) noexcept {
  return made(model, [&] { return Model::load(path_of(&required(path, "path")), model_options(given)); });
}

ranvier_status ranvier_model_parse(const void* bytes, size_t size, const ranvier_model_options* given,
                                   ranvier_model** model) noexcept {
  return made(model, [&] {
    return Model::parse(array(static_cast<const std::byte*>(bytes), size, "bytes"), model_options(given));
  });
}

ranvier_status ranvier_model_destroy(ranvier_model* model) noexcept { return destroy(model); }

ranvier_status ranvier_model_input_count(const ranvier_model* model, size_t* result) noexcept {
  return count(model, &Model::inputs, result);
}

ranvier_status ranvier_model_output_count(const ranvier_model* model, size_t* result) noexcept {
  return count(model, &Model::outputs, result);
}

ranvier_status ranvier_model_input(const ranvier_model* model, size_t index, ranvier_port* port) noexcept {
  return describe(model, &Model::inputs, index, port);
}

ranvier_status ranvier_model_output(const ranvier_model* model, size_t index, ranvier_port* port) noexcept {
  return describe(model, &Model::outputs, index, port);
}

ranvier_status ranvier_model_find_input(const ranvier_model* model, const char* wanted, size_t* index) noexcept {
  return find(model, &Model::inputs, "input", wanted, index);
}

ranvier_status ranvier_model_find_output(const ranvier_model* model, const char* wanted, size_t* index) noexcept {
  return find(model, &Model::outputs, "output", wanted, index);
}

ranvier_status ranvier_session_create(const ranvier_model* model, const ranvier_session_options* given,
                                      ranvier_session** session) noexcept {
  return made(session, [&] { return Session(object(model), session_options(given)); });
}

ranvier_status ranvier_session_destroy(ranvier_session* session) noexcept { return destroy(session); }

ranvier_status ranvier_session_output_shapes(const ranvier_session* handle, const ranvier_shape* input_shapes,
                                             size_t input_count, ranvier_shape* output_shapes,
                                             size_t output_count) noexcept {
  return guarded([&] {
    const Session& session = object(handle);
    check_output_count(output_count, session);
    const std::size_t ports = session.model().inputs().size();
    if (input_count > ports)
      fail(ErrorCode::invalid_argument, "{} shapes were given, the model has {} inputs", input_count, ports);
    std::vector<Shape> given;
    for (const ranvier_shape& each : array(input_shapes, input_count, "input_shapes")) given.push_back(shape(each));
    const std::span<ranvier_shape> to = array(output_shapes, output_count, "output_shapes");
    const std::vector<Shape> shapes = session.output_shapes(given);
    std::transform(shapes.begin(), shapes.end(), to.begin(), [](const Shape& each) { return described(each); });
  });
}

ranvier_status ranvier_session_run(const ranvier_session* handle, const ranvier_input* given, size_t input_count,
                                   ranvier_tensor** results, size_t output_count) noexcept {
  return guarded([&] {
    const Session& session = object(handle);
    check_output_count(output_count, session);
    const std::span<ranvier_tensor*> to = array(results, output_count, "outputs");
    std::vector<std::unique_ptr<OwnedTensor>> tensors;
    for (Tensor& output : run(session, given, input_count))
      tensors.push_back(std::make_unique<OwnedTensor>(owned(std::move(output))));
    std::vector<ranvier_tensor*> made;
    made.reserve(tensors.size());
    try {
      for (std::unique_ptr<OwnedTensor>& tensor : tensors) made.push_back(handle_of<ranvier_tensor>(std::move(tensor)));
    } catch (...) {
      for (ranvier_tensor* tensor : made) destroy(tensor);
      throw;
    }
    std::copy(made.begin(), made.end(), to.begin());
  });
}

ranvier_status ranvier_session_run_into(const ranvier_session* handle, const ranvier_input* given, size_t input_count,
                                        const ranvier_output* results, size_t output_count) noexcept {
  return guarded([&] {
    const Session& session = object(handle);
    check_output_count(output_count, session);
    const std::vector<PortInfo>& ports = session.model().outputs();
    std::vector<Tensor> to = outputs(array(results, output_count, "outputs"), ports);
    const std::vector<Tensor> from = run(session, given, input_count);
    for (std::size_t i = 0; i < to.size(); ++i) copy(from[i], to[i], ports[i].name);
  });
}

ranvier_status ranvier_tensor_view(const ranvier_tensor* handle, ranvier_input* view) noexcept {
  return guarded([&] {
    const OwnedTensor& owned = object(handle);
    const Tensor& tensor = owned.tensor;
    const bool strings = tensor.type() == DataType::string;
    const void* data = strings ? static_cast<const void*>(owned.texts.data()) : tensor.data();
    required(view, "view") = {static_cast<ranvier_type>(tensor.type()), described(tensor.shape()), data,
                              size_in_c(tensor.type(), tensor.shape())};
  });
}

ranvier_status ranvier_tensor_destroy(ranvier_tensor* tensor) noexcept { return destroy(tensor); }

ranvier_status ranvier_session_bind(const ranvier_session* handle, const ranvier_input* given, size_t input_count,
                                    const ranvier_output* results, size_t output_count,
                                    ranvier_binding** binding) noexcept {
  return made(binding, [&] {
    const Session& session = object(handle);
    const Model& model = session.model();
    check_output_count(output_count, session);
    if (input_count > model.inputs().size())
      fail(ErrorCode::invalid_argument, "{} inputs were given, the model has {}", input_count, model.inputs().size());
    const std::vector<Tensor> from = inputs(array(given, input_count, "inputs"), model.inputs());
    std::vector<Tensor> to = outputs(array(results, output_count, "outputs"), model.outputs());
    check_bound(from);
    return session.bind(from, to);
  });
}

ranvier_status ranvier_binding_run(ranvier_binding* handle) noexcept {
  Binding* binding = handles<ranvier_binding>().find(number(handle));
  if (binding != nullptr && binding->run()) return RANVIER_OK;
  return guarded([&] { throw Error(*object(handle).error()); });
}

ranvier_status ranvier_binding_destroy(ranvier_binding* binding) noexcept { return destroy(binding); }

}  // extern "C"

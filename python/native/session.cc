#include "python/native/session.h"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <cstring>

#include "python/native/arrays.h"
#include "runtime/core/error.h"

namespace ranvier::python {
namespace {

/// Calls whose inputs or outputs take more bytes look at the arrays' own memory; copying fewer costs less than looking.
constexpr std::size_t most_copied_bytes = 16 * 1024;

std::vector<Port> ports(const std::vector<PortInfo>& infos, std::string_view kind) {
  std::vector<Port> result;
  for (const PortInfo& info : infos) {
    PyObject* name = PyUnicode_FromStringAndSize(info.name.data(), static_cast<Py_ssize_t>(info.name.size()));
    PyUnicode_InternInPlace(&name);
    result.push_back({nb::steal(name), fmt::format("{} '{}'", kind, info.name), info.type, numpy_number(info.type)});
  }
  return result;
}

std::size_t all_bytes(const std::vector<Port>& ports, const std::vector<Shape>& shapes) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) bytes += byte_size(ports[i].type, shapes[i]);
  return bytes;
}

bool same_shape(const Tensor& tensor, PyArrayObject* array) {
  const Shape& shape = tensor.shape();
  return static_cast<std::size_t>(PyArray_NDIM(array)) == shape.rank() &&
         std::equal(shape.begin(), shape.end(), PyArray_DIMS(array));
}

/// Whether numpy stores the elements as tensors do.
bool as_they_are(const std::vector<Port>& ports) {
  return std::all_of(ports.begin(), ports.end(),
                     [](const Port& port) { return shares_memory(port.type) && port.number >= 0; });
}

bool given(nb::handle input) { return input.ptr() != nullptr && !input.is_none(); }

nb::object copy_of(const Tensor& tensor, int number) {
  auto* const sizes = const_cast<npy_intp*>(tensor.shape().begin());
  const nb::object array =
      nb::steal(PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(number),
                                     static_cast<int>(tensor.shape().rank()), sizes, nullptr, nullptr, 0, nullptr));
  if (!array.is_valid()) nb::raise_python_error();
  std::memcpy(PyArray_DATA(as_array(array)), tensor.data(), tensor.bytes());
  return array;
}

}  // namespace

SessionObject::SessionObject(nb::object model, const SessionOptions& options)
    : model_(std::move(model)), options_(options) {
  const Model& own = nb::cast<const ModelObject&>(model_).model;
  inputs_ = ports(own.inputs(), "input");
  outputs_ = ports(own.outputs(), "output");
  copies_ = !options.reference && as_they_are(inputs_) && as_they_are(outputs_);
  renew();
}

SessionObject::~SessionObject() {
  if (forks_ == forks()) return;
  static_cast<void>(session_.release());
  for (auto& call : calls_) static_cast<void>(call.release());
}

void SessionObject::renew() {
  static_cast<void>(session_.release());
  for (auto& call : calls_) static_cast<void>(call.release());
  calls_.clear();
  session_ = std::make_unique<Session>(nb::cast<const ModelObject&>(model_).model, options_);
  forks_ = forks();
}

const Session& SessionObject::session() {
  if (forks_ != forks()) renew();
  return *session_;
}

/// Null where no call of these shapes was made, or all of them are running.
std::unique_ptr<PreparedCall> SessionObject::take(std::span<const nb::handle> inputs) {
  for (std::size_t i = calls_.size(); i-- > 0;) {
    const PreparedCall& call = *calls_[i];
    bool fits = true;
    for (std::size_t k = 0; fits && k < inputs.size(); ++k) fits = same_shape(call.inputs[k], as_array(inputs[k]));
    if (!fits) continue;
    std::unique_ptr<PreparedCall> taken = std::move(calls_[i]);
    calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(i));
    return taken;
  }
  return nullptr;
}

/// Null where an array is not one that could be copied to a buffer as it is.
std::unique_ptr<PreparedCall> SessionObject::prepare(std::span<const nb::handle> inputs) {
  if (!copies_ || inputs.size() != inputs_.size()) return nullptr;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!given(inputs[i]) || !is_plain(inputs[i], inputs_[i].number)) return nullptr;
    bytes += static_cast<std::size_t>(PyArray_NBYTES(as_array(inputs[i])));
  }
  if (bytes > most_copied_bytes) return nullptr;
  if (auto taken = take(inputs)) return taken;

  auto call = std::make_unique<PreparedCall>();
  std::vector<Shape> shapes;
  for (const nb::handle input : inputs) {
    call->inputs.push_back(to_tensor(input, "").copy());
    shapes.push_back(call->inputs.back().shape());
  }
  try {
    const nb::gil_scoped_release unlocked;
    const std::vector<Shape> output_shapes = session_->output_shapes(shapes);
    if (all_bytes(outputs_, output_shapes) > most_copied_bytes) return call;
    for (std::size_t i = 0; i < outputs_.size(); ++i) call->outputs.emplace_back(outputs_[i].type, output_shapes[i]);
    call->binding = session_->bind(call->inputs, call->outputs);
  } catch (const Error& error) {  // an output's type or shape is told by a run only
    if (error.code() != ErrorCode::unsupported && error.code() != ErrorCode::invalid_argument) throw;
  }
  return call;
}

void SessionObject::give_back(std::unique_ptr<PreparedCall> call) {
  calls_.push_back(std::move(call));
  if (calls_.size() > options_.plans) calls_.erase(calls_.begin());
}

std::vector<nb::object> SessionObject::run_prepared(std::unique_ptr<PreparedCall> call,
                                                    std::span<const nb::handle> inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::memcpy(call->inputs[i].mutable_data(), PyArray_DATA(as_array(inputs[i])), call->inputs[i].bytes());
  bool good = false;
  {
    const nb::gil_scoped_release unlocked;
    good = call->binding->run();
  }
  if (!good) throw *call->binding->error();
  std::vector<nb::object> results;
  results.reserve(outputs_.size());
  for (std::size_t i = 0; i < outputs_.size(); ++i) results.push_back(copy_of(call->outputs[i], outputs_[i].number));
  give_back(std::move(call));
  return results;
}

std::vector<nb::object> SessionObject::run_views(std::span<const nb::handle> inputs) {
  std::vector<nb::object> arrays;
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    // One input too many is the session's to complain of.
    const Port port = i < inputs_.size() ? inputs_[i] : Port{{}, "an input", DataType::undefined, -1};
    if (!given(inputs[i])) {
      tensors.emplace_back();
      continue;
    }
    arrays.push_back(to_array(inputs[i], port.type, port.what));
    tensors.push_back(to_tensor(arrays.back(), port.what));
  }
  const std::vector<Tensor> outputs = [&] {
    const nb::gil_scoped_release unlocked;
    return session_->run(tensors);
  }();
  learn_types(outputs);
  std::vector<nb::object> results;
  for (const Tensor& output : outputs) results.push_back(to_numpy(output));
  return results;
}

void SessionObject::learn_types(const std::vector<Tensor>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs_[i].type != DataType::undefined) continue;
    outputs_[i].type = outputs[i].type();
    outputs_[i].number = numpy_number(outputs[i].type());
    copies_ = !options_.reference && as_they_are(inputs_) && as_they_are(outputs_);
  }
}

std::vector<nb::object> SessionObject::run(std::span<const nb::handle> inputs) {
  if (forks_ != forks()) renew();
  if (auto call = prepare(inputs)) {
    if (call->binding) return run_prepared(std::move(call), inputs);
    give_back(std::move(call));
  }
  return run_views(inputs);
}

std::vector<nb::object> SessionObject::run(const nb::dict& inputs) {
  std::vector<nb::handle> ordered(inputs_.size());
  for (const auto [name, input] : inputs) {
    auto port = std::find_if(inputs_.begin(), inputs_.end(), [&, &n = name](const Port& p) { return p.name.is(n); });
    if (port == inputs_.end())
      port = std::find_if(inputs_.begin(), inputs_.end(), [&, &n = name](const Port& p) { return p.name.equal(n); });
    if (port == inputs_.end()) {
      const std::pair<std::string, Tensor> unknown{nb::str(name).c_str(), Tensor()};
      session().run(std::span(&unknown, 1));  // which complains
      fail(ErrorCode::internal, "input '{}' was not refused", unknown.first);
    }
    ordered[static_cast<std::size_t>(port - inputs_.begin())] = input;
  }
  return run(ordered);
}

}  // namespace ranvier::python

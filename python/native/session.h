// ranvier.Session: a session, with the inputs and outputs of a call in Python.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "python/native/fork.h"
#include "python/native/model.h"
#include "ranvier/session.h"

namespace ranvier::python {

/// What Python's inputs and outputs have to be, in the order of the model's.
struct Port {
  nb::object name;
  std::string what;  ///< "input 'x'"
  DataType type;
  int number;  ///< numpy's, of `type`.
};

/// A call that was made before: its shapes, and buffers that are bound to them.
struct PreparedCall {
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
  std::optional<Binding> binding;  ///< None where calls of these shapes are not made this way.
};

/// All members need the interpreter's lock, which is released while the model computes.
class SessionObject {
 public:
  SessionObject(nb::object model, const SessionOptions& options);
  ~SessionObject();

  /// Inputs in the model's order; a null handle or None is one that is not given.
  std::vector<nb::object> run(std::span<const nb::handle> inputs);
  /// By name. @throws Error invalid_argument for a name that the model does not have.
  std::vector<nb::object> run(const nb::dict& inputs);

  /// The session of this process.
  const Session& session();
  const nb::object& model() const { return model_; }
  const SessionOptions& options() const { return options_; }
  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }

 private:
  std::unique_ptr<PreparedCall> take(std::span<const nb::handle> inputs);
  std::unique_ptr<PreparedCall> prepare(std::span<const nb::handle> inputs);
  void give_back(std::unique_ptr<PreparedCall> call);
  std::vector<nb::object> run_prepared(std::unique_ptr<PreparedCall> call, std::span<const nb::handle> inputs);
  std::vector<nb::object> run_views(std::span<const nb::handle> inputs);
  /// Of outputs that the file gives no type.
  void learn_types(const std::vector<Tensor>& outputs);
  void renew();

  nb::object model_;
  SessionOptions options_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
  bool copies_ = false;  ///< Small inputs and outputs may be copied to prepared calls.
  std::unique_ptr<Session> session_;
  std::vector<std::unique_ptr<PreparedCall>> calls_;  // idle ones, the most recently used last
  int forks_ = 0;
};

/// The elements of a tuple.
inline std::span<const nb::handle> handles(const nb::tuple& tuple) {
  return {reinterpret_cast<const nb::handle*>(&PyTuple_GET_ITEM(tuple.ptr(), 0)), tuple.size()};
}

/// Adds Session to the module.
void define_session(nb::module_& module);
/// Adds Binding to the module, which Session.bind() makes.
void define_binding(nb::module_& module);
nb::object bind(nb::handle session, const nb::args& inputs, nb::handle outputs);

}  // namespace ranvier::python

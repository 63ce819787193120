// What Python sees of a session.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstddef>

#include "python/native/session.h"
#include "runtime/core/error.h"

namespace ranvier::python {
namespace {

constexpr const char* session_help = R"(Runs a model.

    session = ranvier.Session("model.onnx")
    y = session(x)                      # an array, or a tuple of several outputs
    y = session({"pixels": x})          # inputs by name
    y = session.run({"pixels": x})["probabilities"]

model is a ranvier.Model, or what makes one: a path, bytes, an onnx.ModelProto.
threads: for one run; 0 is as many as the process may use.
plans: how many sets of input shapes are remembered.
memory_limit: no run may use more bytes, weights aside; 0 is what the machine has.
reference=True computes every node by its plain definition: slow, and the measure of everything else.

Inputs are numpy arrays, DLPack tensors, numbers or nested lists. A contiguous array of the input's type
is read where it is; only a few kilobytes, which costs less, are copied. Outputs are new arrays. bind()
writes into the same ones, and takes the least time that a call can take.

Any number of threads may call a session at once, and Python runs on while it computes. A pickled session
holds its model's path or bytes, and is made again. After os.fork() a session goes on in the child, with
threads of its own.)";

constexpr const char* call_help = R"(Runs the model on inputs in its order, or on one dict of them by name.

None leaves an optional input at its default. Returns an array, or a tuple of them where the model has
several outputs.)";

constexpr const char* run_help = R"(Runs the model on inputs by name.

Returns the outputs by name: all, or those that are asked for.)";

constexpr const char* bind_help = R"(Fixes the arrays of a call, which Binding.run() reads and writes where they are.

Inputs are contiguous arrays of the inputs' types. Outputs come in the model's order, and are new arrays
where none are given. Raises ranvier.UnsupportedError where the shape of an output depends on the elements
of the inputs.)";

nb::dict dict_of(nb::handle mapping) {
  if (PyDict_Check(mapping.ptr())) return nb::borrow<nb::dict>(mapping);
  return nb::cast<nb::dict>(nb::borrow(reinterpret_cast<PyObject*>(&PyDict_Type))(mapping));
}

nb::object call(SessionObject& self, const nb::args& inputs) {
  const bool by_name = inputs.size() == 1 && PyDict_Check(inputs[0].ptr());
  std::vector<nb::object> outputs = by_name ? self.run(nb::borrow<nb::dict>(inputs[0])) : self.run(handles(inputs));
  if (outputs.size() == 1) return std::move(outputs.front());
  nb::list all;
  for (nb::object& output : outputs) all.append(std::move(output));
  return nb::tuple(all);
}

/// The index of an output. @throws Error invalid_argument.
std::size_t output_index(const SessionObject& self, nb::handle name) {
  const std::vector<Port>& outputs = self.outputs();
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].name.equal(name)) return i;
  std::vector<std::string> names;
  for (const Port& port : outputs) names.push_back(fmt::format("'{}'", nb::str(port.name).c_str()));
  fail(ErrorCode::invalid_argument, "the model has no output '{}'; it has {}", nb::str(name).c_str(),
       fmt::join(names, ", "));
}

/// The outputs that are asked for, as a list; all for None.
nb::list run_list(SessionObject& self, nb::handle inputs, nb::handle names) {
  nb::list result;
  std::vector<std::size_t> wanted;
  if (!names.is_none())
    for (const nb::handle name : names) wanted.push_back(output_index(self, name));
  const std::vector<nb::object> outputs = self.run(dict_of(inputs));
  if (wanted.empty() && (names.is_none() || nb::len(names) == 0)) {
    for (const nb::object& output : outputs) result.append(output);
  } else {
    for (const std::size_t i : wanted) result.append(outputs[i]);
  }
  return result;
}

nb::dict run_named(SessionObject& self, nb::handle inputs, nb::handle names) {
  std::vector<std::size_t> wanted;
  if (names.is_none())
    for (std::size_t i = 0; i < self.outputs().size(); ++i) wanted.push_back(i);
  else
    for (const nb::handle name : names) wanted.push_back(output_index(self, name));
  const std::vector<nb::object> outputs = self.run(dict_of(inputs));
  nb::dict result;
  for (const std::size_t i : wanted) result[self.outputs()[i].name] = outputs[i];
  return result;
}

nb::object model_of(nb::handle source) {
  if (nb::isinstance<ModelObject>(source)) return nb::borrow(source);
  return nb::type<ModelObject>()(source);
}

void make(SessionObject* self, nb::handle model, int threads, std::size_t plans, std::size_t memory_limit,
          bool reference) {
  new (self) SessionObject(model_of(model),
                           {.threads = threads, .plans = plans, .memory_limit = memory_limit, .reference = reference});
}

nb::tuple state(const SessionObject& self) {
  const SessionOptions& options = self.options();
  return nb::make_tuple(self.model(), options.threads, options.plans, options.memory_limit, options.reference);
}

void restore(SessionObject& self, const nb::tuple& from) {
  make(&self, from[0], nb::cast<int>(from[1]), nb::cast<std::size_t>(from[2]), nb::cast<std::size_t>(from[3]),
       nb::cast<bool>(from[4]));
}

const Model& model(const SessionObject& self) { return nb::cast<const ModelObject&>(self.model()).model; }

}  // namespace

void define_session(nb::module_& module) {
  nb::class_<SessionObject>(module, "Session", session_help)
      .def(
          "__init__", &make, nb::arg("model"), nb::kw_only(), nb::arg("threads") = 0, nb::arg("plans") = 8,
          nb::arg("memory_limit") = 0, nb::arg("reference") = false,
          nb::sig("def __init__(self, model: Model | str | os.PathLike[str] | bytes | onnx.ModelProto, *, threads: int "
                  "= 0, plans: int = 8, memory_limit: int = 0, reference: bool = False) -> None"))
      .def("__call__", &call, nb::arg("inputs"), call_help,
           nb::sig("def __call__(self, *inputs: numpy.typing.ArrayLike | dict[str, numpy.typing.ArrayLike] | None) -> "
                   "numpy.ndarray | tuple[numpy.ndarray, ...]"))
      .def("run", &run_named, nb::arg("inputs"), nb::arg("outputs") = nb::none(), run_help,
           nb::sig("def run(self, inputs: collections.abc.Mapping[str, numpy.typing.ArrayLike | None], outputs: "
                   "collections.abc.Sequence[str] | None = None) -> dict[str, numpy.ndarray]"))
      .def("_run_list", &run_list, nb::arg("inputs"), nb::arg("outputs").none())
      .def("bind", &bind, nb::arg("inputs"), nb::kw_only(), nb::arg("outputs") = nb::none(), bind_help,
           nb::sig("def bind(self, *inputs: numpy.ndarray, outputs: collections.abc.Sequence[numpy.ndarray] | None = "
                   "None) -> Binding"))
      .def_prop_ro("model", &SessionObject::model, nb::sig("def model(self) -> Model"))
      .def_prop_ro(
          "inputs", [](const SessionObject& self) { return model(self).inputs(); }, "The model's.")
      .def_prop_ro(
          "outputs", [](const SessionObject& self) { return model(self).outputs(); }, "The model's.")
      .def("__getstate__", &state, nb::sig("def __getstate__(self) -> tuple[object, ...]"))
      .def("__setstate__", &restore)
      .def("__repr__", [](const SessionObject& self) {
        return fmt::format("<ranvier.Session of {}>", nb::repr(self.model()).c_str());
      });
}

}  // namespace ranvier::python

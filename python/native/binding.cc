// ranvier.Binding: arrays that are bound once, and runs that cost only the steps.
#include <algorithm>

#include "python/native/arrays.h"
#include "python/native/session.h"
#include "runtime/core/error.h"

namespace ranvier::python {
namespace {

constexpr const char* binding_help = R"(A call whose arrays are fixed; Session.bind() makes it.

    call = session.bind(x)
    x[:] = ...
    call.run()
    call.outputs[0]                     # written by run()

One thread at a time may run one; several bindings may run at once.)";

constexpr const char* run_help = R"(Computes the outputs from what the inputs hold now, and allocates nothing.

Raises ranvier.Error where an element is wrong; then the outputs are undefined.)";

struct BindingObject {
  nb::tuple inputs;
  nb::tuple outputs;
  std::unique_ptr<Binding> binding;
  int made_after = forks();

  BindingObject(nb::tuple in, nb::tuple out, Binding own)
      : inputs(std::move(in)), outputs(std::move(out)), binding(std::make_unique<Binding>(std::move(own))) {}
  BindingObject(BindingObject&&) = default;
  ~BindingObject() {
    if (made_after != forks()) static_cast<void>(binding.release());
  }
};

/// A view of the array's own elements. @throws Error invalid_argument where it would have to be a copy.
Tensor own_elements(nb::handle array, const Port& port) {
  if (!shares_memory(port.type))
    fail(ErrorCode::unsupported, "{} has type {}, whose elements cannot be bound", port.what, name(port.type));
  if (!is_array(array) || !is_plain(array, PyArray_TYPE(as_array(array))))
    fail(ErrorCode::invalid_argument, "{} has to be a contiguous numpy array to be bound", port.what);
  const Tensor view = to_tensor(array, port.what);
  if (!PyArray_ISWRITEABLE(as_array(array))) return view;
  return Tensor::view(view.type(), PyArray_DATA(as_array(array)), view.shape());
}

std::vector<Tensor> own_elements(nb::handle arrays, const std::vector<Port>& ports, std::string_view kind) {
  if (nb::len(arrays) > ports.size())
    fail(ErrorCode::invalid_argument, "{} {}s were given, the model has {}", nb::len(arrays), kind, ports.size());
  std::vector<Tensor> result;
  for (const nb::handle array : arrays) result.push_back(own_elements(array, ports[result.size()]));
  return result;
}

nb::tuple new_outputs(SessionObject& session, const nb::args& inputs, const std::vector<Tensor>& tensors) {
  const bool typed = std::none_of(session.outputs().begin(), session.outputs().end(),
                                  [](const Port& port) { return port.type == DataType::undefined; });
  nb::list outputs;
  if (!typed) {  // a run tells
    for (nb::object& output : session.run(handles(inputs))) outputs.append(std::move(output));
    return nb::tuple(outputs);
  }
  std::vector<Shape> shapes;
  for (const Tensor& tensor : tensors) shapes.push_back(tensor.shape());
  std::size_t i = 0;
  for (const Shape& shape : session.session().output_shapes(shapes))
    outputs.append(to_numpy(Tensor(session.outputs()[i++].type, shape)));
  return nb::tuple(outputs);
}

void run(BindingObject& self) {
  if (self.made_after != forks())
    fail(ErrorCode::invalid_argument, "a binding does not survive os.fork(): bind again in the child");
  bool good = false;
  {
    const nb::gil_scoped_release unlocked;
    good = self.binding->run();
  }
  if (!good) throw *self.binding->error();
}

}  // namespace

nb::object bind(nb::handle session, const nb::args& inputs, nb::handle outputs) {
  auto& self = nb::cast<SessionObject&>(session);
  const Session& own = self.session();
  const std::vector<Tensor> input_tensors = own_elements(inputs, self.inputs(), "input");
  const nb::tuple results = outputs.is_none() ? new_outputs(self, inputs, input_tensors) : nb::tuple(outputs);
  std::vector<Tensor> output_tensors = own_elements(results, self.outputs(), "output");
  return nb::cast(BindingObject(inputs, results, own.bind(input_tensors, output_tensors)));
}

void define_binding(nb::module_& module) {
  nb::class_<BindingObject>(module, "Binding", binding_help)
      .def("run", &run, run_help)
      .def_ro("inputs", &BindingObject::inputs, nb::sig("def inputs(self) -> tuple[numpy.ndarray, ...]"))
      .def_ro("outputs", &BindingObject::outputs, nb::sig("def outputs(self) -> tuple[numpy.ndarray, ...]"));
}

}  // namespace ranvier::python

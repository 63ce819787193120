#include "python/native/model.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <span>

#include "python/native/arrays.h"
#include "runtime/executor/model_parts.h"
#include "runtime/writer/writer.h"

namespace ranvier::python {
namespace {

std::span<const std::byte> bytes_of(const nb::bytes& bytes) {
  return {static_cast<const std::byte*>(bytes.data()), bytes.size()};
}

nb::tuple shape_of(const PortInfo& port) {
  nb::list shape;
  for (const DimensionInfo& dimension : port.dimensions) {
    if (dimension.size >= 0)
      shape.append(dimension.size);
    else if (dimension.symbol.empty())
      shape.append(nb::none());
    else
      shape.append(dimension.symbol);
  }
  return nb::tuple(shape);
}

nb::object shape_or_none(const PortInfo& port) { return port.ranked ? nb::object(shape_of(port)) : nb::none(); }

std::string text(const PortInfo& port) {
  const std::string shape = port.ranked ? nb::repr(shape_of(port)).c_str() : "of unknown rank";
  return fmt::format("<ranvier.Port '{}': {} {}{}>", port.name, name(port.type), shape,
                     port.optional ? ", optional" : "");
}

nb::dict metadata(const ModelObject& self) {
  const loader::LoadedModel& file = self.model.parts().loaded;
  nb::dict custom, opsets, result;
  for (const auto& [key, value] : file.metadata) custom[key.c_str()] = value;
  for (const auto& [domain, version] : file.opsets) opsets[domain.c_str()] = version;
  result["producer_name"] = file.producer;
  result["producer_version"] = file.producer_version;
  result["graph_name"] = file.graph.name;
  result["domain"] = file.domain;
  result["description"] = file.description;
  result["version"] = file.model_version;
  result["ir_version"] = file.ir_version;
  result["opsets"] = opsets;
  result["custom"] = custom;
  return result;
}

ModelOptions options_of(bool optimize, bool strict_onnx, nb::handle external_data_folder) {
  ModelOptions options{.optimize = optimize, .strict_onnx = strict_onnx};
  if (!external_data_folder.is_none())
    options.external_data_folder =
        nb::cast<std::string>(nb::module_::import_("os").attr("fspath")(external_data_folder));
  return options;
}

nb::tuple state(const ModelObject& self) {
  return nb::make_tuple(std::visit([](const auto& source) { return nb::cast(source); }, self.source),
                        self.options.optimize, self.options.strict_onnx, self.options.external_data_folder.string());
}

nb::bytes optimized(nb::handle model, bool strict_onnx, bool rewrite) {
  const Source source = source_of(model);
  const auto* const file = std::get_if<std::string>(&source);
  const loader::LoadedModel loaded =
      file != nullptr ? loader::load_file(*file) : loader::load_bytes(bytes_of(std::get<nb::bytes>(source)));
  optimizer::Options options{.strict_onnx = strict_onnx};
  if (!rewrite) options.stop_after = 0;
  std::string bytes;
  const writer::Document document(loaded, optimizer::optimize(loaded.graph, options).graph,
                                  {.producer_version = RANVIER_VERSION});
  document.write([&](std::string_view piece) { bytes += piece; });
  return nb::bytes(bytes.data(), bytes.size());
}

constexpr const char* model_help =
    R"(A loaded, checked and optimized model. Any number of sessions and threads may share one.

source is the path of an ONNX file, its bytes, or an onnx.ModelProto.
optimize=False keeps the graph as the file has it.
strict_onnx=True computes exactly the arithmetic that the file spells out, also where it gives NaN and
Keras does not.
external_data_folder is where the weights lie of a model that is not read from a path.

A pickled model holds its path or its bytes, and is loaded again.)";

constexpr const char* port_help = "An input or output of a model.";

constexpr const char* shape_help = R"(The size of each dimension; the name, or None, of one that only an input tells.

None where the file does not even give a rank.)";

constexpr const char* metadata_help = R"(What the file says of itself.

Producer, graph, versions and opsets; entries of its own stand under 'custom'.)";

constexpr const char* optimized_help =
    R"(The bytes of the optimized model as standard ONNX, as `ranvier optimize` writes it.

Every runtime reads it, also where Keras exported operators that ONNX does not have. rewrite=False only
replaces those, and leaves everything else as it is.)";

}  // namespace

Source source_of(nb::handle object) {
  if (nb::hasattr(object, "SerializeToString")) return nb::cast<nb::bytes>(object.attr("SerializeToString")());
  if (PyBytes_Check(object.ptr())) return nb::borrow<nb::bytes>(object);
  if (PyObject_CheckBuffer(object.ptr())) return nb::bytes(nb::steal<nb::bytes>(PyBytes_FromObject(object.ptr())));
  if (!nb::isinstance<nb::str>(object) && !nb::hasattr(object, "__fspath__"))
    throw nb::type_error(
        fmt::format("a model is a path, bytes or an onnx.ModelProto, not {}", Py_TYPE(object.ptr())->tp_name).c_str());
  const nb::module_ os = nb::module_::import_("os");
  return nb::cast<std::string>(os.attr("path").attr("abspath")(os.attr("fsdecode")(object)));
}

ModelObject load(Source source, const ModelOptions& options) {
  const auto* const file = std::get_if<std::string>(&source);
  const std::span<const std::byte> bytes =
      file == nullptr ? bytes_of(std::get<nb::bytes>(source)) : std::span<const std::byte>();
  Model model = [&] {
    const nb::gil_scoped_release unlocked;
    return file != nullptr ? Model::load(*file, options) : Model::parse(bytes, options);
  }();
  return {std::move(source), options, std::move(model)};
}

void define_model(nb::module_& module) {
  nb::class_<PortInfo>(module, "Port", port_help)
      .def_ro("name", &PortInfo::name)
      .def_prop_ro(
          "type", [](const PortInfo& self) { return std::string(name(self.type)); },
          "As ONNX' documentation calls it: 'float', 'int64', 'string', 'bfloat16', ...")
      .def_prop_ro(
          "dtype",
          [](const PortInfo& self) { return self.type == DataType::undefined ? nb::none() : dtype_of(self.type); },
          nb::sig("def dtype(self) -> numpy.dtype | None"),
          "numpy's type of the elements; object for strings, None where the file gives an output no type.")
      .def_prop_ro("shape", &shape_or_none, nb::sig("def shape(self) -> tuple[int | str | None, ...] | None"),
                   shape_help)
      .def_ro("optional", &PortInfo::optional, "Whether an input has a default: it need not be given.")
      .def("__repr__", &text);

  nb::class_<ModelObject>(module, "Model", model_help)
      .def(
          "__init__",
          [](ModelObject* self, nb::handle source, bool optimize, bool strict_onnx, nb::handle folder) {
            new (self) ModelObject(load(source_of(source), options_of(optimize, strict_onnx, folder)));
          },
          nb::arg("source"), nb::kw_only(), nb::arg("optimize") = true, nb::arg("strict_onnx") = false,
          nb::arg("external_data_folder") = nb::none(),
          nb::sig(
              "def __init__(self, source: str | os.PathLike[str] | bytes | onnx.ModelProto, *, optimize: bool = True, "
              "strict_onnx: bool = False, external_data_folder: str | os.PathLike[str] | None = None) -> None"))
      .def_prop_ro(
          "inputs", [](const ModelObject& self) { return self.model.inputs(); }, "In the file's order.")
      .def_prop_ro(
          "outputs", [](const ModelObject& self) { return self.model.outputs(); }, "In the file's order.")
      .def_prop_ro("metadata", &metadata, nb::sig("def metadata(self) -> dict[str, object]"), metadata_help)
      .def("__getstate__", &state, nb::sig("def __getstate__(self) -> tuple[object, ...]"))
      .def("__setstate__",
           [](ModelObject& self, const nb::tuple& from) {
             const nb::handle source = from[0];
             new (&self) ModelObject(
                 load(source_of(source), options_of(nb::cast<bool>(from[1]), nb::cast<bool>(from[2]), from[3])));
           })
      .def("__repr__", [](const ModelObject& self) {
        const auto* const file = std::get_if<std::string>(&self.source);
        return fmt::format("<ranvier.Model {}: {} -> {}>", file != nullptr ? *file : "from memory",
                           nb::repr(nb::cast(self.model.inputs())).c_str(),
                           nb::repr(nb::cast(self.model.outputs())).c_str());
      });

  module.def(
      "optimized", &optimized, nb::arg("model"), nb::kw_only(), nb::arg("strict_onnx") = false,
      nb::arg("rewrite") = true,
      nb::sig("def optimized(model: str | os.PathLike[str] | bytes | onnx.ModelProto, *, strict_onnx: bool = False, "
              "rewrite: bool = True) -> bytes"),
      optimized_help);
}

}  // namespace ranvier::python

// ranvier.Model: a loaded model, and the source that loads it again.
#pragma once

#include <variant>

#include "python/native/numpy.h"
#include "ranvier/model.h"

namespace ranvier::python {

/// Where a model comes from: a file, or the bytes of one.
using Source = std::variant<std::string, nb::bytes>;

/// A path, bytes, or an onnx.ModelProto. A path becomes an absolute one.
/// @throws nb::type_error for anything else.
Source source_of(nb::handle object);

struct ModelObject {
  Source source;
  ModelOptions options;
  Model model;
};

/// Loads without the interpreter's lock. @throws Error as Model::load does.
ModelObject load(Source source, const ModelOptions& options);

/// Adds Model and Port to the module, and the function that writes optimized models.
void define_model(nb::module_& module);

}  // namespace ranvier::python

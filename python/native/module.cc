// The extension module ranvier._native.
#define RANVIER_NUMPY_IS_IMPORTED_HERE
#include <nanobind/stl/string.h>

#include "python/native/model.h"
#include "python/native/numpy.h"
#include "python/native/session.h"
#include "ranvier/error.h"

namespace ranvier::python {
namespace {

/// ranvier._errors has a class for each code.
void raise(const Error& error) {
  const nb::object classes = nb::module_::import_("ranvier._errors").attr("classes");
  const nb::object code = nb::cast(std::string(name(error.code())));
  const nb::object type = classes[code];
  PyErr_SetString(type.ptr(), error.what());
}

void translate(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Error& error) {
    raise(error);
  }
}

bool import_numpy() {
  import_array1(false);
  return true;
}

}  // namespace
}  // namespace ranvier::python

NB_MODULE(_native, module) {
  using namespace ranvier::python;
  if (!import_numpy()) nb::raise_python_error();
  nb::register_exception_translator(translate);
  module.attr("version") = RANVIER_VERSION;
  define_model(module);
  define_session(module);
  define_binding(module);
}

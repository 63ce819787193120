// Between numpy's arrays and tensors.
#pragma once

#include <string>

#include "python/native/numpy.h"
#include "ranvier/tensor.h"

namespace ranvier::python {

/// numpy's type for elements of `type`; the types that numpy lacks are those of the package ml_dtypes.
/// @throws Error unsupported where that package is not installed, or the type is none of an array.
nb::object dtype_of(DataType type);

/// Any array, DLPack tensor, number or nested sequence as an array that is contiguous, aligned and of the machine's
/// byte order: itself, where it is. What holds no type of its own becomes `wanted`. @throws Error invalid_argument for
/// what is no array.
nb::object to_array(nb::handle object, DataType wanted, const std::string& what);

/// The elements of what to_array() returned: a view of them, which they have to outlive; a copy of strings and of
/// elements of less than a byte. @throws Error invalid_argument for a type that ONNX does not have, naming `what`.
Tensor to_tensor(nb::handle array, const std::string& what);

/// An array of the elements, which keeps them alive: no copy, but for strings and elements of less than a byte.
nb::object to_numpy(const Tensor& tensor);

/// Whether to_tensor() gives views of such elements, and to_numpy() arrays of the tensor's own.
bool shares_memory(DataType type);

/// The number by which numpy knows elements of `type`; that of no array where dtype_of() would throw.
int numpy_number(DataType type);

inline bool is_array(nb::handle object) { return PyArray_Check(object.ptr()); }
inline PyArrayObject* as_array(nb::handle object) { return reinterpret_cast<PyArrayObject*>(object.ptr()); }

/// An array, contiguous, aligned and of the machine's byte order, with numpy's type `number`.
inline bool is_plain(nb::handle object, int number) {
  return is_array(object) && PyArray_TYPE(as_array(object)) == number && PyArray_ISCARRAY_RO(as_array(object));
}

}  // namespace ranvier::python

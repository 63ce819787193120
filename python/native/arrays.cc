#include "python/native/arrays.h"

#include <array>
#include <memory>

#include "runtime/core/error.h"
#include "runtime/core/packed.h"

namespace ranvier::python {
namespace {

struct NumpyType {
  DataType type;
  int number;             ///< Of numpy; none of its own where `ml_dtypes` has the type.
  const char* ml_dtypes;  ///< The name in that package.
};

constexpr int elsewhere = -1;
constexpr NumpyType numpy_types[] = {
    {DataType::float32, NPY_FLOAT32, nullptr},
    {DataType::uint8, NPY_UINT8, nullptr},
    {DataType::int8, NPY_INT8, nullptr},
    {DataType::uint16, NPY_UINT16, nullptr},
    {DataType::int16, NPY_INT16, nullptr},
    {DataType::int32, NPY_INT32, nullptr},
    {DataType::int64, NPY_INT64, nullptr},
    {DataType::string, NPY_OBJECT, nullptr},
    {DataType::boolean, NPY_BOOL, nullptr},
    {DataType::float16, NPY_FLOAT16, nullptr},
    {DataType::float64, NPY_FLOAT64, nullptr},
    {DataType::uint32, NPY_UINT32, nullptr},
    {DataType::uint64, NPY_UINT64, nullptr},
    {DataType::complex64, NPY_COMPLEX64, nullptr},
    {DataType::complex128, NPY_COMPLEX128, nullptr},
    {DataType::bfloat16, elsewhere, "bfloat16"},
    {DataType::float8e4m3fn, elsewhere, "float8_e4m3fn"},
    {DataType::float8e4m3fnuz, elsewhere, "float8_e4m3fnuz"},
    {DataType::float8e5m2, elsewhere, "float8_e5m2"},
    {DataType::float8e5m2fnuz, elsewhere, "float8_e5m2fnuz"},
    {DataType::uint4, elsewhere, "uint4"},
    {DataType::int4, elsewhere, "int4"},
    {DataType::float4e2m1, elsewhere, "float4_e2m1fn"},
    {DataType::float8e8m0, elsewhere, "float8_e8m0fnu"},
    {DataType::uint2, elsewhere, "uint2"},
    {DataType::int2, elsewhere, "int2"},
};

nb::object make_dtype(const NumpyType& row) {
  if (row.number != elsewhere) return nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(row.number)));
  try {
    return nb::module_::import_("numpy").attr("dtype")(nb::module_::import_("ml_dtypes").attr(row.ml_dtypes));
  } catch (const nb::python_error&) {
    return nb::none();
  }
}

/// By DataType: numpy's type objects, None where there is none. Made once, and never freed: the interpreter may be gone
/// before static objects are.
const std::array<nb::object, data_type_count>& dtypes() {
  static const auto* const all = [] {
    auto* result = new std::array<nb::object, data_type_count>;
    result->fill(nb::none());
    for (const NumpyType& row : numpy_types) (*result)[static_cast<std::size_t>(row.type)] = make_dtype(row);
    return result;
  }();
  return *all;
}

PyArray_Descr* descr(nb::handle dtype) { return reinterpret_cast<PyArray_Descr*>(dtype.ptr()); }

DataType type_of(nb::handle array) {
  PyArray_Descr* const own = PyArray_DESCR(as_array(array));
  if (own->kind == 'U' || own->kind == 'S' || own->kind == 'O' || own->kind == 'T') return DataType::string;
  for (const NumpyType& row : numpy_types) {
    const nb::object& dtype = dtypes()[static_cast<std::size_t>(row.type)];
    if (!dtype.is_none() && PyArray_EquivTypes(own, descr(dtype))) return row.type;
  }
  return DataType::undefined;
}

Shape shape_of(nb::handle array) {
  static_assert(sizeof(npy_intp) == sizeof(std::int64_t));
  const npy_intp* const sizes = PyArray_DIMS(as_array(array));
  Shape shape = Shape::filled(static_cast<std::size_t>(PyArray_NDIM(as_array(array))), 0);
  std::copy(sizes, sizes + shape.rank(), shape.begin());
  return shape;
}

/// @throws nb::python_error where numpy refuses.
nb::object checked(PyObject* object) {
  if (object == nullptr) nb::raise_python_error();
  return nb::steal(object);
}

/// Text is UTF-8 in models; bytes that are not come and go as lone surrogates.
std::string text_of(nb::handle object, const std::string& what) {
  if (PyBytes_Check(object.ptr()))
    return {PyBytes_AS_STRING(object.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(object.ptr()))};
  if (!PyUnicode_Check(object.ptr()))
    fail(ErrorCode::invalid_argument, "{} holds an object of type {}, expected str or bytes", what,
         Py_TYPE(object.ptr())->tp_name);
  const nb::object bytes = checked(PyUnicode_AsEncodedString(object.ptr(), "utf-8", "surrogateescape"));
  return {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

Tensor strings(nb::handle array, const std::string& what) {
  const nb::object objects =
      checked(PyArray_FromAny(array.ptr(), PyArray_DescrFromType(NPY_OBJECT), 0, 0, NPY_ARRAY_CARRAY_RO, nullptr));
  Tensor result(DataType::string, shape_of(objects));
  auto* const elements = static_cast<PyObject**>(PyArray_DATA(as_array(objects)));
  std::size_t i = 0;
  for (std::string& text : result.mutable_values<std::string>()) text = text_of(elements[i++], what);
  return result;
}

nb::object strings(const Tensor& tensor, PyArrayObject* array) {
  auto* const elements = static_cast<PyObject**>(PyArray_DATA(array));
  std::size_t i = 0;
  for (const std::string& text : tensor.values<std::string>()) {
    PyObject* const object =
        checked(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape"))
            .release()
            .ptr();
    Py_XSETREF(elements[i], object);
    ++i;
  }
  return nb::borrow(reinterpret_cast<PyObject*>(array));
}

bool is_packed(DataType type) { return bits(type) < 8; }

/// ml_dtypes gives each element a byte.
Tensor packed(DataType type, nb::handle array) {
  Tensor result(type, shape_of(array));
  const auto* const bytes = static_cast<const std::uint8_t*>(PyArray_DATA(as_array(array)));
  for (std::int64_t i = 0; i < result.elements(); ++i)
    bits(type) == 2 ? write_packed<2>(result.mutable_data(), i, bytes[i])
                    : write_packed<4>(result.mutable_data(), i, bytes[i]);
  return result;
}

void unpack(const Tensor& tensor, std::uint8_t* bytes) {
  const bool has_sign = tensor.type() == DataType::int4 || tensor.type() == DataType::int2;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    const unsigned value =
        bits(tensor.type()) == 2 ? read_packed<2>(tensor.data(), i) : read_packed<4>(tensor.data(), i);
    const int extended = bits(tensor.type()) == 2 ? sign_extended<2>(value) : sign_extended<4>(value);
    bytes[i] = static_cast<std::uint8_t>(has_sign ? extended : static_cast<int>(value));
  }
}

/// Keeps a tensor for as long as an array looks at its elements.
nb::object keeper(const Tensor& tensor) {
  return nb::capsule(new Tensor(tensor), [](void* kept) noexcept { delete static_cast<Tensor*>(kept); });
}

/// A number or a sequence of them, which has no type of its own.
bool is_plain_python(nb::handle object) {
  return PyList_Check(object.ptr()) || PyTuple_Check(object.ptr()) || PyFloat_CheckExact(object.ptr()) ||
         PyLong_Check(object.ptr()) || PyComplex_CheckExact(object.ptr());
}

nb::object as_numpy(nb::handle object, DataType wanted, const std::string& what) {
  if (is_array(object)) return nb::borrow(object);
  try {
    if (nb::hasattr(object, "__dlpack__") && !nb::hasattr(object, "__array__"))
      return nb::module_::import_("numpy").attr("from_dlpack")(object);
    nb::object array = checked(PyArray_FromAny(object.ptr(), nullptr, 0, 0, 0, nullptr));
    if (!is_plain_python(object) || wanted == DataType::string || wanted == DataType::undefined) return array;
    const nb::object dtype = dtype_of(wanted);
    const bool fits = PyArray_CanCastTypeTo(PyArray_DESCR(as_array(array)), descr(dtype), NPY_SAME_KIND_CASTING);
    return fits ? array.attr("astype")(dtype) : array;
  } catch (const nb::python_error& error) {
    fail(ErrorCode::invalid_argument, "{} is given as {}, which is no array: {}", what, Py_TYPE(object.ptr())->tp_name,
         nb::str(error.value()).c_str());
  }
}

}  // namespace

nb::object dtype_of(DataType type) {
  const nb::object& dtype = dtypes()[static_cast<std::size_t>(type)];
  if (dtype.is_none())
    fail(ErrorCode::unsupported, "numpy has no type for elements of type {}: install the package ml_dtypes",
         name(type));
  return dtype;
}

int numpy_number(DataType type) {
  const nb::object& dtype = dtypes()[static_cast<std::size_t>(type)];
  return dtype.is_none() ? elsewhere : descr(dtype)->type_num;
}

bool shares_memory(DataType type) {
  return type != DataType::undefined && type != DataType::string && !is_packed(type);
}

nb::object to_array(nb::handle object, DataType wanted, const std::string& what) {
  const nb::object array = as_numpy(object, wanted, what);
  const bool holds_objects = PyArray_DESCR(as_array(array))->kind == 'O';
  if (holds_objects && wanted != DataType::string && wanted != DataType::undefined)
    fail(ErrorCode::invalid_argument, "{} is given as {}, which is no array of {}", what,
         Py_TYPE(object.ptr())->tp_name, name(wanted));
  return checked(PyArray_CheckFromAny(array.ptr(), nullptr, 0, 0, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_NOTSWAPPED, nullptr));
}

Tensor to_tensor(nb::handle array, const std::string& what) {
  const DataType type = type_of(array);
  if (type == DataType::undefined)
    fail(ErrorCode::invalid_argument, "{} has numpy's type {}, which ONNX does not have", what,
         nb::str(reinterpret_cast<PyObject*>(PyArray_DESCR(as_array(array)))).c_str());
  if (type == DataType::string) return strings(array, what);
  if (is_packed(type)) return packed(type, array);
  return Tensor::view(type, static_cast<const void*>(PyArray_DATA(as_array(array))), shape_of(array));
}

nb::object to_numpy(const Tensor& tensor) {
  const nb::object dtype = dtype_of(tensor.type());
  const auto rank = static_cast<int>(tensor.shape().rank());
  npy_intp* const sizes = const_cast<npy_intp*>(tensor.shape().begin());
  Py_INCREF(dtype.ptr());  // which PyArray_NewFromDescr takes
  if (shares_memory(tensor.type())) {
    const nb::object array = checked(PyArray_NewFromDescr(&PyArray_Type, descr(dtype), rank, sizes, nullptr,
                                                          const_cast<void*>(tensor.data()), NPY_ARRAY_CARRAY, nullptr));
    if (PyArray_SetBaseObject(as_array(array), keeper(tensor).release().ptr()) < 0) nb::raise_python_error();
    return array;
  }
  const nb::object array =
      checked(PyArray_NewFromDescr(&PyArray_Type, descr(dtype), rank, sizes, nullptr, nullptr, 0, nullptr));
  if (tensor.type() == DataType::string) return strings(tensor, as_array(array));
  unpack(tensor, static_cast<std::uint8_t*>(PyArray_DATA(as_array(array))));
  return array;
}

}  // namespace ranvier::python

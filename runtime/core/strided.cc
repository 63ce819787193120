#include "runtime/core/strided.h"

#include <algorithm>
#include <complex>

#include "runtime/core/data_type.h"

namespace ranvier {
namespace {

/// Walks the axes before the last one by an index for each; the last one is a row.
template <class T>
void gather_rows(const Shape& shape, const T* from, const Shape& strides, T* to) {
  const std::size_t outer = shape.rank() - 1;
  const std::int64_t columns = shape[outer];
  const std::int64_t stride = strides[outer];
  Shape index = Shape::filled(outer, 0);
  for (const T* const end = to + shape.elements(); to != end; to += columns) {
    if (stride == 1) {
      std::copy_n(from, columns, to);
    } else {
      for (std::int64_t i = 0; i < columns; ++i) to[i] = from[i * stride];
    }
    for (std::size_t axis = outer; axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

template <class T>
void gather_as(const Shape& shape, const void* from, const Shape& strides, void* to) {
  gather_rows(shape, static_cast<const T*>(from), strides, static_cast<T*>(to));
}

}  // namespace

void gather(DataType type, const Shape& shape, const void* from, const Shape& strides, void* to) {
  if (shape.elements() == 0) return;
  if (type == DataType::string) return gather_as<std::string>(shape, from, strides, to);
  switch (bits(type)) {
    case 8: return gather_as<std::uint8_t>(shape, from, strides, to);
    case 16: return gather_as<std::uint16_t>(shape, from, strides, to);
    case 32: return gather_as<std::uint32_t>(shape, from, strides, to);
    case 64: return gather_as<std::uint64_t>(shape, from, strides, to);
    case 128: return gather_as<std::complex<double>>(shape, from, strides, to);
    default: fail(ErrorCode::unsupported, "elements of type {} share bytes and have no strides", name(type));
  }
}

}  // namespace ranvier

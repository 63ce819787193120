#include "runtime/core/shape.h"

#include <algorithm>
#include <cstring>

#include "runtime/core/error.h"

namespace ranvier {

Shape::Shape(const Shape& other) noexcept { *this = other; }

Shape& Shape::operator=(const Shape& other) noexcept {
  rank_ = other.rank_;
  if (rank_ <= few) {  // inlined, as their number is known
    std::memmove(dims_.data(), other.dims_.data(), few * sizeof(std::int64_t));
  } else {
    std::memmove(dims_.data(), other.dims_.data(), rank_ * sizeof(std::int64_t));
  }
  return *this;
}

Shape::Shape(std::initializer_list<std::int64_t> dims) : Shape(std::span(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) : Shape() {
  if (dims.size() > max_rank) fail(ErrorCode::unsupported, "more than {} dimensions are not supported", max_rank);
  rank_ = dims.size();
  std::ranges::copy(dims, begin());
}

Shape Shape::filled(std::size_t rank, std::int64_t fill) {
  Shape shape;
  for (std::size_t i = 0; i < rank; ++i) shape.push_back(fill);
  return shape;
}

void Shape::push_back(std::int64_t dim) {
  if (rank_ == max_rank) fail(ErrorCode::unsupported, "more than {} dimensions are not supported", max_rank);
  dims_[rank_++] = dim;
}

void Shape::insert(std::size_t axis, std::int64_t dim) {
  push_back(dim);
  std::rotate(begin() + axis, end() - 1, end());
}

void Shape::erase(std::size_t axis) {
  std::copy(begin() + axis + 1, end(), begin() + axis);
  --rank_;
}

std::int64_t Shape::elements() const {
  std::int64_t count = 1;
  bool overflow = false;
  bool zero = false;
  for (const std::int64_t dim : *this) {
    if (dim < 0) [[unlikely]]
      fail(ErrorCode::invalid_argument, "shape {} has a negative dimension", to_string(*this));
    zero |= dim == 0;
    overflow |= __builtin_mul_overflow(count, dim, &count);
  }
  if (zero) return 0;
  if (overflow) fail(ErrorCode::out_of_memory, "shape {} has more elements than memory can hold", to_string(*this));
  return count;
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", ")); }

std::size_t byte_size(DataType type, const Shape& shape) {
  const auto elements = static_cast<std::size_t>(shape.elements());
  const std::size_t element_bits = bits(type);
  std::size_t bytes = 0;
  if (element_bits < 8) {
    bytes = elements / 8 * element_bits + (elements % 8 * element_bits + 7) / 8;
  } else if (__builtin_mul_overflow(elements, element_bits / 8, &bytes)) {
    fail(ErrorCode::out_of_memory, "a {} tensor of shape {} does not fit in memory", name(type), to_string(shape));
  }
  return bytes;
}

Shape row_major_strides(const Shape& shape) {
  Shape strides = shape;
  std::uint64_t stride = 1;  // wraps only where the tensor is empty: its elements have been counted
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    strides[axis] = static_cast<std::int64_t>(stride);
    stride *= static_cast<std::uint64_t>(shape[axis]);
  }
  return strides;
}

Shape place(const Shape& shape, std::int64_t i) {
  Shape indices = shape;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    indices[axis] = i % shape[axis];
    i /= shape[axis];
  }
  return indices;
}

Shape broadcast(std::span<const Shape> shapes) {
  std::size_t rank = 0;
  for (const Shape& shape : shapes) rank = std::max(rank, shape.rank());
  Shape result = Shape::filled(rank, 1);
  for (const Shape& shape : shapes) {
    const std::size_t offset = rank - shape.rank();
    for (std::size_t i = 0; i < shape.rank(); ++i) {
      std::int64_t& dim = result[offset + i];
      if (shape[i] == 1 || shape[i] == dim) continue;
      if (dim != 1) {
        std::string all;
        for (const Shape& each : shapes) all += (all.empty() ? "" : " and ") + to_string(each);
        fail(ErrorCode::invalid_argument, "shapes {} do not broadcast: {} against {}", all, dim, shape[i]);
      }
      dim = shape[i];
    }
  }
  return result;
}

Shape broadcast_strides(const Shape& shape, const Shape& to) {
  const Shape own = row_major_strides(shape);
  Shape strides = Shape::filled(to.rank(), 0);
  const std::size_t offset = to.rank() - shape.rank();
  for (std::size_t i = 0; i < shape.rank(); ++i) strides[offset + i] = shape[i] == 1 ? 0 : own[i];
  return strides;
}

std::size_t normalized_axis(std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank)
    fail(ErrorCode::invalid_model, "axis {} is out of range for a tensor of rank {}", axis, rank);
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

std::int64_t product(const Shape& shape, std::size_t first, std::size_t last) {
  std::uint64_t result = 1;  // wraps only where another dimension is 0
  for (std::size_t i = first; i < last; ++i) result *= static_cast<std::uint64_t>(shape[i]);
  return static_cast<std::int64_t>(result);
}

}  // namespace ranvier

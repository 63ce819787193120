#include "ranvier/tensor.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/core/arena.h"
#include "runtime/core/error.h"
#include "runtime/core/fresh_tensor.h"
#include "runtime/core/layout.h"
#include "runtime/core/shape.h"
#include "runtime/core/strided.h"

namespace ranvier {
namespace {

std::shared_ptr<void> allocate(DataType type, std::int64_t elements, std::size_t bytes) {
  try {
    if (type == DataType::string) {
      auto strings = std::make_shared<std::vector<std::string>>(static_cast<std::size_t>(elements));
      return {strings, strings->data()};
    }
    auto buffer = std::make_shared<AlignedBuffer>(bytes, AlignedBuffer::zeroed);
    return {buffer, buffer->data()};
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, "cannot allocate {} bytes for a {} tensor", bytes, name(type));
  } catch (const std::length_error&) {
    fail(ErrorCode::out_of_memory, "cannot allocate {} bytes for a {} tensor", bytes, name(type));
  }
}

/// byte_size(type, shape) of so many elements, which have been counted already.
std::size_t counted_bytes(DataType type, std::int64_t elements, const Shape& shape) {
  constexpr std::int64_t few = std::int64_t{1} << 56;
  const bool simple = bits(type) >= 8 && elements < few;
  return simple ? static_cast<std::size_t>(elements) * (bits(type) / 8) : byte_size(type, shape);
}

}  // namespace

Tensor::Tensor(DataType type, const Shape& shape)
    : type_(type), shape_(shape), elements_(shape.elements()), bytes_(byte_size(type, shape)) {
  std::shared_ptr<void> storage = allocate(type, elements_, bytes_);
  data_ = storage.get();
  owner_ = std::move(storage);
}

Tensor fresh_tensor(const Tensor& like) {
  if (like.type() == DataType::string) return Tensor(like.type(), like.shape());
  try {
    // Aligned by hand: for small ones, asking for aligned memory takes ten times as long.
    auto memory = std::make_shared_for_overwrite<std::byte[]>(like.bytes() + buffer_alignment - 1);
    const auto past = reinterpret_cast<std::uintptr_t>(memory.get()) % buffer_alignment;
    Tensor tensor = like;
    tensor.data_ = memory.get() + (buffer_alignment - past) % buffer_alignment;
    tensor.owner_ = std::move(memory);
    tensor.layout_.reset();
    return tensor;
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, "cannot allocate {} bytes for a {} tensor", like.bytes(), name(like.type()));
  }
}

Tensor::Tensor(DataType type, const Shape& shape, std::int64_t elements, void* data, std::shared_ptr<const void> owner)
    : type_(type),
      shape_(shape),
      elements_(elements),
      bytes_(counted_bytes(type, elements, shape)),
      data_(data),
      owner_(std::move(owner)) {}

Tensor Tensor::view(DataType type, void* data, const Shape& shape, std::shared_ptr<const void> owner) {
  return Tensor(type, shape, shape.elements(), data, std::move(owner));
}

Tensor Tensor::view(DataType type, const void* data, const Shape& shape, std::shared_ptr<const void> owner) {
  Tensor tensor = view(type, const_cast<void*>(data), shape, std::move(owner));
  tensor.read_only_ = true;
  return tensor;
}

Tensor Tensor::strided_view(DataType type, void* data, const Shape& shape, const Shape& strides,
                            std::shared_ptr<const void> owner) {
  if (strides.rank() != shape.rank())
    fail(ErrorCode::invalid_argument, "{} strides were given for the {} dimensions of shape {}", strides.rank(),
         shape.rank(), to_string(shape));
  if (bits(type) < 8) fail(ErrorCode::unsupported, "elements of type {} share bytes and have no strides", name(type));
  Tensor tensor = view(type, data, shape, std::move(owner));
  const Shape usual = row_major_strides(shape);
  bool dense = true;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) dense &= shape[axis] == 1 || strides[axis] == usual[axis];
  if (tensor.elements_ > 0 && !dense) tensor.layout_ = std::make_shared<const detail::Layout>(strides);
  return tensor;
}

Tensor Tensor::strided_view(DataType type, const void* data, const Shape& shape, const Shape& strides,
                            std::shared_ptr<const void> owner) {
  Tensor tensor = strided_view(type, const_cast<void*>(data), shape, strides, std::move(owner));
  tensor.read_only_ = true;
  return tensor;
}

void Tensor::check_reach(std::size_t count, const Shape& shape, const Shape& strides) {
  if (shape.elements() == 0 || strides.rank() != shape.rank()) return;
  __int128 first = 0;  // products of two int64
  __int128 last = 0;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    const __int128 reach = static_cast<__int128>(shape[axis] - 1) * strides[axis];
    (reach < 0 ? first : last) += reach;
  }
  if (first < 0 || last >= static_cast<__int128>(count))
    fail(ErrorCode::invalid_argument, "shape {} with strides {} reaches beyond the {} elements that were given",
         to_string(shape), to_string(strides), count);
}

Shape Tensor::strides() const {
  const Shape* strides = dense() ? nullptr : std::get_if<Shape>(&layout_->how);
  return strides == nullptr ? row_major_strides(shape_) : *strides;
}

Tensor Tensor::view(DataType type, const void* data, std::size_t count, const Shape& shape, bool read_only) {
  const std::int64_t elements = shape.elements();
  if (static_cast<std::size_t>(elements) != count)
    fail(ErrorCode::invalid_argument, "shape {} has {} elements, {} were given", to_string(shape), elements, count);
  Tensor tensor(type, shape, elements, const_cast<void*>(data), nullptr);
  tensor.read_only_ = read_only;
  return tensor;
}

void* Tensor::mutable_data() {
  if (read_only_) fail(ErrorCode::invalid_argument, "this tensor is a view of constant elements");
  return data_;
}

void Tensor::require_dense() const {
  if (!dense())
    fail(ErrorCode::invalid_argument, "the tensor's elements lie apart, {}: copy() brings them together",
         layout_->text());
}

void Tensor::require_dense(DataType type) const {
  if (type != type_)
    fail(ErrorCode::invalid_argument, "the tensor holds {} elements, {} were asked for", name(type_), name(type));
  require_dense();
}

Tensor Tensor::reshaped(const Shape& shape) const {
  if (shape.elements() != elements_)
    fail(ErrorCode::invalid_argument, "a tensor of shape {} cannot take the shape {}", to_string(shape_),
         to_string(shape));
  require_dense();
  Tensor tensor = *this;
  tensor.shape_ = shape;
  return tensor;
}

Tensor Tensor::copy() const {
  Tensor tensor(type_, shape_);
  if (!dense()) {
    layout_->gather(*this, tensor.data_);
  } else if (type_ == DataType::string) {
    const auto source = values<std::string>();
    std::copy(source.begin(), source.end(), static_cast<std::string*>(tensor.data_));
  } else if (bytes_ > 0) {
    std::memcpy(tensor.data_, data_, bytes_);
  }
  return tensor;
}

}  // namespace ranvier

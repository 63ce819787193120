// Element types, shapes and tensors.
#pragma once

#include <algorithm>
#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ranvier/export.h"

namespace ranvier {

/// The element types of ONNX, with the names and numbers of onnx.TensorProto.DataType. Elements are stored as
/// data_type_of<T> has it: bool as one byte, strings as std::string. Float8 types are a byte each; of the types of 4
/// and 2 bits, several elements share a byte, the first in its lowest bits, and rows do not begin at a byte of their
/// own.
enum class DataType : std::uint8_t {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
  float8e4m3fn = 17,
  float8e4m3fnuz = 18,
  float8e5m2 = 19,
  float8e5m2fnuz = 20,
  uint4 = 21,
  int4 = 22,
  float4e2m1 = 23,
  float8e8m0 = 24,
  uint2 = 25,
  int2 = 26,
};

/// How many values DataType has, `undefined` included.
inline constexpr int data_type_count = 27;

/// The name that ONNX' documentation uses: "float", "double", "bool", "int64", "float8e4m3fn", ...
RANVIER_EXPORT std::string_view name(DataType type);

/// The size of one element in bits: 2 and 4 for the packed types, 0 for `undefined`, that of std::string for `string`.
RANVIER_EXPORT std::size_t bits(DataType type);

/// An IEEE 754 binary16 number. Conversions round to nearest even; a finite float too large becomes infinity.
struct RANVIER_EXPORT Float16 {
  std::uint16_t bits = 0;
  Float16() = default;
  explicit Float16(float value);
  explicit operator float() const;
};

/// The upper half of a binary32 number. Conversions round to nearest even.
struct RANVIER_EXPORT BFloat16 {
  std::uint16_t bits = 0;
  BFloat16() = default;
  explicit BFloat16(float value);
  explicit operator float() const;
};

namespace detail {
struct Layout;  // how the elements lie of a tensor that is not dense

template <class T>
inline constexpr DataType data_type_of = DataType::undefined;
template <>
inline constexpr DataType data_type_of<float> = DataType::float32;
template <>
inline constexpr DataType data_type_of<std::uint8_t> = DataType::uint8;
template <>
inline constexpr DataType data_type_of<std::int8_t> = DataType::int8;
template <>
inline constexpr DataType data_type_of<std::uint16_t> = DataType::uint16;
template <>
inline constexpr DataType data_type_of<std::int16_t> = DataType::int16;
template <>
inline constexpr DataType data_type_of<std::int32_t> = DataType::int32;
template <>
inline constexpr DataType data_type_of<std::int64_t> = DataType::int64;
template <>
inline constexpr DataType data_type_of<std::string> = DataType::string;
template <>
inline constexpr DataType data_type_of<bool> = DataType::boolean;
template <>
inline constexpr DataType data_type_of<Float16> = DataType::float16;
template <>
inline constexpr DataType data_type_of<double> = DataType::float64;
template <>
inline constexpr DataType data_type_of<std::uint32_t> = DataType::uint32;
template <>
inline constexpr DataType data_type_of<std::uint64_t> = DataType::uint64;
template <>
inline constexpr DataType data_type_of<std::complex<float>> = DataType::complex64;
template <>
inline constexpr DataType data_type_of<std::complex<double>> = DataType::complex128;
template <>
inline constexpr DataType data_type_of<BFloat16> = DataType::bfloat16;
}  // namespace detail

/// The DataType whose elements are stored as T.
template <class T>
inline constexpr DataType data_type_of = detail::data_type_of<std::remove_cv_t<T>>;

/// The sizes of a tensor's dimensions, outermost first, in elements; none of them for a scalar. A plain value, without
/// heap memory, of at most `max_rank` dimensions. Sizes are not checked until elements are counted.
class RANVIER_EXPORT Shape {
 public:
  static constexpr std::size_t max_rank = 16;

  Shape() { std::fill_n(dims_.data(), few, 0); }
  Shape(const Shape& other) noexcept;
  Shape& operator=(const Shape& other) noexcept;
  Shape(std::initializer_list<std::int64_t> dims);
  /// @throws Error unsupported for more than max_rank dimensions.
  explicit Shape(std::span<const std::int64_t> dims);
  /// `rank` dimensions of size `fill`. @throws Error unsupported for more than max_rank.
  static Shape filled(std::size_t rank, std::int64_t fill);

  /// The number of dimensions.
  std::size_t rank() const { return rank_; }
  /// Whether there are none: of a scalar, which has one element.
  bool empty() const { return rank_ == 0; }
  /// The size along an axis, which has to be less than rank().
  std::int64_t operator[](std::size_t axis) const { return dims_[axis]; }
  std::int64_t& operator[](std::size_t axis) { return dims_[axis]; }
  std::int64_t back() const { return dims_[rank_ - 1]; }
  const std::int64_t* begin() const { return dims_.data(); }
  const std::int64_t* end() const { return dims_.data() + rank_; }
  std::int64_t* begin() { return dims_.data(); }
  std::int64_t* end() { return dims_.data() + rank_; }

  /// Appends a dimension. @throws Error unsupported beyond max_rank.
  void push_back(std::int64_t dim);
  /// A new dimension before that of `axis`, or last where that is rank(). @throws Error unsupported beyond max_rank.
  void insert(std::size_t axis, std::int64_t dim);
  /// Without the dimension of `axis`, which has to be less than rank().
  void erase(std::size_t axis);

  /// The product of all dimensions, 1 for a scalar. @throws Error out_of_memory where it does not fit,
  /// invalid_argument where a dimension is negative.
  std::int64_t elements() const;

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t i = 0; i < a.rank_; ++i)
      if (a.dims_[i] != b.dims_[i]) return false;
    return true;
  }

 private:
  // Shapes are copied all the time, and rarely have more dimensions than these.
  static constexpr std::size_t few = 4;

  std::array<std::int64_t, max_rank> dims_;  // those beyond `few` and rank_ are undefined
  std::size_t rank_ = 0;
};

/// "[2, 3]"; "[]" for a scalar.
RANVIER_EXPORT std::string to_string(const Shape& shape);

/// The bytes that hold `shape` elements of `type`; packed types round up to whole bytes.
/// @throws Error out_of_memory where that does not fit a size_t, invalid_argument for a negative dimension.
RANVIER_EXPORT std::size_t byte_size(DataType type, const Shape& shape);

/// A typed, row-major array. Copying a Tensor shares its elements: a Tensor is a handle. It either owns them (together
/// with its copies) or is a view of memory that the caller keeps alive, as borrowed() tells: what of() and the
/// constructor make owns, what view() makes borrows. What Session::run returns always owns. Different threads may read
/// one Tensor; writing needs the caller's own care.
class RANVIER_EXPORT Tensor {
 public:
  /// No tensor: type `undefined`.
  Tensor() = default;

  /// Owned, zeroed (strings empty), aligned to 64 bytes. @throws Error as byte_size, out_of_memory.
  Tensor(DataType type, const Shape& shape);

  /// Owned, with the given elements in row-major order. @throws Error invalid_argument where their number is not
  /// that of the shape.
  template <class T>
  static Tensor of(const Shape& shape, std::span<const T> values);
  template <class T>
  static Tensor of(const Shape& shape, std::initializer_list<T> values) {
    return of<T>(shape, std::span<const T>(values.begin(), values.size()));
  }
  template <class T>
  static Tensor of(const Shape& shape, const std::vector<T>& values) {
    return of<T>(shape, std::span<const T>(values));
  }
  /// The same, which takes the vector over: nothing is copied.
  template <class T>
  static Tensor of(const Shape& shape, std::vector<T>&& values) {
    auto owner = std::make_shared<std::vector<T>>(std::move(values));
    Tensor tensor = view(std::span<T>(*owner), shape);
    tensor.owner_ = std::move(owner);
    return tensor;
  }

  /// A view of the caller's elements, which have to outlive it: borrowed() tells. A vector that is about to go is
  /// refused by the compiler; of() takes it over. @throws Error invalid_argument where the number of elements is not
  /// that of the shape.
  template <class T, std::size_t N>
  static Tensor view(std::span<T, N> values, const Shape& shape) {
    static_assert(data_type_of<T> != DataType::undefined, "no ONNX type is stored as T");
    return view(data_type_of<T>, values.data(), values.size(), shape, std::is_const_v<T>);
  }
  template <class T, class A>
  static Tensor view(const std::vector<T, A>& values, const Shape& shape) {
    return view(std::span<const T>(values), shape);
  }
  template <class T, class A>
  static Tensor view(std::vector<T, A>& values, const Shape& shape) {
    return view(std::span<T>(values), shape);
  }
  template <class T, class A>
  static Tensor view(std::vector<T, A>&& values, const Shape& shape) = delete;

  /// A view of byte_size(type, shape) bytes, kept alive by `owner` where that is given. Views of constant elements are
  /// read_only(), and refuse mutable_data().
  static Tensor view(DataType type, const void* data, const Shape& shape, std::shared_ptr<const void> owner = nullptr);
  static Tensor view(DataType type, void* data, const Shape& shape, std::shared_ptr<const void> owner = nullptr);

  /// A view of elements that do not lie one after the other: that of index [i, j] is values[i * strides[0] + j *
  /// strides[1]]. Strides count elements, not bytes; 0 repeats an element, negative ones go backwards from values[0],
  /// which without a span the caller has to answer for. Column 2 of a row-major matrix m of 5 by 3:
  /// strided_view(m.subspan(2), {5}, {3}).
  ///
  /// Inputs of a Session may be such views; each run gathers them into memory of its own first. Everywhere else only
  /// dense tensors will do: copy() makes one. Where the strides are those of a dense tensor, the view is one.
  /// @throws Error invalid_argument where the number of strides is not the rank, or an element would lie outside of
  /// `values`; unsupported for the packed types, whose elements share bytes.
  template <class T, std::size_t N>
  static Tensor strided_view(std::span<T, N> values, const Shape& shape, const Shape& strides) {
    static_assert(data_type_of<T> != DataType::undefined, "no ONNX type is stored as T");
    check_reach(values.size(), shape, strides);
    if constexpr (std::is_const_v<T>) {
      return strided_view(data_type_of<T>, static_cast<const void*>(values.data()), shape, strides);
    } else {
      return strided_view(data_type_of<T>, static_cast<void*>(values.data()), shape, strides);
    }
  }
  /// The same of memory that is kept alive by `owner`, where that is given; `data` is the element of index [0, 0, ...].
  static Tensor strided_view(DataType type, const void* data, const Shape& shape, const Shape& strides,
                             std::shared_ptr<const void> owner = nullptr);
  static Tensor strided_view(DataType type, void* data, const Shape& shape, const Shape& strides,
                             std::shared_ptr<const void> owner = nullptr);

  bool defined() const { return type_ != DataType::undefined; }
  /// Whether the elements are somebody else's, who has to keep them alive; false where this tensor and its copies do.
  bool borrowed() const { return defined() && owner_ == nullptr; }
  /// Whether the elements lie one after the other in row-major order, as everywhere but in a strided_view().
  bool dense() const { return layout_ == nullptr; }
  /// The elements between neighbours along each axis.
  Shape strides() const;
  DataType type() const { return type_; }
  const Shape& shape() const { return shape_; }
  /// The product of the shape's dimensions.
  std::int64_t elements() const { return elements_; }
  /// What the elements take, or would if they lay one after the other.
  std::size_t bytes() const { return bytes_; }
  bool read_only() const { return read_only_; }

  /// The first element; the others follow where the tensor is dense().
  const void* data() const { return data_; }
  /// @throws Error invalid_argument for a view of constant elements.
  void* mutable_data();

  /// The elements in row-major order: [i, j] of a matrix is values<T>()[i * shape()[1] + j]. @throws Error
  /// invalid_argument where T is not how this type is stored, or they are not dense().
  template <class T>
  std::span<const T> values() const {
    require_dense(data_type_of<T>);
    return {static_cast<const T*>(data_), static_cast<std::size_t>(elements_)};
  }
  template <class T>
  std::span<T> mutable_values() {
    require_dense(data_type_of<T>);
    return {static_cast<T*>(mutable_data()), static_cast<std::size_t>(elements_)};
  }

  /// The same elements under another shape of as many. @throws Error invalid_argument for another number of them, or
  /// where they are not dense().
  Tensor reshaped(const Shape& shape) const;
  /// An owned, dense copy of the elements.
  Tensor copy() const;

 private:
  friend Tensor fresh_tensor(const Tensor& like);
  friend struct detail::Layout;
  Tensor(DataType type, const Shape& shape, std::int64_t elements, void* data, std::shared_ptr<const void> owner);
  static Tensor view(DataType type, const void* data, std::size_t count, const Shape& shape, bool read_only);
  static void check_reach(std::size_t count, const Shape& shape, const Shape& strides);
  void require_dense() const;
  void require_dense(DataType type) const;

  DataType type_ = DataType::undefined;
  bool read_only_ = false;
  Shape shape_;
  std::int64_t elements_ = 0;
  std::size_t bytes_ = 0;
  void* data_ = nullptr;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const detail::Layout> layout_;  // null where it is dense
};

template <class T>
Tensor Tensor::of(const Shape& shape, std::span<const T> values) {
  return view(values, shape).copy();
}

}  // namespace ranvier

// Lists of element types, sets of them, and the step from a run-time type to a template argument.
#pragma once

#include <cstdint>
#include <string>

#include "ranvier/tensor.h"
#include "runtime/core/error.h"

namespace ranvier {

/// A set of DataTypes.
class TypeSet {
 public:
  constexpr TypeSet() = default;
  template <class... Types>
  static constexpr TypeSet of(Types... types) {
    TypeSet set;
    ((set.bits_ |= 1u << static_cast<int>(types)), ...);
    return set;
  }
  constexpr bool contains(DataType type) const { return bits_ >> static_cast<int>(type) & 1; }
  constexpr TypeSet operator|(TypeSet other) const {
    TypeSet set;
    set.bits_ = bits_ | other.bits_;
    return set;
  }
  constexpr TypeSet operator-(TypeSet other) const {
    TypeSet set;
    set.bits_ = bits_ & ~other.bits_;
    return set;
  }
  constexpr bool operator==(const TypeSet&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

/// "float, double, int64": the names, in the order of the enumeration.
std::string to_string(TypeSet set);

/// The DataType of ONNX' own name for it ("float", "int64"); `undefined` for an unknown name.
DataType data_type_named(std::string_view name);

/// Element types at compile time.
template <class... T>
struct Types {
  static constexpr TypeSet set = TypeSet::of(data_type_of<T>...);
};

namespace detail {
template <class A, class B>
struct Join;
template <class... A, class... B>
struct Join<Types<A...>, Types<B...>> {
  using type = Types<A..., B...>;
};
}  // namespace detail

/// The types of two lists.
template <class A, class B>
using Joined = typename detail::Join<A, B>::type;

using FloatTypes = Types<float, double, Float16, BFloat16>;
using SignedTypes = Types<std::int8_t, std::int16_t, std::int32_t, std::int64_t>;
using UnsignedTypes = Types<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t>;
using IntegerTypes = Joined<SignedTypes, UnsignedTypes>;
using NumericTypes = Joined<FloatTypes, IntegerTypes>;
using BoolType = Types<bool>;
using IndexTypes = Types<std::int32_t, std::int64_t>;

/// Every type that can be held.
inline constexpr TypeSet all_types = [] {
  TypeSet set;
  for (int i = 1; i < data_type_count; ++i) set = set | TypeSet::of(static_cast<DataType>(i));
  return set;
}();

/// Calls `function.operator()<T>()` with the T of `List` that stores `type`, and returns what it returns.
/// @throws Error unsupported where the list does not have the type.
template <class List, class Function>
decltype(auto) dispatch(DataType type, Function&& function);

namespace detail {
template <class First, class... Rest, class Function>
decltype(auto) dispatch(DataType type, Types<First, Rest...>, Function& function) {
  if (type == data_type_of<First>) return function.template operator()<First>();
  if constexpr (sizeof...(Rest) > 0) {
    return dispatch(type, Types<Rest...>{}, function);
  } else {
    fail(ErrorCode::unsupported, "type {} is not supported here", name(type));
  }
}
}  // namespace detail

template <class List, class Function>
decltype(auto) dispatch(DataType type, Function&& function) {
  return detail::dispatch(type, List{}, function);
}

/// The type in which elements of T are computed: float for the half-precision types, else T.
template <class T>
struct ComputeType {
  using type = T;
};
template <>
struct ComputeType<Float16> {
  using type = float;
};
template <>
struct ComputeType<BFloat16> {
  using type = float;
};
template <class T>
using Compute = typename ComputeType<T>::type;

/// Whether T stands for real numbers: float, double, Float16, BFloat16.
template <class T>
inline constexpr bool is_floating = FloatTypes::set.contains(data_type_of<T>);

}  // namespace ranvier

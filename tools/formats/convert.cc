#include "tools/formats/convert.h"

#include <cmath>
#include <limits>
#include <utility>

#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"

namespace ranvier::formats {
namespace {

using PlainTypes = Joined<NumericTypes, BoolType>;

/// The member of Number that holds every T.
template <class T>
using Wide = std::conditional_t<
    is_floating<T>, double,
    std::conditional_t<std::is_unsigned_v<T> && !std::is_same_v<T, bool>, std::uint64_t, std::int64_t>>;

template <class T>
Wide<T> widened(T value) {
  if constexpr (std::is_same_v<Compute<T>, T>) {
    return static_cast<Wide<T>>(value);
  } else {
    return static_cast<double>(static_cast<float>(value));
  }
}

template <class To, class From>
bool store_as(From value, To& to) {
  if constexpr (std::is_same_v<To, bool>) {
    to = value == From{1};
    return value == From{0} || value == From{1};
  } else if constexpr (is_floating<To>) {
    to = static_cast<To>(static_cast<Compute<To>>(value));
    return !std::isfinite(static_cast<double>(value)) || std::isfinite(static_cast<double>(widened(to)));
  } else if constexpr (std::is_same_v<From, double>) {
    constexpr double end = static_cast<double>(std::numeric_limits<To>::max() / 2 + 1) * 2;
    if (!(value >= static_cast<double>(std::numeric_limits<To>::lowest()) && value < end)) return false;
    to = static_cast<To>(value);
    return value == std::trunc(value);
  } else {
    to = static_cast<To>(value);
    return std::in_range<To>(value);
  }
}

template <class From, class To>
Tensor converted_elements(const Tensor& tensor) {
  Tensor result(data_type_of<To>, tensor.shape());
  const auto from = tensor.values<From>();
  const auto to = result.mutable_values<To>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!store_as(widened(from[i]), to[i]))
      fail(ErrorCode::invalid_argument, "the element at {} is {}, which type {} does not hold",
           to_string(place(tensor.shape(), static_cast<std::int64_t>(i))), widened(from[i]), name(result.type()));
  }
  return result;
}

}  // namespace

bool convertible(DataType from, DataType to) {
  return from == to || (PlainTypes::set.contains(from) && PlainTypes::set.contains(to));
}

Tensor converted(const Tensor& tensor, DataType type) {
  if (tensor.type() == type) return tensor;
  if (!convertible(tensor.type(), type))
    fail(ErrorCode::invalid_argument, "expected elements of type {}, got {}", name(type), name(tensor.type()));
  return dispatch<PlainTypes>(tensor.type(), [&]<class From>() {
    return dispatch<PlainTypes>(type, [&]<class To>() { return converted_elements<From, To>(tensor); });
  });
}

bool store(const Number& number, DataType type, void* data, std::int64_t i) {
  return dispatch<PlainTypes>(type, [&]<class To>() {
    return std::visit([&](auto value) { return store_as(value, static_cast<To*>(data)[i]); }, number);
  });
}

Number element(const Tensor& tensor, std::int64_t i) {
  return dispatch<PlainTypes>(
      tensor.type(), [&]<class T>() -> Number { return widened(tensor.values<T>()[static_cast<std::size_t>(i)]); });
}

}  // namespace ranvier::formats

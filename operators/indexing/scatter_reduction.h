// How a scattered update meets the element that is there already.
#pragma once

#include <cmath>
#include <string>

#include "operators/operator.h"
#include "operators/storage.h"

namespace ranvier::operators {

enum class ScatterReduction { none, add, mul, max, min };

/// The attribute 'reduction'. @throws Error invalid_model for an unknown one.
inline ScatterReduction scatter_reduction(const Spec& spec) {
  const auto name = spec.node().get<std::string>("reduction", "none");
  if (name == "none") return ScatterReduction::none;
  if (name == "add") return ScatterReduction::add;
  if (name == "mul") return ScatterReduction::mul;
  if (name == "max") return ScatterReduction::max;
  if (name == "min") return ScatterReduction::min;
  fail(ErrorCode::invalid_model, "attribute 'reduction' is '{}', expected none, add, mul, max or min", name);
}

/// Replaces the element.
template <class T>
struct Replace {
  void operator()(T& element, const T& update) const { element = update; }
};

/// Combines the element with the update. Integers wrap around; NaN wins over every number.
template <class T>
struct Combine {
  ScatterReduction reduction;

  void operator()(T& element, T update) const {
    element = static_cast<T>(combined(static_cast<Compute<T>>(element), static_cast<Compute<T>>(update)));
  }

 private:
  using C = Compute<T>;

  C combined(C a, C b) const {
    switch (reduction) {
      case ScatterReduction::add: return wrapping(a, b, [](auto x, auto y) { return x + y; });
      case ScatterReduction::mul: return wrapping(a, b, [](auto x, auto y) { return x * y; });
      case ScatterReduction::max: return a > b || a != a ? a : b;
      case ScatterReduction::min: return a < b || a != a ? a : b;
      case ScatterReduction::none: break;
    }
    return b;
  }

  template <class Function>
  static C wrapping(C a, C b, const Function& function) {
    if constexpr (std::is_integral_v<C>) {
      return static_cast<C>(function(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
    } else {
      return function(a, b);
    }
  }
};

/// The kernel that `make.template operator()<T>(combine)` makes for elements of `type`, where `combine(element,
/// update)` is Replace or, for numbers, Combine.
template <class Make>
Kernel scatter_kernel(DataType type, ScatterReduction reduction, const Make& make) {
  if (reduction == ScatterReduction::none)
    return dispatch<StorageTypes>(storage_type(type),
                                  [&]<class T>() { return make.template operator()<T>(Replace<T>{}); });
  return dispatch<NumericTypes>(type, [&]<class T>() { return make.template operator()<T>(Combine<T>{reduction}); });
}

/// Checks that the updates (input 2) have the type of the data (input 0), and that elements of this type can be
/// combined where they shall be. @throws Error invalid_model, unsupported.
inline void check_updates(const Spec& spec) {
  const DataType type = spec.input(0).type;
  if (spec.input(2).type != type)
    fail(ErrorCode::invalid_model, "inputs 0 and 2 have types {} and {}, expected the same", name(type),
         name(spec.input(2).type));
  if (scatter_reduction(spec) != ScatterReduction::none && !NumericTypes::set.contains(type))
    fail(ErrorCode::unsupported, "attribute 'reduction' is '{}'; elements of type {} can only be replaced",
         spec.node().get<std::string>("reduction", ""), name(type));
}

}  // namespace ranvier::operators

#include "tools/golden/compare.h"

#include <cmath>
#include <cstring>

#include "runtime/core/data_type.h"

namespace ranvier::golden {
namespace {

using ComparedByValue = Joined<Joined<NumericTypes, BoolType>, Types<std::complex<float>, std::complex<double>>>;

template <class T>
auto wide(const T& value) {
  if constexpr (data_type_of<T> == DataType::complex64 || data_type_of<T> == DataType::complex128) {
    return std::complex<double>(value);
  } else {
    return static_cast<double>(static_cast<Compute<T>>(value));
  }
}

bool is_nan(double x) { return std::isnan(x); }
bool is_nan(std::complex<double> x) { return std::isnan(x.real()) || std::isnan(x.imag()); }

template <class Number>
bool near_enough(Number got, Number want, const Tolerance& tolerance) {
  if (got == want) return true;
  if (is_nan(got) || is_nan(want)) return is_nan(got) && is_nan(want);
  const double distance = std::abs(got - want);
  return std::isfinite(distance) && distance <= tolerance.atol + tolerance.rtol * std::abs(want);
}

std::string text(double x) { return fmt::format("{:.9g}", x); }
std::string text(std::complex<double> x) { return fmt::format("{:.9g}{:+.9g}i", x.real(), x.imag()); }

template <class T>
std::optional<std::string> by_value(const Tensor& got, const Tensor& want, const Tolerance& tolerance) {
  const auto a = got.values<T>();
  const auto b = want.values<T>();
  std::size_t wrong = 0;
  std::size_t worst = 0;
  double distance = -1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if constexpr (!is_floating<T> && data_type_of<T> != DataType::complex64 && data_type_of<T> != DataType::complex128)
      if (a[i] == b[i]) continue;
    const auto x = wide(a[i]);
    const auto y = wide(b[i]);
    if (near_enough(x, y, tolerance)) continue;
    ++wrong;
    const double d = std::isfinite(std::abs(x - y)) ? std::abs(x - y) : HUGE_VAL;
    if (d > distance) distance = d, worst = i;
  }
  if (wrong == 0) return std::nullopt;
  return fmt::format("{} of {} elements differ, most at {}: {} instead of {}", wrong, a.size(), worst,
                     text(wide(a[worst])), text(wide(b[worst])));
}

}  // namespace

bool identical(const Tensor& a, const Tensor& b) {
  if (a.type() != b.type() || !(a.shape() == b.shape())) return false;
  if (a.type() == DataType::string) {
    const auto x = a.values<std::string>();
    const auto y = b.values<std::string>();
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
  }
  return a.bytes() == 0 || std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

std::optional<std::string> difference(const Tensor& got, const Tensor& want, const Tolerance& tolerance) {
  if (got.type() != want.type()) return fmt::format("type {} instead of {}", name(got.type()), name(want.type()));
  if (!(got.shape() == want.shape()))
    return fmt::format("shape {} instead of {}", to_string(got.shape()), to_string(want.shape()));
  if (ComparedByValue::set.contains(want.type()))
    return dispatch<ComparedByValue>(want.type(), [&]<class T>() { return by_value<T>(got, want, tolerance); });
  if (identical(got, want)) return std::nullopt;
  return fmt::format("elements of type {} differ", name(want.type()));
}

}  // namespace ranvier::golden

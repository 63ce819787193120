#include "runtime/golden/compare.h"

#include <cmath>
#include <cstring>

#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"

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

std::string text(double x) { return fmt::format("{:.9g}", x); }
std::string text(std::complex<double> x) { return fmt::format("{:.9g}{:+.9g}i", x.real(), x.imag()); }

/// |got - want|: infinite where only one of them is NaN or infinite, 0 where both are the same.
template <class T>
double distance_of(const T& got, const T& want) {
  if constexpr (!is_floating<T> && data_type_of<T> != DataType::complex64 && data_type_of<T> != DataType::complex128)
    if (got == want) return 0;  // large integers are not exact in double
  const auto x = wide(got);
  const auto y = wide(want);
  if (x == y || (is_nan(x) && is_nan(y))) return 0;
  const double distance = std::abs(x - y);
  return std::isfinite(distance) ? distance : HUGE_VAL;
}

template <class T>
std::optional<std::string> by_value(const Tensor& got, const Tensor& want, const Tolerance& tolerance) {
  const auto a = got.values<T>();
  const auto b = want.values<T>();
  std::size_t wrong = 0;
  std::size_t worst = 0;
  double distance = -1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double here = distance_of(a[i], b[i]);
    if (here == 0) continue;  // NaN for NaN too
    if (std::isfinite(here) && here <= tolerance.atol + tolerance.rtol * std::abs(wide(b[i]))) continue;
    ++wrong;
    if (here > distance) distance = here, worst = i;
  }
  if (wrong == 0) return std::nullopt;
  return fmt::format("{} of {} elements differ, most at {}: {} instead of {}", wrong, a.size(),
                     to_string(place(got.shape(), static_cast<std::int64_t>(worst))), text(wide(a[worst])),
                     text(wide(b[worst])));
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

Distance largest_distance(const Tensor& got, const Tensor& want) {
  Distance largest;
  if (got.type() != want.type() || !(got.shape() == want.shape()) || !ComparedByValue::set.contains(want.type()))
    return largest;
  dispatch<ComparedByValue>(want.type(), [&]<class T>() {
    const auto a = got.values<T>();
    const auto b = want.values<T>();
    for (std::size_t i = 0; i < a.size(); ++i)
      if (const double distance = distance_of(a[i], b[i]); distance > largest.size)
        largest = {distance, static_cast<std::int64_t>(i)};
  });
  return largest;
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

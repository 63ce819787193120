// Numbers of MPFR with operators, so that formulas read as in a textbook.
#pragma once

#include <mpfr.h>

#include <utility>

namespace ranvier::accuracy {

/// A number of 512 bits and any magnitude: what a formula for floats cancels is a small part of it.
class Real {
 public:
  Real() { mpfr_init2(value_, 512); }
  Real(double value) : Real() { mpfr_set_d(value_, value, MPFR_RNDN); }  // NOLINT: formulas have constants
  /// A decimal number, to all its digits.
  explicit Real(const char* digits) : Real() { mpfr_set_str(value_, digits, 10, MPFR_RNDN); }
  Real(const Real& other) : Real() { mpfr_set(value_, other.value_, MPFR_RNDN); }
  Real& operator=(Real other) {
    mpfr_swap(value_, other.value_);
    return *this;
  }
  ~Real() { mpfr_clear(value_); }

  static Real pi() {
    Real result;
    mpfr_const_pi(result.value_, MPFR_RNDN);
    return result;
  }

  explicit operator double() const { return mpfr_get_d(value_, MPFR_RNDN); }

  friend Real operator+(const Real& a, const Real& b) { return of<mpfr_add>(a, b); }
  friend Real operator-(const Real& a, const Real& b) { return of<mpfr_sub>(a, b); }
  friend Real operator*(const Real& a, const Real& b) { return of<mpfr_mul>(a, b); }
  friend Real operator/(const Real& a, const Real& b) { return of<mpfr_div>(a, b); }
  friend Real operator-(const Real& a) { return of<mpfr_neg>(a); }
  friend Real abs(const Real& a) { return of<mpfr_abs>(a); }
  friend Real sqrt(const Real& a) { return of<mpfr_sqrt>(a); }
  friend Real exp(const Real& a) { return of<mpfr_exp>(a); }
  friend Real log(const Real& a) { return of<mpfr_log>(a); }
  friend Real tanh(const Real& a) { return of<mpfr_tanh>(a); }
  friend Real erf(const Real& a) { return of<mpfr_erf>(a); }
  friend Real min(const Real& a, const Real& b) { return of<mpfr_min>(a, b); }
  friend Real max(const Real& a, const Real& b) { return of<mpfr_max>(a, b); }
  friend bool operator<(const Real& a, const Real& b) { return mpfr_less_p(a.value_, b.value_) != 0; }
  friend bool operator>(const Real& a, const Real& b) { return b < a; }
  friend bool operator<=(const Real& a, const Real& b) { return mpfr_lessequal_p(a.value_, b.value_) != 0; }
  friend bool operator>=(const Real& a, const Real& b) { return b <= a; }

 private:
  template <auto function, class... Operands>
  static Real of(const Operands&... operands) {
    Real result;
    function(result.value_, operands.value_..., MPFR_RNDN);
    return result;
  }

  mpfr_t value_;
};

}  // namespace ranvier::accuracy

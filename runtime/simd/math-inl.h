// Exponentials, logarithms and functions on segments, for blocks of floats. Included once for each instruction set.
//
// Every instruction set with fused multiply-add computes the same bits: the operations are the same, in the same order,
// and none depends on a processor's own estimate.
#if defined(RANVIER_RUNTIME_SIMD_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RANVIER_RUNTIME_SIMD_MATH_INL_H_
#undef RANVIER_RUNTIME_SIMD_MATH_INL_H_
#else
#define RANVIER_RUNTIME_SIMD_MATH_INL_H_
#endif

#include <bit>

#include "runtime/simd/block-inl.h"
#include "runtime/simd/tables.h"

HWY_BEFORE_NAMESPACE();
namespace ranvier::simd::HWY_NAMESPACE {

/// a + b, and what rounding it loses, whichever of the two is larger.
template <int N>
struct Sum {
  Block<N> rounded, lost;
};
template <int N>
HWY_INLINE Sum<N> exact_sum(const Block<N>& a, const detail::Same<Block<N>>& b) {
  const Block<N> sum = a + b;
  const Block<N> of_a = sum - b;
  return {sum, (b - (sum - of_a)) + (a - of_a)};
}

/// What exp_of computes, and how.
struct ExpOf {
  int halves = 2;          ///< exp(x halves / 2): 2, -2, 1 and -1 are meant.
  bool near_zero = false;  ///< |x halves / 2| <= 18: ln(2) as a float is good enough.
  bool precise = false;    ///< x <= 0, and the rest keeps its relative precision near 0, as expm1 needs it.
};

/// exp(y) as 2^floor(exponent) significand (1 + rest).
///
/// `exponent` is a multiple of 1/16, `significand` in [1, 2) has 8 bits, and |rest| < 0.025. So 2^n significand + 1 is
/// a float for every whole n from -16 to 16, and what is made of it can be corrected to the last bit.
template <int N>
struct ExpParts {
  Block<N> significand;
  Block<N> rest;
  Block<N> exponent;
  Block<N> shifted;  ///< exponent + 1.5 * 2^19: its integer part is in the bits from the fourth on.
};

inline constexpr float ln2 = 0x1.62e430p-1f, ln2_low = -0x1.05c610p-29f;

/// What of r the table gives, divided by halves / 2. With `precise` that has ln2_low in it for exponents from -1 to 0.
template <ExpOf how>
struct Rests {
  alignas(64) float values[16];
  constexpr Rests() : values() {
    for (int i = 0; i < 16; ++i) {
      const float low = how.precise && i != 0 ? static_cast<float>(16 - i) / 16 * ln2_low : 0;
      values[i] = (exp_rests[i] + low) * 2 / static_cast<float>(how.halves);
    }
  }
};
template <ExpOf how>
inline constexpr Rests<how> rests;

/// The parts of exp(f (x + low)), f = halves / 2, for |f x| <= 180. `low` is what rounding x has lost.
template <ExpOf how, int N>
HWY_INLINE ExpParts<N> exp_of(const Block<N>& x, const detail::Same<Block<N>>* low = nullptr) {
  constexpr float f = static_cast<float>(how.halves) / 2;
  constexpr float shift = 0x1.8p19f;  // adding it rounds to multiples of 1/16
  ExpParts<N> parts;
  parts.shifted = mul_add(x, f * 1.44269504f, shift);
  parts.exponent = parts.shifted - shift;
  // From here on r stands for r f.
  Block<N> small = lookup(rests<how>.values, parts.shifted);
  if constexpr (!how.near_zero) small = mul_add(parts.exponent, -ln2_low / f, small);
  if (low != nullptr) small = small + *low;
  const Block<N> r = fused_neg_mul_add(parts.exponent, ln2 / f, x) + small;
  Block<N> q;
  if constexpr (how.precise) {
    q = mul_add(r, f * f * f * f * expm1_c4, f * f * f * expm1_c3);
    q = mul_add(q, r, f * f * expm1_c2);
  } else {
    q = mul_add(r, f * f * f * exp_c3, f * f * exp_c2);
  }
  if constexpr (how.halves == 2) {
    parts.rest = mul_add(r * r, q, r);
  } else if constexpr (how.halves == -2) {
    parts.rest = mul_sub(r * r, q, r);
  } else {
    parts.rest = r * mul_add(r, q, f);
  }
  parts.significand = lookup(exp_powers, parts.shifted);
  return parts;
}

/// 2^doublings exp_powers[i], less i/16 in what stands for the exponent: adding 16 times an exponent in sixteenths
/// gives that power.
struct PowerBits {
  alignas(64) float values[16];
  constexpr explicit PowerBits(std::uint32_t doublings) : values() {
    for (std::uint32_t i = 0; i < 16; ++i)
      values[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(exp_powers[i]) - (i << 19) + (doublings << 23));
  }
};
inline constexpr PowerBits power_bits(0), twice_power_bits(1);

/// significand 2^floor(exponent), and what else went into `bits`, where that is a normal float.
template <int N>
HWY_INLINE Block<N> power_of(const ExpParts<N>& parts, const float (&bits)[16] = power_bits.values) {
  Block<N> r = lookup(bits, parts.shifted);
  RANVIER_EACH for (int i = 0; i < N; ++i) {
    const Integers di;
    const IntegerVector exponent = hn::ShiftLeft<19>(hn::BitCast(di, parts.shifted.v[i]));
    r.v[i] = hn::BitCast(Floats(), hn::Add(hn::BitCast(di, r.v[i]), exponent));
  }
  return r;
}

/// x 2^floor(exponent), rounded once, for exponents from -250 to 250: also where it over- or underflows.
template <int N>
HWY_INLINE Block<N> scaled_fully(const Block<N>& x, const ExpParts<N>& parts) {
#if HWY_TARGET == HWY_AVX3
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = Vector{_mm512_scalef_ps(x.v[i].raw, parts.exponent.v[i].raw)};
  return r;
#else
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) {
    const Integers di;
    const IntegerVector whole =
        hn::ShiftRight<4>(hn::Sub(hn::BitCast(di, parts.shifted.v[i]), hn::BitCast(di, hn::Set(Floats(), 0x1.8p19f))));
    const IntegerVector half = hn::ShiftRight<1>(whole);
    const auto power = [&](IntegerVector n)
                           HWY_ATTR { return hn::BitCast(Floats(), hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127)))); };
    r.v[i] = hn::Mul(hn::Mul(x.v[i], power(half)), power(hn::Sub(whole, half)));
  }
  return r;
#endif
}

/// exp(x) for |x| <= 87.
template <int N>
HWY_INLINE Block<N> exp_normal(const Block<N>& x) {
  const ExpParts<N> e = exp_of<ExpOf{}>(x);
  const Block<N> power = power_of(e);
  return mul_add(power, e.rest, power);
}

/// exp(x) everywhere.
template <int N>
HWY_INLINE Block<N> exp_anywhere(const Block<N>& x) {
  const ExpParts<N> e = exp_of<ExpOf{}>(at_least(-105, at_most(89, x)));
  return scaled_fully(mul_add(e.significand, e.rest, e.significand), e);
}

/// exp(x) - 1 for x <= 0 and NaN; for other x any number. Where x is not near 0, exp(x) hardly counts.
template <int N>
HWY_INLINE Block<N> expm1_of_negative(const Block<N>& x, const detail::Same<Block<N>>* low = nullptr) {
  const ExpParts<N> e = exp_of<ExpOf{.near_zero = true, .precise = true}>(at_least(-40, x), low);
  const Block<N> power = power_of(e);
  return fused_mul_add(power, e.rest, power - 1);
}

/// log(1 + t) for 0 <= t <= 1.
template <int N>
HWY_INLINE Block<N> log1p_of_fraction(const Block<N>& t) {
  const Block<N> index = mul_add(t, 15, 0x1.8p23f);
  const Block<N> factor = lookup(log1p_factors, index);
  const Block<N> v = mul_add(t, factor, factor - 1);
  Block<N> q = mul_add(v, log1p_c4, log1p_c3);
  q = mul_add(q, v, log1p_c2);
  q = mul_add(q, v, log1p_c1);
  q = q * v;
  return lookup(log1p_logs, index) + mul_add(q, v, v);
}

/// 1 / (1 + exp(-(z + low))) for |z| <= logistic_limit.
inline constexpr float logistic_limit = 7.7f;
template <int N>
HWY_INLINE Block<N> logistic(const Block<N>& z, const detail::Same<Block<N>>* low = nullptr) {
  const Block<N> index = z + 0x1.8p22f;  // rounded to multiples of 1/2
  Block<N> y = z - lookup(logistic_centre, index);
  if (low != nullptr) y = y + *low;
  const Block<N> value = lookup(logistic_value, index), slope = lookup(logistic_slope, index);
  const Block<N> curved = mul_add(y * y, logistic_c4, logistic_c2);
  const Block<N> tilted = mul_add(y, curved, mul_sub(value, logistic_c0, logistic_c0 / 2));
  return mul_add(y, slope / mul_add(y, tilted, logistic_c0), value);
}

/// A function on segments is base + offset slope.
template <int N>
struct SegmentParts {
  Block<N> base;
  Block<N> offset;
  Block<N> slope;
};

/// tanh(a) for 0 <= a <= 10 and NaN.
template <int N>
HWY_INLINE SegmentParts<N> tanh_parts(const Block<N>& a) {
  const Block<N> index = shifted_right<20>(a + tanh_offset);
  const Block<N> y = a - lookup(tanh_centre, index);
  const Block<N> value = lookup(tanh_value, index), slope = lookup(tanh_slope, index);
  const Block<N> square = y * y;
  const Block<N> cube = y * square;
  const Block<N> t = mul_add(cube, mul_add(square, tanh_c5, tanh_c3), y);
  return {value, t, slope / mul_add(value, t, 1)};
}

/// gelu(x) for |x| <= gelu_near_limit.
inline constexpr float gelu_near_limit = 3.999f;
template <int N>
HWY_INLINE Block<N> gelu_near(const Block<N>& x) {
  const Block<N> index = shifted_right<18>(x + 12);
  const Block<N> centre = lookup(gelu_centre, index);
  const Block<N> y = x - centre;
  Block<N> q = mul_add(lookup(gelu_c7, index), y, lookup(gelu_c6, index));
  q = mul_add(q, y, lookup(gelu_c5, index));
  q = mul_add(q, y, lookup(gelu_c4, index));
  q = mul_add(q, y, lookup(gelu_c3, index));
  q = mul_add(q, y, lookup(gelu_c2, index));
  q = mul_add(q, y, lookup(gelu_c1, index));
  return fused_mul_add(q, y, select(equal(centre, 0), 0.5f * x, lookup(gelu_base, index)));
}

template <int N>
HWY_INLINE SegmentParts<N> on_segments(const Segments& f, const Block<N>& a) {
  const Block<N> from_one = a + 1;  // rounded, so that it alone tells the segment
  const Block<N> index = shifted_right<21>(from_one);
  const Block<N> y = a - lookup(f.centre, index);
  Block<N> q = mul_add(lookup(f.c6, index), y, lookup(f.c5, index));
  q = mul_add(q, y, lookup(f.c4, index));
  q = mul_add(q, y, lookup(f.c3, index));
  q = mul_add(q, y, lookup(f.c2, index));
  q = mul_add(q, y, lookup(f.c1, index));
  return {select(less(from_one, 1.25f), a, lookup(f.base, index)), y, q};
}

/// An odd function that is +-1 from 14 on, from its segments.
template <int N>
HWY_INLINE Block<N> odd_on_segments(const Segments& f, const Block<N>& x) {
  const SegmentParts<N> parts = on_segments(f, at_most(14.5f, abs(x)));
  return with_sign_of(fused_mul_add(parts.offset, parts.slope, parts.base), x);
}

}  // namespace ranvier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the include guard that Highway's targets toggle

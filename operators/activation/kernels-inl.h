// The activations of one element for blocks of floats. Included once for each instruction set.
//
// A kernel is made from its row's parameters and has
//   Block<N> fast(Block<N>)       the formula; where the class has a limit(), for |x| <= limit() and NaN only
//   Block<N> anywhere(Block<N>)   the same function beyond the limit, where the class has one
//   side_by_side                  how many vectors go through it at once, where another number than 4 is the fastest
//   side_by_side_of_16            the same for processors with 16 registers, where it is another number than 3
//   refusal(parameters)           why it cannot serve these parameters; null where it can
//   WithDefaults                  a simpler class for a first parameter of 1, where there is one
// What a lane becomes depends on that lane alone: its neighbours decide only which code runs, never the bits.
#if defined(RANVIER_OPERATORS_ACTIVATION_KERNELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RANVIER_OPERATORS_ACTIVATION_KERNELS_INL_H_
#undef RANVIER_OPERATORS_ACTIVATION_KERNELS_INL_H_
#else
#define RANVIER_OPERATORS_ACTIVATION_KERNELS_INL_H_
#endif

#include <limits>

#include "runtime/simd/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;  // NOLINT: one vocabulary, seen in this file only

/// What kernels without parameters to refuse share.
struct TakesAll {
  static const char* refusal(const float*) { return nullptr; }
};
struct NoParameters : TakesAll {
  explicit NoParameters(const float*) {}
};

// Pieces of lines.

struct Linear : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return x;
  }
};

struct Relu : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_least(0, x);
  }
};

struct Clip : TakesAll {
  explicit Clip(const float* p) : low(p[0]), high(p[1]) {}
  float low, high;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_most(high, at_least(low, x));
  }
};

struct Relu6 : Clip {
  explicit Relu6(const float*) : Clip(bounds) {}
  static constexpr float bounds[] = {0, 6};
};

struct HardTanh : Clip {
  explicit HardTanh(const float*) : Clip(bounds) {}
  static constexpr float bounds[] = {-1, 1};
};

struct LeakyRelu : TakesAll {
  explicit LeakyRelu(const float* p) : alpha(p[0]) {}
  float alpha;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less(x, 0), alpha * x, x);
  }
};

struct KerasRelu : TakesAll {
  explicit KerasRelu(const float* p)
      : max_value(p[0]),
        negative_slope(p[1]),
        threshold(p[2]),
        lowest(p[1] == 0 ? p[2] : -std::numeric_limits<float>::infinity()) {}
  float max_value, negative_slope, threshold;
  float lowest;  // a slope of 0 must not meet an infinity
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> below = negative_slope * (at_least(lowest, x) - threshold);
    return select(less_equal(x, threshold), below, at_most(max_value, x));
  }
};

struct ThresholdedRelu : TakesAll {
  explicit ThresholdedRelu(const float* p) : alpha(p[0]) {}
  float alpha;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less_equal(x, alpha), Block<N>(0), x);
  }
};

struct Threshold : TakesAll {
  explicit Threshold(const float* p) : alpha(p[0]), value(p[1]) {}
  float alpha, value;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less_equal(x, alpha), Block<N>(value), x);
  }
};

struct Shrink : TakesAll {
  explicit Shrink(const float* p) : lambd(p[0]), bias(p[1]) {}
  float lambd, bias;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> inside = select(less_equal(x, lambd), Block<N>(0), x - bias);
    return select(less(x, -lambd), x + bias, inside);
  }
};

struct HardShrink : TakesAll {
  explicit HardShrink(const float* p) : lambd(p[0]) {}
  float lambd;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less_equal(abs(x), lambd), Block<N>(0), x);
  }
};

struct SoftShrink : TakesAll {
  explicit SoftShrink(const float* p) : lambd(p[0]) {}
  float lambd;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> below = select(less(x, -lambd), x + lambd, Block<N>(0));
    return select(less_equal(x, lambd), below, x - lambd);
  }
};

struct HardSigmoid : TakesAll {
  explicit HardSigmoid(const float* p) : alpha(p[0]), beta(p[1]) {}
  float alpha, beta;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_most(1, at_least(0, fused_mul_add(x, alpha, beta)));
  }
};

struct SparseSigmoid : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_most(1, at_least(0, mul_add(x, 0.5f, 0.5f)));
  }
};

struct HardSwish : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    constexpr float sixth = 0x1.555556p-3f, sixth_low = -0x1.555556p-28f;
    const Block<N> sum = at_most(6, at_least(0, x + 3));
    return at_least(-3, x) * fused_mul_add(sum, sixth, sum * sixth_low);  // x is bounded too: there is no 0 infinity
  }
};

struct Softsign : NoParameters {
  using NoParameters::NoParameters;
  float limit() const { return 0x1p64f; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return x / (1 + abs(x));
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return select(less(abs(x), 0x1p64f), x, with_sign_of(Block<N>(1), x));
  }
};

struct SparsePlus : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> raised = at_least(0, x + 1);
    return select(less(x, 1), raised * raised * 0.25f, x);
  }
};

struct SquarePlus : TakesAll {
  explicit SquarePlus(const float* p) : b(p[0]) {}
  float b;
  static const char* refusal(const float* p) {
    return p[0] >= 0x1p-60f && p[0] <= 0x1p60f ? nullptr : "the kernel takes b from 2^-60 to 2^60";
  }
  float limit() const { return 0x1p60f; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    // For x = -a it is the root y of y (y + a) = b / 4, for x = a that y + a.
    const Block<N> a = abs(x);
    const Block<N> root = sqrt(fused_mul_add(x, x, b));
    const Block<N> y = 0.5f * b / (a + root);
    const Sum<N> sum = exact_sum(y, a);
    const Block<N> missing = fused_neg_mul_add(y, sum.lost, fused_neg_mul_add(y, sum.rounded, 0.25f * b));
    const Block<N> of_negative = y + missing / root;
    return select(less(x, 0), of_negative, of_negative + a);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return select(less(x, 0), (-0.25f * b) / x, x);
  }
};

// exp and its kin.

struct Exponential : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 8;
  float limit() const { return 87; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return exp_normal(x);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return exp_anywhere(x);
  }
};

struct EluOfOne : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 6;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less(x, 0), expm1_of_negative(x), x);
  }
};

struct Elu : TakesAll {
  static constexpr int side_by_side = 6;
  using WithDefaults = EluOfOne;
  explicit Elu(const float* p) : alpha(p[0]) {}
  float alpha;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return select(less(x, 0), alpha * expm1_of_negative(x), x);
  }
};

struct Selu {
  static constexpr int side_by_side = 6;
  explicit Selu(const float* p)
      : gamma(p[1]),
        product(static_cast<float>(double{p[0]} * double{p[1]})),
        product_low(static_cast<float>(double{p[0]} * double{p[1]} - double{product})) {}
  float gamma;
  float product, product_low;  // alpha gamma, in two parts
  static const char* refusal(const float* p) {
    const bool finite = p[0] * p[1] - p[0] * p[1] == 0;
    return finite ? nullptr : "the kernel takes alpha and gamma with a finite product";
  }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> e = expm1_of_negative(x);
    return select(less(x, 0), fused_mul_add(e, product, e * product_low), gamma * x);
  }
};

struct Celu : TakesAll {
  static constexpr int side_by_side = 6;
  explicit Celu(const float* p) : alpha(p[0]), inverse(1 / p[0]) {}
  float alpha, inverse;
  static const char* refusal(const float* p) {
    return p[0] >= 0x1p-60f && p[0] <= 0x1p60f ? nullptr : "the kernel takes alpha from 2^-60 to 2^60";
  }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> negative = at_least(-40 * alpha, x);
    const Block<N> quotient = negative / alpha;
    const Block<N> low = inverse * fused_neg_mul_add(quotient, alpha, negative);
    // Nearer to 0 the function is x, and the quotient may be denormal.
    return select(less(quotient, -0x1p-30f), alpha * expm1_of_negative(quotient, &low), x);
  }
};

/// log(1 + exp(-|x|)), where `power` is the part exp(-|x|).
template <int N>
HWY_INLINE Block<N> log1p_exp(const Block<N>& x) {
  const ExpParts<N> e = exp_of<ExpOf{.halves = -2}>(abs(x));
  const Block<N> power = power_of(e);
  return log1p_of_fraction(mul_add(power, e.rest, power));
}
template <int N>
HWY_INLINE Block<N> log1p_exp_anywhere(const Block<N>& x) {
  const ExpParts<N> e = exp_of<ExpOf{.halves = -2}>(at_most(105, abs(x)));
  return log1p_of_fraction(scaled_fully(mul_add(e.significand, e.rest, e.significand), e));
}

struct Softplus : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 6, side_by_side_of_16 = 4;
  float limit() const { return 87; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_least(0, x) + log1p_exp(x);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return at_least(0, x) + log1p_exp_anywhere(x);
  }
};

struct LogSigmoid : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 6, side_by_side_of_16 = 4;
  float limit() const { return 87; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return at_most(0, x) - log1p_exp(x);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return at_most(0, x) - log1p_exp_anywhere(x);
  }
};

/// x / (1 + exp(-(z + low))) for |z| > logistic_limit, where x is 1 or has the sign of z.
template <int N>
HWY_INLINE Block<N> times_logistic_far(const Block<N>& x, const Block<N>& z,
                                       const detail::Same<Block<N>>* low = nullptr) {
  const Block<N> a = abs(z);
  Block<N> low_of_a;
  if (low != nullptr) low_of_a = select(less_equal(a, 128), select(less(z, 0), -*low, *low), Block<N>(0));
  const ExpParts<N> e = exp_of<ExpOf{.halves = -2}>(at_most(128, a), low == nullptr ? nullptr : &low_of_a);
  const Block<N> t = scaled_fully(mul_add(e.significand, e.rest, e.significand), e);
  // t / (1 + t) = t (1 - missing) to the last bit, and that is power (1 + rest - missing (1 + rest)).
  const Block<N> missing = neg_mul_add(t, t, t);
  const Block<N> rest = neg_mul_add(missing, 1 + e.rest, e.rest);
  const Block<N> below = mul_add(e.significand, rest, e.significand) * x;
  return select(less(z, 0), scaled_fully(below, e), (1 - missing) * x);
}

struct Sigmoid : NoParameters {
  using NoParameters::NoParameters;
  float limit() const { return logistic_limit; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return logistic(x);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return times_logistic_far(Block<N>(1), x);
  }
};

struct Swish : NoParameters {
  using NoParameters::NoParameters;
  float limit() const { return logistic_limit; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return x * logistic(x);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    return times_logistic_far(at_least(-128, x), x);
  }
};

struct SwishOfAlpha : TakesAll {
  using WithDefaults = Swish;
  explicit SwishOfAlpha(const float* p) : alpha(p[0]) {}
  float alpha;
  static const char* refusal(const float* p) {
    return p[0] >= 0x1p-20f && p[0] <= 0x1p20f ? nullptr : "the kernel takes alpha from 2^-20 to 2^20";
  }
  float limit() const { return logistic_limit / alpha; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> z = alpha * x;
    const Block<N> low = fused_mul_add(x, alpha, -z);
    return x * logistic(z, &low);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    const Block<N> bounded = at_least(-128 / alpha, x);
    const Block<N> argument = at_most(256 / alpha, bounded);
    const Block<N> z = alpha * argument;
    const Block<N> low = fused_mul_add(argument, alpha, -z);
    return times_logistic_far(bounded, z, &low);
  }
};

struct Mish : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 6;
  float limit() const { return 11; }
  // With n = 2 e + e^2, e = exp(x): tanh(log(1 + e)) = n / (2 + n), and n is twice + more.
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const ExpParts<N> parts = exp_of<ExpOf{.near_zero = true}>(x);
    const Block<N> twice = power_of(parts, twice_power_bits.values);
    const Block<N> twice_rest = twice * parts.rest;
    const Block<N> twice_e = twice + twice_rest;
    const Block<N> more = mul_add(0.25f * twice_e, twice_e, twice_rest);
    const Block<N> n = twice + more;
    const Block<N> inverse = 1 / (2 + n);
    const Block<N> y = x * n * inverse;
    const Block<N> missing = mul_add(more, x - y, fused_mul_sub(twice, x - y, y + y));  // x n - y (2 + n)
    return mul_add(missing, inverse, y);
  }
  // To the last bit it is x e (1 - e / 2) below -11, and x (1 - 2 exp(-2 x)), which is x, above 11.
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    const Block<N> bounded = at_least(-128, x);
    const ExpParts<N> e = exp_of<ExpOf{}>(at_most(0, bounded));
    const Block<N> half = scaled_fully(0.5f * mul_add(e.significand, e.rest, e.significand), e);
    const Block<N> below = mul_add(e.significand, neg_mul_add(half, 1 + e.rest, e.rest), e.significand) * bounded;
    return select(less(x, 0), scaled_fully(below, e), x);
  }
};

// On segments.

struct Tanh : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const SegmentParts<N> tanh = tanh_parts(at_most(10, abs(x)));
    return with_sign_of(fused_mul_add(tanh.offset, tanh.slope, tanh.base), x);
  }
};

struct Erf : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 3;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return odd_on_segments(simd::erf_segments, x);
  }
};

struct TanhShrink : NoParameters {
  using NoParameters::NoParameters;
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Block<N> a = abs(x);
    const Block<N> near = at_most(1, a);
    const Block<N> square = near * near;
    const Block<N> cube = square * near;
    const Block<N> cube_low = mul_add(fused_mul_add(near, near, -square), near, fused_mul_add(square, near, -cube));
    Block<N> rest = simd::tanh_shrink_c[7];
    for (int i = 6; i >= 1; --i) rest = mul_add(rest, square, simd::tanh_shrink_c[i]);
    constexpr float third = 0x1.555556p-2f, third_low = -0x1.555556p-27f;
    rest = mul_add(rest, square, third_low);
    const Block<N> series = fused_mul_add(cube, third, mul_add(cube, rest, third * cube_low));
    const SegmentParts<N> tanh = tanh_parts(at_most(10, a));
    const Block<N> far = neg_mul_add(tanh.offset, tanh.slope, a - tanh.base);
    return with_sign_of(select(less(a, 1), series, far), x);
  }
};

struct Gelu : NoParameters {
  using NoParameters::NoParameters;
  static constexpr int side_by_side = 5, side_by_side_of_16 = 2;
  float limit() const { return gelu_near_limit; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    return gelu_near(x);
  }
  // gelu(x) = max(x, 0) - a Phi(-a), a = |x|, and 2 a Phi(-a) = [a erfc(a / sqrt(2)) exp(a^2 / 2)] exp(-a^2 / 2).
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    const Block<N> a = at_most(14.5f, abs(x));
    const Block<N> square = a * a;
    const Block<N> square_low = fused_mul_add(a, a, -square);
    const ExpParts<N> e = exp_of<ExpOf{.halves = -1}>(square, &square_low);
    const Tail<N> tail = tail_of(a, e.rest);
    const Block<N> half = 0.5f * e.significand;
    return at_least(0, x) - scaled_fully(fused_mul_add(tail.base, half, tail.more * half), e);
  }

 private:
  /// What stands in brackets above, times 1 + rest.
  template <int N>
  struct Tail {
    Block<N> base, more;
  };
  template <int N>
  HWY_INLINE static Tail<N> tail_of(const Block<N>& a, const Block<N>& rest) {
    const SegmentParts<N> parts = on_segments(simd::gelu_segments, a);
    const Block<N> more = rest * mul_add(parts.offset, parts.slope, parts.base);
    return {parts.base, fused_mul_add(parts.offset, parts.slope, more)};
  }
};

struct GeluTanh : NoParameters {
  using NoParameters::NoParameters;
  float limit() const { return 3.26f; }
  template <int N>
  HWY_INLINE Block<N> fast(const Block<N>& x) const {
    const Pair<N> z = argument(x);
    return x * logistic(z.high, &z.low);
  }
  template <int N>
  HWY_INLINE Block<N> anywhere(const Block<N>& x) const {
    const Block<N> bounded = at_least(-16, x);
    const Pair<N> z = argument(at_most(16, bounded));
    return times_logistic_far(bounded, z.high, &z.low);
  }

 private:
  template <int N>
  struct Pair {
    Block<N> high, low;
  };
  /// sqrt(8 / pi) (x + 0.044715 x^3) in twice the precision: an error in what goes into exp is one of the result.
  template <int N>
  HWY_INLINE static Pair<N> argument(const Block<N>& x) {
    constexpr float cubic = 0x1.6e4e26p-5f, cubic_low = 0x1.a9003ep-30f;
    constexpr float root = 0x1.988454p+0f, root_low = -0x1.857936p-25f;
    const Block<N> square = x * x;
    const Block<N> square_low = fused_mul_add(x, x, -square);
    const Block<N> product = cubic * square;
    const Block<N> product_low =
        mul_add(square, cubic_low, mul_add(square_low, cubic, fused_mul_add(square, cubic, -product)));
    const Sum<N> sum = exact_sum(product, 1);
    const Block<N> scaled_x = root * x;
    const Block<N> scaled_x_low = mul_add(x, root_low, fused_mul_add(x, root, -scaled_x));
    const Block<N> z = scaled_x * sum.rounded;
    const Block<N> z_low = fused_mul_add(scaled_x, sum.rounded, -z);
    return {z, z_low + mul_add(scaled_x_low, sum.rounded, scaled_x * (sum.lost + product_low))};
  }
};

/// Applies a kernel to a block, parts of which are beyond its limit.
template <int N, class Kernel>
HWY_NOINLINE void step_anywhere(const Kernel& kernel, const float* x, float* y) {
  const Block<N> from = load<N>(x);
  const Choice<N> near = less_equal(abs(from), kernel.limit());
  const Block<N> fast = kernel.fast(select(near, from, Block<N>(0)));
  const Block<N> to = select(near, fast, kernel.anywhere(from));
  store(select(equal(from, from), to, from), y);
}

/// Applies a kernel to a block.
template <int N, class Kernel>
HWY_INLINE void step(const Kernel& kernel, const float* x, float* y) {
  const Block<N> from = load<N>(x);
  if constexpr (requires { kernel.limit(); }) {
    if (HWY_UNLIKELY(!all_within(from, kernel.limit()))) return step_anywhere<N>(kernel, x, y);
  }
  store(kernel.fast(from), y);
}

template <class Kernel>
constexpr int side_by_side_of() {
  int result = 4;
  if constexpr (requires { Kernel::side_by_side; }) result = Kernel::side_by_side;
  if (result <= vectors_in_registers) return result;
  if constexpr (requires { Kernel::side_by_side_of_16; }) return Kernel::side_by_side_of_16;
  return vectors_in_registers;
}

/// y[i] = f(x[i]); y may be x.
template <class Kernel>
void run(const Kernel& kernel, const float* x, float* y, std::size_t count) {
  constexpr int side_by_side = side_by_side_of<Kernel>();
  const std::size_t block = side_by_side * lanes();
  std::size_t i = 0;
  for (; i + block <= count; i += block) step<side_by_side>(kernel, x + i, y + i);
  for (; i + lanes() <= count; i += lanes()) step<1>(kernel, x + i, y + i);
  if (i == count) return;
  HWY_ALIGN float rest[hn::MaxLanes(Floats())] = {};
  for (std::size_t j = i; j < count; ++j) rest[j - i] = x[j];
  step<1>(kernel, rest, rest);
  for (std::size_t j = i; j < count; ++j) y[j] = rest[j - i];
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the include guard that Highway's targets toggle

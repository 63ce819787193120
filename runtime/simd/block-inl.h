// Arithmetic on blocks of vectors. Included once for each instruction set (Highway's foreach_target).
#if defined(RANVIER_RUNTIME_SIMD_BLOCK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RANVIER_RUNTIME_SIMD_BLOCK_INL_H_
#undef RANVIER_RUNTIME_SIMD_BLOCK_INL_H_
#else
#define RANVIER_RUNTIME_SIMD_BLOCK_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace ranvier::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Integers = hn::RebindToSigned<Floats>;
using Vector = hn::Vec<Floats>;
using IntegerVector = hn::Vec<Integers>;

HWY_INLINE std::size_t lanes() { return hn::Lanes(Floats()); }

// Whether a b + c is one instruction. Without, on processors that are old or unknown, code may as well be small.
#undef RANVIER_FUSED
#undef RANVIER_LARGE_INLINE
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3
#define RANVIER_FUSED 0
#define RANVIER_LARGE_INLINE HWY_NOINLINE
#else
#define RANVIER_FUSED 1
#define RANVIER_LARGE_INLINE HWY_INLINE
#endif

// How many vectors of a formula a processor's registers hold beside its constants.
constexpr int vectors_in_registers = HWY_ARCH_X86 && HWY_TARGET != HWY_AVX3 ? 3 : 8;

// Stands before the loops over a block's vectors: unrolled, they live in registers, at any level of optimization.
// Single numbers are too many for that.
#undef RANVIER_EACH
#if HWY_TARGET == HWY_SCALAR
#define RANVIER_EACH
#elif defined(__clang__)
#define RANVIER_EACH _Pragma("unroll")
#else
#define RANVIER_EACH _Pragma("GCC unroll 16")
#endif

/// N vectors that go through a formula side by side: a formula is a chain of operations, each of which waits four
/// cycles or more for the one before, and a processor looks ahead over a few dozen operations only. Written for a
/// block, the N chains stand interleaved in the program.
template <int N>
struct Block {
  Vector v[N];

  Block() = default;
  HWY_INLINE Block(float everywhere) {  // NOLINT: constants are written as numbers
    RANVIER_EACH for (int i = 0; i < N; ++i) v[i] = hn::Set(Floats(), everywhere);
  }
  // Vector by vector: compilers move the whole array through memory where it is part of a structure.
  HWY_INLINE Block(const Block& other) { RANVIER_EACH for (int i = 0; i < N; ++i) v[i] = other.v[i]; }
  HWY_INLINE Block& operator=(const Block& other) {
    RANVIER_EACH for (int i = 0; i < N; ++i) v[i] = other.v[i];
    return *this;
  }
};

/// The blocks' lanes for which something holds.
template <int N>
struct Choice {
  hn::Mask<Floats> m[N];
};

namespace detail {
template <class T>
using Same = std::type_identity_t<T>;
}  // namespace detail

// Each function takes one block that tells N; the other operands may be numbers.

#define RANVIER_UNARY(name, expression)         \
  template <int N>                              \
  HWY_INLINE Block<N> name(const Block<N>& a) { \
    Block<N> r;                                 \
    RANVIER_EACH for (int i = 0; i < N; ++i) {  \
      const Vector x = a.v[i];                  \
      r.v[i] = expression;                      \
    }                                           \
    return r;                                   \
  }
#define RANVIER_BINARY(name, Result, member, expression)                          \
  template <int N>                                                                \
  HWY_INLINE Result<N> name(const Block<N>& a, const detail::Same<Block<N>>& b) { \
    Result<N> r;                                                                  \
    RANVIER_EACH for (int i = 0; i < N; ++i) {                                    \
      const Vector x = a.v[i], y = b.v[i];                                        \
      r.member[i] = expression;                                                   \
    }                                                                             \
    return r;                                                                     \
  }
#define RANVIER_TERNARY(name, expression)                                                                         \
  template <int N>                                                                                                \
  HWY_INLINE Block<N> name(const Block<N>& a, const detail::Same<Block<N>>& b, const detail::Same<Block<N>>& c) { \
    Block<N> r;                                                                                                   \
    RANVIER_EACH for (int i = 0; i < N; ++i) {                                                                    \
      const Vector x = a.v[i], y = b.v[i], z = c.v[i];                                                            \
      r.v[i] = expression;                                                                                        \
    }                                                                                                             \
    return r;                                                                                                     \
  }

RANVIER_UNARY(abs, hn::Abs(x))
RANVIER_UNARY(sqrt, hn::Sqrt(x))
RANVIER_UNARY(operator-, hn::Neg(x))
RANVIER_BINARY(operator+, Block, v, hn::Add(x, y))
RANVIER_BINARY(operator-, Block, v, hn::Sub(x, y))
RANVIER_BINARY(operator*, Block, v, hn::Mul(x, y))
RANVIER_BINARY(operator/, Block, v, hn::Div(x, y))
RANVIER_BINARY(equal, Choice, m, hn::Eq(x, y))
RANVIER_BINARY(less, Choice, m, hn::Lt(x, y))
RANVIER_BINARY(less_equal, Choice, m, hn::Le(x, y))
/// The magnitude of the first, which is not negative, with the sign of the second.
RANVIER_BINARY(with_sign_of, Block, v, hn::OrAnd(x, hn::SignBit(Floats()), y))
/// a b + c, a b - c, c - a b: rounded once where the processor can, else twice.
RANVIER_TERNARY(mul_add, hn::MulAdd(x, y, z))
RANVIER_TERNARY(mul_sub, hn::MulSub(x, y, z))
RANVIER_TERNARY(neg_mul_add, hn::NegMulAdd(x, y, z))

#undef RANVIER_UNARY
#undef RANVIER_BINARY
#undef RANVIER_TERNARY

template <int N>
HWY_INLINE Block<N> operator-(float a, const Block<N>& b) {
  return Block<N>(a) - b;
}
template <int N>
HWY_INLINE Block<N> operator+(float a, const Block<N>& b) {
  return Block<N>(a) + b;
}
template <int N>
HWY_INLINE Block<N> operator*(float a, const Block<N>& b) {
  return Block<N>(a) * b;
}
template <int N>
HWY_INLINE Block<N> operator/(float a, const Block<N>& b) {
  return Block<N>(a) / b;
}

// Highway leaves open what becomes of NaN; x86 returns the second operand where one is NaN.
HWY_INLINE Vector smaller(Vector bound, Vector x) {
  return HWY_TARGET == HWY_SCALAR ? hn::IfThenElse(hn::Lt(bound, x), bound, x) : hn::Min(bound, x);
}
HWY_INLINE Vector larger(Vector bound, Vector x) {
  return HWY_TARGET == HWY_SCALAR ? hn::IfThenElse(hn::Lt(x, bound), bound, x) : hn::Max(bound, x);
}
/// x, or the bound where x is beyond it; NaN stays.
template <int N>
HWY_INLINE Block<N> at_most(float bound, const Block<N>& x) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = smaller(hn::Set(Floats(), bound), x.v[i]);
  return r;
}
template <int N>
HWY_INLINE Block<N> at_least(float bound, const Block<N>& x) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = larger(hn::Set(Floats(), bound), x.v[i]);
  return r;
}

template <int N>
HWY_INLINE Block<N> select(const Choice<N>& where, const Block<N>& yes, const detail::Same<Block<N>>& no) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = hn::IfThenElse(where.m[i], yes.v[i], no.v[i]);
  return r;
}

#if !RANVIER_FUSED
/// Without the instruction: in double, where the product is exact, one lane at a time.
inline HWY_NOINLINE Vector fused_lanes(Vector a, Vector b, Vector c, double sign) {
  alignas(16) float x[4], y[4], z[4];
  hn::Store(a, Floats(), x);
  hn::Store(b, Floats(), y);
  hn::Store(c, Floats(), z);
  for (std::size_t i = 0; i < lanes(); ++i)
    z[i] = static_cast<float>(sign * static_cast<double>(x[i]) * static_cast<double>(y[i]) + static_cast<double>(z[i]));
  return hn::Load(Floats(), z);
}
template <int N>
HWY_INLINE Block<N> fused_mul_add(const Block<N>& a, const detail::Same<Block<N>>& b, const detail::Same<Block<N>>& c) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = fused_lanes(a.v[i], b.v[i], c.v[i], 1);
  return r;
}
template <int N>
HWY_INLINE Block<N> fused_neg_mul_add(const Block<N>& a, const detail::Same<Block<N>>& b,
                                      const detail::Same<Block<N>>& c) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = fused_lanes(a.v[i], b.v[i], c.v[i], -1);
  return r;
}
template <int N>
HWY_INLINE Block<N> fused_mul_sub(const Block<N>& a, const detail::Same<Block<N>>& b, const detail::Same<Block<N>>& c) {
  return fused_mul_add(a, b, -c);
}
#else
/// a b + c, c - a b and a b - c, rounded once: where a formula lives by the product being exact.
template <int N>
HWY_INLINE Block<N> fused_mul_add(const Block<N>& a, const detail::Same<Block<N>>& b, const detail::Same<Block<N>>& c) {
  return mul_add(a, b, c);
}
template <int N>
HWY_INLINE Block<N> fused_neg_mul_add(const Block<N>& a, const detail::Same<Block<N>>& b,
                                      const detail::Same<Block<N>>& c) {
  return neg_mul_add(a, b, c);
}
template <int N>
HWY_INLINE Block<N> fused_mul_sub(const Block<N>& a, const detail::Same<Block<N>>& b, const detail::Same<Block<N>>& c) {
  return mul_sub(a, b, c);
}
#endif

/// The entry of a table of 16 that the four lowest bits of each lane name.
HWY_INLINE Vector lookup(const float* table, IntegerVector index) {
  const Floats d;
#if HWY_TARGET == HWY_AVX3  // vpermps looks at the lowest bits only, which Highway's own function does not promise
  return Vector{_mm512_permutexvar_ps(index.raw, hn::Load(d, table).raw)};
#elif HWY_TARGET == HWY_AVX2
  const Vector low{_mm256_permutevar8x32_ps(hn::Load(d, table).raw, index.raw)};
  const Vector high{_mm256_permutevar8x32_ps(hn::Load(d, table + 8).raw, index.raw)};
  return Vector{_mm256_blendv_ps(low.raw, high.raw, hn::BitCast(d, hn::ShiftLeft<28>(index)).raw)};
#else
  return hn::GatherIndex(d, table, hn::And(index, hn::Set(Integers(), 15)));
#endif
}
/// The same for a table of 32 and the five lowest bits.
HWY_INLINE Vector lookup32(const float* table, IntegerVector index) {
#if HWY_TARGET == HWY_AVX3
  const Floats d;
  return Vector{_mm512_permutex2var_ps(hn::Load(d, table).raw, index.raw, hn::Load(d, table + 16).raw)};
#elif HWY_TARGET == HWY_AVX2
  const Vector high_half = hn::BitCast(Floats(), hn::ShiftLeft<27>(index));
  return Vector{_mm256_blendv_ps(lookup(table, index).raw, lookup(table + 16, index).raw, high_half.raw)};
#else
  return hn::GatherIndex(Floats(), table, hn::And(index, hn::Set(Integers(), 31)));
#endif
}
template <int N, std::size_t size>
HWY_INLINE Block<N> lookup(const float (&table)[size], const Block<N>& index) {
  static_assert(size == 16 || size == 32);
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) {
    const IntegerVector bits = hn::BitCast(Integers(), index.v[i]);
    r.v[i] = size == 16 ? lookup(table, bits) : lookup32(table, bits);
  }
  return r;
}

/// The bits of each float moved to the right.
template <int bits, int N>
HWY_INLINE Block<N> shifted_right(const Block<N>& a) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] =
      hn::BitCast(Floats(), hn::ShiftRight<bits>(hn::BitCast(Integers(), a.v[i])));
  return r;
}

/// Whether no lane's magnitude is above `limit`, and none is NaN.
template <int N>
HWY_INLINE bool all_within(const Block<N>& x, float limit) {
  const Integers di;  // as whole numbers, so that NaN counts as larger than infinity
  const IntegerVector magnitude = hn::Set(di, 0x7FFFFFFF);
  IntegerVector largest = hn::And(hn::BitCast(di, x.v[0]), magnitude);
  RANVIER_EACH for (int i = 1; i < N; ++i) largest = hn::Max(largest, hn::And(hn::BitCast(di, x.v[i]), magnitude));
  return hn::AllFalse(di, hn::Gt(largest, hn::BitCast(di, hn::Set(Floats(), limit))));
}

/// Whether every lane is from `low` to `high`. Where there are NaN, any answer.
template <int N>
HWY_INLINE bool all_between(float low, float high, const Block<N>& x) {
  Vector smallest = x.v[0], largest = x.v[0];
  RANVIER_EACH for (int i = 1; i < N; ++i) {
    smallest = smaller(smallest, x.v[i]);
    largest = larger(largest, x.v[i]);
  }
  const Floats d;
  return hn::AllTrue(d, hn::And(hn::Ge(smallest, hn::Set(d, low)), hn::Le(largest, hn::Set(d, high))));
}

template <int N>
HWY_INLINE Block<N> load(const float* from) {
  Block<N> r;
  RANVIER_EACH for (int i = 0; i < N; ++i) r.v[i] = hn::LoadU(Floats(), from + static_cast<std::size_t>(i) * lanes());
  return r;
}
template <int N>
HWY_INLINE void store(const Block<N>& x, float* to) {
  RANVIER_EACH for (int i = 0; i < N; ++i) hn::StoreU(x.v[i], Floats(), to + static_cast<std::size_t>(i) * lanes());
}

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
/// The lanes of vector `j` of a block that are among its first `count`. Masked loads and stores touch no others.
HWY_INLINE hn::Mask<Floats> before_end(int j, std::size_t count) {
  const std::size_t first = static_cast<std::size_t>(j) * lanes();
  return hn::FirstN(Floats(), count < first ? 0 : count - first);
}
/// The first `count` elements of a block, and `otherwise` behind them.
template <int N>
HWY_INLINE void load_ragged(const float* x, std::size_t count, float otherwise, Block<N>& part) {
  for (int j = 0; j < N; ++j) {
    const auto mask = before_end(j, count);
    const Vector loaded = hn::MaskedLoad(mask, Floats(), x + static_cast<std::size_t>(j) * lanes());
    part.v[j] = hn::IfThenElse(mask, loaded, hn::Set(Floats(), otherwise));
  }
}
/// The first `count` elements, which may be more than the block has.
template <int N>
HWY_INLINE void store_ragged(const Block<N>& y, float* to, std::size_t count) {
  for (int j = 0; j < N; ++j)
    hn::BlendedStore(y.v[j], before_end(j, count), Floats(), to + static_cast<std::size_t>(j) * lanes());
}
#else
template <int N>
HWY_INLINE void load_ragged(const float* x, std::size_t count, float otherwise, Block<N>& part) {
  HWY_ALIGN float padded[N * hn::MaxLanes(Floats())];
  for (std::size_t i = 0; i < std::size(padded); ++i) padded[i] = i < count ? x[i] : otherwise;
  part = load<N>(padded);
}
template <int N>
HWY_INLINE void store_ragged(const Block<N>& y, float* to, std::size_t count) {
  HWY_ALIGN float padded[N * hn::MaxLanes(Floats())];
  store(y, padded);
  for (std::size_t i = 0; i < count && i < std::size(padded); ++i) to[i] = padded[i];
}
#endif

}  // namespace ranvier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the include guard that Highway's targets toggle

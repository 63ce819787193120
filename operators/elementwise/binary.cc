// Operators of two inputs, element by element: arithmetic, comparison, logic and bits.
// https://onnx.ai/onnx/operators/onnx__Add.html and its like
#include <array>
#include <string>

#include "operators/by_rows.h"
#include "operators/elementwise/arithmetic.h"
#include "operators/elementwise/broadcast.h"
#include "operators/elementwise/power.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

/// How shapes meet: as in numpy; or as before opset 7, where only input 1 is repeated, and only if the model says so.
enum class Broadcasting { numpy, limited };
constexpr auto numpy = Broadcasting::numpy;
constexpr auto limited = Broadcasting::limited;

enum class Result { like_input, boolean };
constexpr auto boolean = Result::boolean;

// broadcast (0): whether input 1 may be smaller than input 0: one element, or a part of input 0's axes
// axis (those that end with the last one): the first of these axes

/// Input 1's shape with as many axes as input 0's.
Shape aligned_by_attributes(const Spec& spec) {
  const Shape& a = spec.input(0).shape;
  const Shape& b = spec.input(1).shape;
  if (spec.node().get<std::int64_t>("broadcast", 0) == 0) {
    if (a != b)
      fail(ErrorCode::invalid_argument, "inputs 0 and 1 have shapes {} and {}, expected the same without 'broadcast'",
           to_string(a), to_string(b));
    return b;
  }
  if (b.elements() == 1) return Shape::filled(a.rank(), 1);
  const auto last_axis = static_cast<std::int64_t>(a.rank()) - static_cast<std::int64_t>(b.rank());
  auto axis = spec.node().get<std::int64_t>("axis", last_axis);
  if (axis < 0) axis += static_cast<std::int64_t>(a.rank());
  Shape aligned = Shape::filled(a.rank(), 1);
  bool fits = axis >= 0 && axis <= last_axis;
  for (std::size_t i = 0; fits && i < b.rank(); ++i) {
    const std::size_t to = static_cast<std::size_t>(axis) + i;
    fits = b[i] == a[to];
    aligned[to] = b[i];
  }
  if (!fits)
    fail(ErrorCode::invalid_argument, "input 1 of shape {} is no part of input 0's shape {} from axis {} on",
         to_string(b), to_string(a), axis);
  return aligned;
}

using Shapes = std::array<Shape, 2>;

template <Broadcasting how>
Shapes operand_shapes(const Spec& spec) {
  return {spec.input(0).shape, how == limited ? aligned_by_attributes(spec) : spec.input(1).shape};
}

template <Broadcasting how, Result result>
void infer_any(Spec& spec) {
  const Shapes shapes = operand_shapes<how>(spec);
  spec.set_output(0, result == boolean ? DataType::boolean : spec.input(0).type,
                  how == limited ? shapes[0] : broadcast(shapes));
}

template <Broadcasting how, Result result>
void infer_alike(Spec& spec) {
  if (spec.input(0).type != spec.input(1).type)
    fail(ErrorCode::invalid_model, "inputs 0 and 1 have types {} and {}, expected the same", name(spec.input(0).type),
         name(spec.input(1).type));
  infer_any<how, result>(spec);
}

/// An element in the type it is computed in; strings are not copied.
template <class T>
decltype(auto) computed(const T& element) {
  if constexpr (std::is_same_v<T, Compute<T>>) {
    return (element);
  } else {
    return static_cast<Compute<T>>(element);
  }
}

/// One row, in loops that vectorise: both inputs from memory, or one of them a constant.
template <auto function, class T, class Out>
void apply_to_row(const T* a, const T* b, Out* out, std::int64_t count, const std::array<std::int64_t, 2>& step) {
  if (step[0] == step[1]) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<Out>(function(computed(a[i]), computed(b[i])));
  } else if (step[1] == 0) {
    const auto& constant = computed(*b);
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<Out>(function(computed(a[i]), constant));
  } else {
    const auto& constant = computed(*a);
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<Out>(function(constant, computed(b[i])));
  }
}

/// The function of every pair of elements, which are stored as one of List.
template <auto function, class List>
Kernel pairwise(DataType type, const Spec& spec, const Shapes& shapes) {
  const Shape& output = spec.output(0).shape;
  constexpr double nanoseconds_each = 0.2;
  const Rows rows = rows_of(shapes, output, nanoseconds_each);
  return dispatch<List>(type, [&, walk = Broadcast<2>(shapes, output)]<class T>() -> Kernel {
    using Value = decltype(function(std::declval<const Compute<T>&>(), std::declval<const Compute<T>&>()));
    using Out = std::conditional_t<std::is_same_v<Value, bool>, bool, T>;
    const auto run = [walk, size = row_size(rows, output)](const Buffers& buffers,
                                                           std::size_t count) noexcept(std::is_same_v<T, float>) {
      const T* a = buffers.input<T>(0);
      const T* b = buffers.input<T>(1);
      Out* out = buffers.output<Out>(0);
      walk.for_each_row(0, static_cast<std::int64_t>(count) * size,
                        [=](std::int64_t to, const auto& from, std::int64_t some, const auto& step) {
                          apply_to_row<function>(a + from[0], b + from[1], out + to, some, step);
                        });
    };
    if constexpr (std::is_same_v<T, float> && std::is_same_v<Out, float>) {
      return by_rows(spec, rows, run);
    } else {
      return {[=, count = rows.count](const Buffers& buffers) { run(buffers, count); }};
    }
  });
}

/// Of numbers whose bits do not say whether they have a sign.
template <auto function, class List = Joined<FloatTypes, UnsignedTypes>>
Kernel on_bits(const Spec& spec, const Shapes& shapes) {
  return pairwise<function, List>(unsigned_type(spec.input(0).type), spec, shapes);
}

/// Of numbers.
template <auto function, class List = NumericTypes>
Kernel on_numbers(const Spec& spec, const Shapes& shapes) {
  return pairwise<function, List>(spec.input(0).type, spec, shapes);
}

constexpr auto equal = [](const auto& a, const auto& b) { return a == b; };
constexpr auto less = [](auto a, auto b) { return a < b; };
constexpr auto less_or_equal = [](auto a, auto b) { return a <= b; };
constexpr auto greater = [](auto a, auto b) { return a > b; };
constexpr auto greater_or_equal = [](auto a, auto b) { return a >= b; };
constexpr auto bit_and = []<class T>(T a, T b) { return static_cast<T>(a & b); };
constexpr auto bit_or = []<class T>(T a, T b) { return static_cast<T>(a | b); };
constexpr auto bit_xor = []<class T>(T a, T b) { return static_cast<T>(a ^ b); };
constexpr auto shift_left = []<class T>(T a, T b) {
  return b < 8 * sizeof(T) ? static_cast<T>(wrapping(a) << b) : T{0};
};
constexpr auto shift_right = []<class T>(T a, T b) { return b < 8 * sizeof(T) ? static_cast<T>(a >> b) : T{0}; };

using BitTypes = Joined<Joined<FloatTypes, UnsignedTypes>, Types<std::string>>;

// fmod (0): the remainder has the sign of the dividend, not that of the divisor; the only one of real numbers
Kernel mod(const Spec& spec, const Shapes& shapes) {
  if (spec.node().get<std::int64_t>("fmod", 0) != 0) return on_numbers<remainder>(spec, shapes);
  if (FloatTypes::set.contains(spec.input(0).type))
    fail(ErrorCode::invalid_model, "attribute 'fmod' is 0, expected 1 for type {}", name(spec.input(0).type));
  return on_numbers<modulo, IntegerTypes>(spec, shapes);
}

// direction: "LEFT" or "RIGHT"
Kernel shift(const Spec& spec, const Shapes& shapes) {
  const auto& direction = spec.node().required<std::string>("direction");
  if (direction == "LEFT") return on_numbers<shift_left, UnsignedTypes>(spec, shapes);
  if (direction == "RIGHT") return on_numbers<shift_right, UnsignedTypes>(spec, shapes);
  fail(ErrorCode::invalid_model, "attribute 'direction' is \"{}\", expected \"LEFT\" or \"RIGHT\"", direction);
}

using Prepare = Kernel (*)(const Spec&, const Shapes&);

template <Broadcasting how, Prepare prepare_walk>
Kernel prepare(const Spec& spec) {
  return prepare_walk(spec, operand_shapes<how>(spec));
}

template <Broadcasting how, Prepare prepare_walk>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = prepare<how, prepare_walk>}};

template <Broadcasting how, Prepare prepare_walk, Result result = Result::like_input>
constexpr Operator binary(TypeSet types) {
  return {.inputs = {2, 2},
          .types = types,
          .infer = infer_alike<how, result>,
          .implementations = implementations<how, prepare_walk>};
}

/// The inputs' types need not be the same.
template <Broadcasting how, Prepare prepare_walk>
constexpr Operator mixed_binary(TypeSet types) {
  Operator op = binary<how, prepare_walk>(types);
  op.infer = infer_any<how, Result::like_input>;
  return op;
}

constexpr TypeSet numbers = NumericTypes::set;
constexpr TypeSet integers = IntegerTypes::set;
constexpr TypeSet bools = BoolType::set;
constexpr TypeSet comparable = numbers | bools | TypeSet::of(DataType::string);

}  // namespace

// clang-format off
extern const Operator binary_add                   = binary<numpy,   on_bits<add>>(numbers);
extern const Operator binary_add_limited           = binary<limited, on_bits<add>>(numbers);
extern const Operator binary_sub                   = binary<numpy,   on_bits<subtract>>(numbers);
extern const Operator binary_sub_limited           = binary<limited, on_bits<subtract>>(numbers);
extern const Operator binary_mul                   = binary<numpy,   on_bits<multiply>>(numbers);
extern const Operator binary_mul_limited           = binary<limited, on_bits<multiply>>(numbers);
extern const Operator binary_div                   = binary<numpy,   on_numbers<divide>>(numbers);
extern const Operator binary_div_limited           = binary<limited, on_numbers<divide>>(numbers);
extern const Operator binary_mod                   = binary<numpy,   mod>(numbers);
extern const Operator binary_pow                   = mixed_binary<numpy,   power>(PowerTypes::set);
extern const Operator binary_pow_limited           = mixed_binary<limited, power>(PowerTypes::set);

extern const Operator binary_equal                 = binary<numpy,   on_bits<equal, BitTypes>, boolean>(comparable);
extern const Operator binary_equal_limited         = binary<limited, on_bits<equal, BitTypes>, boolean>(comparable);
extern const Operator binary_greater               = binary<numpy,   on_numbers<greater>, boolean>(numbers);
extern const Operator binary_greater_limited       = binary<limited, on_numbers<greater>, boolean>(numbers);
extern const Operator binary_greater_or_equal      = binary<numpy,   on_numbers<greater_or_equal>, boolean>(numbers);
extern const Operator binary_less                  = binary<numpy,   on_numbers<less>, boolean>(numbers);
extern const Operator binary_less_limited          = binary<limited, on_numbers<less>, boolean>(numbers);
extern const Operator binary_less_or_equal         = binary<numpy,   on_numbers<less_or_equal>, boolean>(numbers);

extern const Operator binary_and                   = binary<numpy,   on_bits<bit_and, UnsignedTypes>>(bools);
extern const Operator binary_and_limited           = binary<limited, on_bits<bit_and, UnsignedTypes>>(bools);
extern const Operator binary_or                    = binary<numpy,   on_bits<bit_or, UnsignedTypes>>(bools);
extern const Operator binary_or_limited            = binary<limited, on_bits<bit_or, UnsignedTypes>>(bools);
extern const Operator binary_xor                   = binary<numpy,   on_bits<bit_xor, UnsignedTypes>>(bools);
extern const Operator binary_xor_limited           = binary<limited, on_bits<bit_xor, UnsignedTypes>>(bools);

extern const Operator binary_bitwise_and           = binary<numpy,   on_bits<bit_and, UnsignedTypes>>(integers);
extern const Operator binary_bitwise_or            = binary<numpy,   on_bits<bit_or, UnsignedTypes>>(integers);
extern const Operator binary_bitwise_xor           = binary<numpy,   on_bits<bit_xor, UnsignedTypes>>(integers);
extern const Operator binary_bit_shift             = binary<numpy,   shift>(UnsignedTypes::set);
// clang-format on

}  // namespace ranvier::operators

#include "runtime/core/convert.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "runtime/core/number_text.h"
#include "runtime/core/packed.h"

namespace ranvier {
namespace {

// Every type is read into, and written from, one of three wide types, a block at a time: what would be a function for
// each pair of types is one for each type. `i` counts elements.

/// A wide number as a double from which rounding to a narrower format is the same as from the number itself: an integer
/// too long for a double has its last bit set where bits were cut off.
double narrowable(double value) { return value; }
double narrowable(std::uint64_t value) {
  const int excess = std::bit_width(value) - 53;
  if (excess <= 0) return static_cast<double>(value);
  const std::uint64_t kept = value >> excess << excess;
  return static_cast<double>(kept | (kept == value ? 0 : 1ull << excess));
}
double narrowable(std::int64_t value) {
  const auto magnitude = static_cast<std::uint64_t>(value);
  return value < 0 ? -narrowable(-magnitude) : narrowable(magnitude);
}

/// The low bits that integer types of every width share.
std::uint64_t low_bits(double value) { return static_cast<std::uint64_t>(truncated(value)); }
std::uint64_t low_bits(std::uint64_t value) { return value; }
std::uint64_t low_bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

/// float, double and the integers.
template <class T>
struct Native {
  using Wide = std::conditional_t<std::is_floating_point_v<T>, double,
                                  std::conditional_t<std::is_unsigned_v<T>, std::uint64_t, std::int64_t>>;
  static Wide load(const void* data, std::int64_t i) { return static_cast<const T*>(data)[i]; }
  template <class W>
  static void store(W value, void* data, std::int64_t i, const Conversion&) {
    T& element = static_cast<T*>(data)[i];
    if constexpr (std::is_integral_v<T>) {
      element = static_cast<T>(low_bits(value));
    } else {
      element = static_cast<T>(value);
    }
  }
  static std::string text(const void* data, std::int64_t i) {
    const T value = static_cast<const T*>(data)[i];
    if constexpr (std::is_integral_v<T>) {
      return std::to_string(value);
    } else {
      return format_real(value);
    }
  }
};

struct Bool {
  using Wide = std::int64_t;
  static Wide load(const void* data, std::int64_t i) { return static_cast<const std::uint8_t*>(data)[i] != 0; }
  template <class W>
  static void store(W value, void* data, std::int64_t i, const Conversion&) {
    static_cast<bool*>(data)[i] = value != W{0};
  }
  static std::string text(const void* data, std::int64_t i) { return load(data, i) != 0 ? "True" : "False"; }
};

/// The types of small_float.h with a FloatFormat.
template <DataType type, unsigned Bits>
struct SmallFloat {
  using Wide = double;
  using Code = std::conditional_t<Bits == 16, std::uint16_t, std::uint8_t>;
  static Wide load(const void* data, std::int64_t i) {
    if constexpr (Bits == 4) {
      return decode(*float_format(type), static_cast<std::uint16_t>(read_packed<4>(data, i)));
    } else {
      return decode(*float_format(type), static_cast<const Code*>(data)[i]);
    }
  }
  template <class W>
  static void store(W value, void* data, std::int64_t i, const Conversion& conversion) {
    const std::uint16_t code = encode(*float_format(type), narrowable(value), Bits == 8 && conversion.saturate);
    if constexpr (Bits == 4) {
      write_packed<4>(data, i, code);
    } else {
      static_cast<Code*>(data)[i] = static_cast<Code>(code);
    }
  }
  static std::string text(const void* data, std::int64_t i) {
    return Bits == 16 ? format_real(load(data, i), *float_format(type)) : format_real(load(data, i));
  }
};

/// float8e8m0.
struct Scale {
  using Wide = double;
  static Wide load(const void* data, std::int64_t i) { return decode_scale(static_cast<const std::uint8_t*>(data)[i]); }
  template <class W>
  static void store(W value, void* data, std::int64_t i, const Conversion& conversion) {
    static_cast<std::uint8_t*>(data)[i] =
        encode_scale(narrowable(value), conversion.scale_rounding, conversion.saturate);
  }
  static std::string text(const void* data, std::int64_t i) { return format_real(load(data, i)); }
};

/// int4, uint4, int2, uint2.
template <unsigned Bits, bool Signed>
struct Packed {
  using Wide = std::int64_t;
  static Wide load(const void* data, std::int64_t i) {
    const unsigned bits = read_packed<Bits>(data, i);
    return Signed ? sign_extended<Bits>(bits) : static_cast<Wide>(bits);
  }
  template <class W>
  static void store(W value, void* data, std::int64_t i, const Conversion&) {
    write_packed<Bits>(data, i, static_cast<unsigned>(low_bits(value)));
  }
  static std::string text(const void* data, std::int64_t i) { return std::to_string(load(data, i)); }
};

/// Calls `function.operator()<E>()` with the struct above that reads and writes `type`.
template <class Function>
void with_element(DataType type, const Function& function) {
  switch (type) {
    case DataType::float32: return function.template operator()<Native<float>>();
    case DataType::float64: return function.template operator()<Native<double>>();
    case DataType::int8: return function.template operator()<Native<std::int8_t>>();
    case DataType::int16: return function.template operator()<Native<std::int16_t>>();
    case DataType::int32: return function.template operator()<Native<std::int32_t>>();
    case DataType::int64: return function.template operator()<Native<std::int64_t>>();
    case DataType::uint8: return function.template operator()<Native<std::uint8_t>>();
    case DataType::uint16: return function.template operator()<Native<std::uint16_t>>();
    case DataType::uint32: return function.template operator()<Native<std::uint32_t>>();
    case DataType::uint64: return function.template operator()<Native<std::uint64_t>>();
    case DataType::boolean: return function.template operator()<Bool>();
    case DataType::float16: return function.template operator()<SmallFloat<DataType::float16, 16>>();
    case DataType::bfloat16: return function.template operator()<SmallFloat<DataType::bfloat16, 16>>();
    case DataType::float8e4m3fn: return function.template operator()<SmallFloat<DataType::float8e4m3fn, 8>>();
    case DataType::float8e4m3fnuz: return function.template operator()<SmallFloat<DataType::float8e4m3fnuz, 8>>();
    case DataType::float8e5m2: return function.template operator()<SmallFloat<DataType::float8e5m2, 8>>();
    case DataType::float8e5m2fnuz: return function.template operator()<SmallFloat<DataType::float8e5m2fnuz, 8>>();
    case DataType::float4e2m1: return function.template operator()<SmallFloat<DataType::float4e2m1, 4>>();
    case DataType::float8e8m0: return function.template operator()<Scale>();
    case DataType::int4: return function.template operator()<Packed<4, true>>();
    case DataType::uint4: return function.template operator()<Packed<4, false>>();
    case DataType::int2: return function.template operator()<Packed<2, true>>();
    case DataType::uint2: return function.template operator()<Packed<2, false>>();
    default: fail(ErrorCode::unsupported, "elements of type {} cannot be converted", name(type));
  }
}

constexpr std::int64_t block_size = 256;

/// Numbers on their way from one type to another.
union Block {
  double reals[block_size];
  std::int64_t integers[block_size];
  std::uint64_t naturals[block_size];

  template <class W>
  W* of() {
    if constexpr (std::is_same_v<W, double>)
      return reals;
    else if constexpr (std::is_same_v<W, std::int64_t>)
      return integers;
    else
      return naturals;
  }
};

using Load = void (*)(const void* source, std::int64_t first, std::int64_t count, Block& block);
using Store = void (*)(Block& block, void* target, std::int64_t first, std::int64_t count, const Conversion&);

template <class E>
void load(const void* source, std::int64_t first, std::int64_t count, Block& block) {
  auto* wide = block.of<typename E::Wide>();
  for (std::int64_t i = 0; i < count; ++i) wide[i] = E::load(source, first + i);
}

template <class E, class W>
void store(Block& block, void* target, std::int64_t first, std::int64_t count, const Conversion& conversion) {
  const W* wide = block.of<W>();
  for (std::int64_t i = 0; i < count; ++i) E::store(wide[i], target, first + i, conversion);
}

/// From each wide type.
struct Stores {
  Store reals = nullptr;
  Store integers = nullptr;
  Store naturals = nullptr;
};

Stores stores_of(DataType type) {
  Stores stores;
  with_element(type, [&]<class E>() { stores = {store<E, double>, store<E, std::int64_t>, store<E, std::uint64_t>}; });
  return stores;
}

void convert_numbers(DataType from, const void* source, DataType to, void* target, std::int64_t count,
                     const Conversion& conversion) {
  const Stores stores = stores_of(to);
  Load load_block = nullptr;
  Store store_block = nullptr;
  with_element(from, [&]<class E>() {
    load_block = load<E>;
    store_block = std::is_same_v<typename E::Wide, double>         ? stores.reals
                  : std::is_same_v<typename E::Wide, std::int64_t> ? stores.integers
                                                                   : stores.naturals;
  });
  Block block;
  for (std::int64_t first = 0; first < count; first += block_size) {
    const std::int64_t part = std::min(block_size, count - first);
    load_block(source, first, part, block);
    store_block(block, target, first, part, conversion);
  }
}

void numbers_to_text(DataType from, const void* source, std::string* target, std::int64_t count) {
  with_element(from, [=]<class E>() {
    for (std::int64_t i = 0; i < count; ++i) target[i] = E::text(source, i);
  });
}

template <class T>
T number_or_fail(std::optional<T> number, const std::string& text, DataType to) {
  if (!number) fail(ErrorCode::invalid_argument, "the string \"{}\" is no {}", text, name(to));
  return *number;
}

/// A real number goes through a double, as in numpy.
void text_to_numbers(const std::string* source, DataType to, void* target, std::int64_t count,
                     const Conversion& conversion) {
  with_element(to, [&]<class E>() {
    for (std::int64_t i = 0; i < count; ++i) {
      if constexpr (std::is_same_v<E, Bool>) {
        E::store(std::int64_t{number_or_fail(parse_bool(source[i]), source[i], to)}, target, i, conversion);
      } else if constexpr (std::is_same_v<typename E::Wide, double>) {
        E::store(number_or_fail(parse_real(source[i]), source[i], to), target, i, conversion);
      } else {
        E::store(number_or_fail(parse_integer(source[i]), source[i], to), target, i, conversion);
      }
    }
  });
}

}  // namespace

void convert(DataType from, const void* source, DataType to, void* target, std::int64_t count,
             const Conversion& conversion) {
  const auto* strings = static_cast<const std::string*>(source);
  // The bits after the last element of a packed type are zero.
  if (bits(to) < 8 && count > 0)
    static_cast<std::uint8_t*>(target)[(count - 1) * static_cast<std::int64_t>(bits(to)) / 8] = 0;
  if (from == DataType::string && to == DataType::string) {
    std::copy(strings, strings + count, static_cast<std::string*>(target));
  } else if (from == DataType::string) {
    text_to_numbers(strings, to, target, count, conversion);
  } else if (to == DataType::string) {
    numbers_to_text(from, source, static_cast<std::string*>(target), count);
  } else {
    convert_numbers(from, source, to, target, count, conversion);
  }
}

}  // namespace ranvier

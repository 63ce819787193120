#include "runtime/core/data_type.h"

#include <bit>

namespace ranvier {
namespace {

struct TypeRow {
  std::string_view name;
  std::size_t bits;
};

constexpr TypeRow rows[data_type_count] = {
    {"undefined", 0},      {"float", 32},     {"uint8", 8},
    {"int8", 8},           {"uint16", 16},    {"int16", 16},
    {"int32", 32},         {"int64", 64},     {"string", 8 * sizeof(std::string)},
    {"bool", 8},           {"float16", 16},   {"double", 64},
    {"uint32", 32},        {"uint64", 64},    {"complex64", 64},
    {"complex128", 128},   {"bfloat16", 16},  {"float8e4m3fn", 8},
    {"float8e4m3fnuz", 8}, {"float8e5m2", 8}, {"float8e5m2fnuz", 8},
    {"uint4", 4},          {"int4", 4},       {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},      {"int2", 2},
};

}  // namespace

std::string_view name(DataType type) {
  const auto index = static_cast<std::size_t>(type);
  return index < data_type_count ? rows[index].name : "unknown";
}

std::size_t bits(DataType type) {
  const auto index = static_cast<std::size_t>(type);
  return index < data_type_count ? rows[index].bits : 0;
}

std::string to_string(TypeSet set) {
  std::string text;
  for (int i = 1; i < data_type_count; ++i) {
    if (!set.contains(static_cast<DataType>(i))) continue;
    if (!text.empty()) text += ", ";
    text += rows[i].name;
  }
  return text;
}

DataType data_type_named(std::string_view name) {
  for (int i = 1; i < data_type_count; ++i)
    if (rows[i].name == name) return static_cast<DataType>(i);
  return DataType::undefined;
}

Float16::Float16(float value) {
  const auto word = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(word >> 16 & 0x8000);
  const std::uint32_t magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    bits = sign | 0x7e00 | static_cast<std::uint16_t>(magnitude >> 13 & 0x3ff);  // NaN keeps its upper payload
  } else if (magnitude >= 0x477ff000) {
    bits = sign | 0x7c00;  // from half-way to 2^16 on: infinity
  } else if (magnitude >= 0x38800000) {
    const std::uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    bits = sign | static_cast<std::uint16_t>((rounded - 0x38000000) >> 13);
  } else {
    // Subnormal: adding 0.5 aligns the fraction so that the float unit itself rounds to nearest even.
    const float aligned = std::bit_cast<float>(magnitude) + 0.5f;
    bits = sign | static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(aligned) - 0x3f000000);
  }
}

Float16::operator float() const {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = bits >> 10 & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000 | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

BFloat16::BFloat16(float value) {
  const auto word = std::bit_cast<std::uint32_t>(value);
  if ((word & 0x7fffffff) > 0x7f800000) {
    bits = static_cast<std::uint16_t>(word >> 16 | 0x40);  // NaN stays one
  } else {
    bits = static_cast<std::uint16_t>((word + 0x7fff + (word >> 16 & 1)) >> 16);
  }
}

BFloat16::operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

}  // namespace ranvier

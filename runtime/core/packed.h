// Elements of 2 and 4 bits, which share bytes: the first element in the lowest bits, as ONNX packs them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ranvier {

/// The `Bits` bits of element `i`, zero-extended.
template <unsigned Bits>
unsigned read_packed(const void* data, std::int64_t i) {
  static_assert(Bits == 2 || Bits == 4);
  constexpr std::int64_t per_byte = 8 / Bits;
  const unsigned byte = static_cast<const std::uint8_t*>(data)[i / per_byte];
  return byte >> i % per_byte * Bits & ((1u << Bits) - 1);
}

/// Sets element `i` to the low `Bits` bits of `value`; its neighbours stay. Not for two threads in one byte.
template <unsigned Bits>
void write_packed(void* data, std::int64_t i, unsigned value) {
  static_assert(Bits == 2 || Bits == 4);
  constexpr std::int64_t per_byte = 8 / Bits;
  constexpr unsigned mask = (1u << Bits) - 1;
  std::uint8_t& byte = static_cast<std::uint8_t*>(data)[i / per_byte];
  const auto shift = static_cast<unsigned>(i % per_byte * Bits);
  byte = static_cast<std::uint8_t>((byte & ~(mask << shift)) | (value & mask) << shift);
}

/// The low `Bits` bits of `value` as a two's complement number.
template <unsigned Bits>
int sign_extended(unsigned value) {
  constexpr int sign = 1 << (Bits - 1);
  return (static_cast<int>(value & ((1u << Bits) - 1)) ^ sign) - sign;
}

}  // namespace ranvier

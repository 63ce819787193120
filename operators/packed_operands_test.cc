#include "operators/packed_operands.h"

#include <gtest/gtest.h>

#include "runtime/core/arena.h"

namespace ranvier::operators {
namespace {

/// Adds input 1, a byte, to every element of input 0, by way of the scratch memory.
Kernel add_byte(const Spec& spec) {
  EXPECT_EQ(spec.input(0).type, DataType::uint8);
  EXPECT_EQ(spec.output(0).type, DataType::uint8);
  const std::int64_t count = spec.input(0).shape.elements();
  const auto run = [=](const Buffers& buffers) {
    auto* sums = reinterpret_cast<std::uint8_t*>(buffers.scratch);
    for (std::int64_t i = 0; i < count; ++i)
      sums[i] = static_cast<std::uint8_t>(buffers.input<std::uint8_t>(0)[i] + *buffers.input<std::uint8_t>(1));
    std::copy_n(sums, count, buffers.output<std::uint8_t>(0));
  };
  return {run, static_cast<std::size_t>(count)};
}

std::vector<int> bytes_plus(DataType type, std::int64_t count, const std::vector<std::uint8_t>& bytes,
                            std::uint8_t addend) {
  const graph::Node node{.inputs = {0, 1}, .outputs = {2}};
  Spec spec(node, {{type, {count}, nullptr}, {DataType::uint8, {}, nullptr}});
  spec.set_output(0, type, {count});
  const Kernel kernel = prepare_unpacked(spec, add_byte);
  const AlignedBuffer scratch(kernel.scratch_bytes);
  std::vector<std::uint8_t> out(bytes.size(), 0xff);
  const void* inputs[] = {bytes.data(), &addend};
  void* outputs[] = {out.data()};
  kernel.run({inputs, outputs, scratch.data()});
  return {out.begin(), out.end()};
}

TEST(PackedOperands, AreBytesToTheKernel) {
  EXPECT_EQ(bytes_plus(DataType::uint8, 2, {0x21, 0xf3}, 1), (std::vector<int>{0x22, 0xf4}));
  EXPECT_EQ(bytes_plus(DataType::int4, 3, {0x21, 0x03}, 1), (std::vector<int>{0x32, 0x04}));
  EXPECT_EQ(bytes_plus(DataType::uint2, 5, {0b01'10'00'01, 0b10}, 1), (std::vector<int>{0b10'11'01'10, 0b11}));
}

TEST(PackedOperands, KeepTheirBitsOfAResultAndLeaveTheRestZero) {
  EXPECT_EQ(bytes_plus(DataType::float4e2m1, 1, {0x0f}, 2), std::vector<int>{0x01});
  EXPECT_EQ(bytes_plus(DataType::int2, 2, {0b0011}, 1), std::vector<int>{0b0100});
}

TEST(PackedOperands, MayBeEmpty) { EXPECT_EQ(bytes_plus(DataType::int4, 0, {}, 1), std::vector<int>()); }

}  // namespace
}  // namespace ranvier::operators

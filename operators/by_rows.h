// Kernels that compute one row after the other: they share the rows out among threads, and may be given some of them.
//
//     return by_rows(spec, {.count = rows, .nanoseconds = 0.3 * elements},
//                    [=](const Buffers& buffers, std::size_t count) noexcept { ... });
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include "operators/operator.h"
#include "operators/parallel.h"

namespace ranvier::operators {

/// Elements that pieces of single elements begin at multiples of: whole cache lines, so that no two threads write one.
inline constexpr std::size_t elements_together = 64;

/// How far it is from one row of an operand to the next, in bytes.
class RowStrides {
 public:
  /// More operands than these have no rows.
  static constexpr std::size_t most_operands = 8;

  /// Nothing where the operands cannot be cut into the rows.
  static std::optional<RowStrides> of(const Spec& spec, const Rows& rows);

  /// The addresses of the operands from one row on.
  struct Operands {
    std::array<const void*, most_operands> inputs{};
    std::array<void*, most_operands> outputs{};
    Buffers buffers(std::byte* scratch) const { return {inputs.data(), outputs.data(), scratch}; }
  };
  Operands from(const Buffers& buffers, std::size_t row) const {
    Operands at;
    for (std::size_t i = 0; i < input_count_; ++i)
      at.inputs[i] = buffers.inputs[i] == nullptr ? nullptr : buffers.input<std::byte>(i) + row * inputs_[i];
    for (std::size_t i = 0; i < output_count_; ++i) at.outputs[i] = buffers.output<std::byte>(i) + row * outputs_[i];
    return at;
  }

 private:
  std::array<std::size_t, most_operands> inputs_{};  // 0 for what has no rows
  std::array<std::size_t, most_operands> outputs_{};
  std::size_t input_count_ = 0, output_count_ = 0;
};

/// The kernel that calls function(buffers, count), which must be noexcept, for all rows, or for pieces of them where
/// others help. `rows.run` is left to be set here.
template <class Function>
Kernel by_rows(const Spec& spec, Rows rows, const Function& function) {
  static_assert(std::is_nothrow_invocable_v<const Function&, const Buffers&, std::size_t>, "a worker cannot throw");
  const std::size_t count = rows.count;
  const std::optional<RowStrides> strides = RowStrides::of(spec, rows);
  if (!strides) return {[=](const Buffers& buffers) { function(buffers, count); }, rows.scratch_bytes};
  const std::size_t pieces = (count + rows.together - 1) / rows.together;
  const Parts parts = parts_for(spec.settings(), rows.nanoseconds).at_most(pieces);
  rows.run = function;
  const std::size_t scratch = rows.scratch_bytes;
  if (parts.count <= 1) return {[=](const Buffers& buffers) { function(buffers, count); }, scratch, std::move(rows)};
  const auto run = [=, by = *strides, apart = rows.apart, pool = spec.settings().pool](const Buffers& buffers) {
    const std::size_t units = (count + apart - 1) / apart;
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const std::size_t first = units * part / parts.count * apart;
      const std::size_t last = std::min(count, units * (part + 1) / parts.count * apart);
      function(by.from(buffers, first).buffers(buffers.scratch + part * scratch), last - first);
    });
  };
  return {run, parts.count * scratch, std::move(rows)};
}

}  // namespace ranvier::operators

#include "operators/normalization/rows.h"

#include "operators/activation/float_only.h"
#include "operators/by_rows.h"
#include "operators/normalization/standardization.h"
#include "runtime/core/convert.h"

namespace ranvier::operators {
namespace {

struct RowSizes {
  std::int64_t count, size;
};

RowSizes sizes_of(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", -1), x.rank());
  return {product(x, 0, axis), product(x, axis, x.rank())};
}

/// Whether the operand has one element for each of a row's.
bool is_row(const Shape& shape, const Shape& x, std::int64_t size) {
  if (shape.elements() != size || shape.rank() > x.rank()) return false;
  std::int64_t seen = 1;
  for (std::size_t back = 1; back <= shape.rank(); ++back) {
    const std::int64_t expected = seen < size ? x[x.rank() - back] : 1;
    if (shape[shape.rank() - back] != expected) return false;
    seen *= expected;
  }
  return true;
}

}  // namespace

Epilogue normalization_epilogue(const Spec& spec) {
  return spec.node().domain.empty() ? Epilogue{} : epilogue_in(spec.node());
}

std::optional<std::string> rows_refusal(const Spec& spec) {
  if (auto reason = refusal_unless_float(spec)) return reason;
  if (spec.output(1).present() || spec.output(2).present()) return "an output that is not the normalized rows";
  const Shape& x = spec.input(0).shape;
  const RowSizes rows = sizes_of(spec);
  if (rows.count * rows.size == 0) return "no elements";
  for (const std::size_t i : {1, 2}) {
    if (!spec.input(i).present()) continue;
    if (spec.input(i).type != DataType::float32) return "an operand that is not float";
    if (!is_row(spec.input(i).shape, x, rows.size))
      return fmt::format("input {} of shape {} has not one element for each of the {} of a row", i,
                         to_string(spec.input(i).shape), rows.size);
  }
  if (const char* reason = refusal(normalization_epilogue(spec))) return reason;
  return std::nullopt;
}

Kernel normalize_rows(const Spec& spec, RowNormalization RowNormalizations::*kernel) {
  const RowSizes rows = sizes_of(spec);
  const auto size = static_cast<std::size_t>(rows.size);
  return by_rows(
      spec,
      {.count = static_cast<std::size_t>(rows.count), .nanoseconds = 0.3 * static_cast<double>(rows.count * rows.size)},
      [=, normalize = row_normalizations().*kernel, activated = Activated(normalization_epilogue(spec), size),
       has_bias = spec.input(2).present(),
       epsilon = double{spec.node().get<float>("epsilon", 1e-5f)}](const Buffers& buffers, std::size_t count) noexcept {
        const float* scale = buffers.input<float>(1);
        const float* bias = has_bias ? buffers.input<float>(2) : nullptr;
        for (std::size_t row = 0; row < count; ++row) {
          float* y = buffers.output<float>(0) + row * size;
          normalize(buffers.input<float>(0) + row * size, scale, bias, y, size, epsilon);
          activated(y, size);
        }
      });
}

Kernel followed_by_activation(Kernel kernel, const Spec& spec) {
  const Epilogue epilogue = normalization_epilogue(spec);
  if (!spec.node().has("activation") || spec.node().domain.empty()) return kernel;
  const RowSizes rows = sizes_of(spec);
  const std::size_t before = kernel.scratch_bytes;
  const auto run = [=, first = std::move(kernel.run), type = spec.output(0).type](const Buffers& buffers) {
    first(buffers);
    auto* row = reinterpret_cast<double*>(buffers.scratch + before);
    const std::size_t row_bytes = bits(type) / 8 * static_cast<std::size_t>(rows.size);
    for (std::int64_t i = 0; i < rows.count; ++i) {
      std::byte* y = buffers.output<std::byte>(0) + static_cast<std::size_t>(i) * row_bytes;
      convert(type, y, DataType::float64, row, rows.size);
      apply_reference(epilogue, {row, static_cast<std::size_t>(rows.size)});
      convert(DataType::float64, row, type, y, rows.size);
    }
  };
  return {run, before + byte_size(DataType::float64, {rows.size})};
}

}  // namespace ranvier::operators

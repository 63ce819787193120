#include "operators/convolution/windows.h"

#include <algorithm>

#include "ranvier/error.h"
#include "runtime/core/data_type.h"
#include "runtime/core/error.h"

namespace ranvier::operators {
namespace {

/// Large enough for any tensor, small enough that sums and products of two do not overflow.
constexpr std::int64_t most = std::int64_t{1} << 31;

/// Sets the pads so that there are as many windows as strides fit into the input; an odd one goes to the end, or to
/// the beginning.
void pad_to_same(Windows& windows, bool odd_one_first) {
  for (std::size_t d = 0; d < windows.size.rank(); ++d) {
    const std::int64_t size = windows.size[d], stride = windows.strides[d];
    windows.output[d] = (size + stride - 1) / stride;
    const std::int64_t reach = (windows.kernel[d] - 1) * windows.dilations[d] + 1;
    const std::int64_t pad = std::max<std::int64_t>(0, (windows.output[d] - 1) * stride + reach - size);
    windows.before[d] = odd_one_first ? (pad + 1) / 2 : pad / 2;
    windows.after[d] = pad - windows.before[d];
  }
}

/// As many windows as fit; rounded up, those also that reach beyond the end but begin before it.
void count_windows(Windows& windows, bool round_up) {
  for (std::size_t d = 0; d < windows.size.rank(); ++d) {
    const std::int64_t stride = windows.strides[d];
    const std::int64_t reach = (windows.kernel[d] - 1) * windows.dilations[d] + 1;
    const std::int64_t free = windows.size[d] + windows.before[d] + windows.after[d] - reach;
    if (free < 0)
      fail(ErrorCode::invalid_argument,
           "dimension {} of size {}, padded by {} and {}, is smaller than a window, which reaches over {}", d + 2,
           windows.size[d], windows.before[d], windows.after[d], reach);
    std::int64_t& count = windows.output[d];
    count = (round_up ? (free + stride - 1) / stride : free / stride) + 1;
    if (round_up && (count - 1) * stride >= windows.size[d] + windows.before[d]) --count;
  }
}

}  // namespace

Shape numbers_in(const Spec& spec, std::string_view attribute, std::size_t count, std::int64_t least,
                 std::int64_t otherwise) {
  const auto* given = spec.node().find<std::vector<std::int64_t>>(attribute);
  if (given == nullptr) return Shape(std::vector<std::int64_t>(count, otherwise));
  if (given->size() != count)
    fail(ErrorCode::invalid_model, "attribute '{}' has {} elements, expected {}", attribute, given->size(), count);
  for (const std::int64_t number : *given)
    if (number < least || number >= most)
      fail(ErrorCode::invalid_model, "attribute '{}' has the element {}, expected {} to {}", attribute, number, least,
           most - 1);
  return Shape(*given);
}

Windows windows_in(const Spec& spec, const Shape& kernel) {
  const graph::Node& node = spec.node();
  const Shape& x = spec.input(0).shape;
  const std::size_t rank = x.rank() - 2;
  Windows windows;
  windows.size = Shape(std::span(x.begin() + 2, rank));
  windows.kernel = kernel;
  for (std::size_t d = 0; d < rank; ++d)
    if (windows.size[d] >= most || kernel[d] < 1 || kernel[d] >= most)
      fail(ErrorCode::invalid_argument, "windows of {} over {}: expected sizes below {}, and windows of 1 at least",
           to_string(kernel), to_string(windows.size), most);
  windows.strides = numbers_in(spec, "strides", rank, 1, 1);
  windows.dilations = numbers_in(spec, "dilations", rank, 1, 1);
  const Shape pads = numbers_in(spec, "pads", 2 * rank, 0, 0);
  windows.before = Shape(std::span(pads.begin(), rank));
  windows.after = Shape(std::span(pads.begin() + rank, rank));
  windows.output = windows.size;
  const auto how = node.get<std::string>("auto_pad", "NOTSET");
  if (how == "SAME_UPPER" || how == "SAME_LOWER") {
    pad_to_same(windows, how == "SAME_LOWER");
  } else if (how == "NOTSET" || how == "VALID") {
    if (how == "VALID") windows.before = windows.after = Shape(std::vector<std::int64_t>(rank, 0));
    count_windows(windows, node.get<std::int64_t>("ceil_mode", 0) != 0);
  } else {
    fail(ErrorCode::invalid_model, "attribute 'auto_pad' is '{}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER",
         how);
  }
  return windows;
}

std::size_t tap_bytes(const Windows& windows) {
  static_assert(sizeof(Tap) == 2 * sizeof(std::int64_t));
  Shape most_taps = {2};  // whatever the size of windows
  for (std::size_t d = 0; d < windows.size.rank(); ++d)
    most_taps.push_back(std::min(windows.kernel[d], windows.size[d]));
  return byte_size(DataType::int64, most_taps);
}

void check_ranks(const Shape& x, const Shape& weights) {
  if (x.rank() < 3 || weights.rank() != x.rank())
    fail(ErrorCode::invalid_argument,
         "inputs 0 and 1 have shapes {} and {}, expected a batch, channels and what windows slide over, and weights of "
         "as many dimensions",
         to_string(x), to_string(weights));
}

Shape kernel_of(const Spec& spec, const Shape& weights) {
  const Shape kernel(std::span(weights.begin() + 2, weights.end()));
  if (const auto* given = spec.node().find<std::vector<std::int64_t>>("kernel_shape"); given && Shape(*given) != kernel)
    fail(ErrorCode::invalid_model, "attribute 'kernel_shape' is {}, but the weights have {}", to_string(Shape(*given)),
         to_string(kernel));
  return kernel;
}

Shape kernel_shape_in(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  if (x.rank() < 3)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected a batch, channels and what windows slide over",
         to_string(x));
  const auto& kernel = spec.node().required<std::vector<std::int64_t>>("kernel_shape");
  if (kernel.size() != x.rank() - 2)
    fail(ErrorCode::invalid_model, "attribute 'kernel_shape' has {} elements, expected {}", kernel.size(),
         x.rank() - 2);
  return Shape(kernel);
}

}  // namespace ranvier::operators

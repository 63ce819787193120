// Slice: ranges of elements along axes.
// https://onnx.ai/onnx/operators/onnx__Slice.html
#include <algorithm>
#include <limits>
#include <numeric>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

using Numbers = std::vector<std::int64_t>;

/// The elements start, start + step, ... of one axis.
struct Range {
  std::int64_t start = 0;
  std::int64_t count = 0;
  std::int64_t step = 1;
};

/// Negative ends count from the end; then both are clamped to what exists.
Range resolved(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t size) {
  if (step == 0) fail(ErrorCode::invalid_argument, "a step is 0");
  step = std::max(step, -std::numeric_limits<std::int64_t>::max());
  if (start < 0) start += size;
  if (end < 0) end += size;
  std::int64_t count = 0;
  if (step > 0) {
    start = std::clamp<std::int64_t>(start, 0, size);
    end = std::clamp<std::int64_t>(end, 0, size);
    if (start < end) count = (end - start - 1) / step + 1;
  } else if (size > 0) {
    start = std::clamp<std::int64_t>(start, 0, size - 1);
    end = std::clamp<std::int64_t>(end, -1, size - 1);
    if (start > end) count = (start - end - 1) / -step + 1;
  }
  return {start, count, count > 1 ? step : 1};
}

/// What is asked for along some axes; the others stay whole. No axes: the first ones. No steps: 1.
struct Request {
  Numbers starts;
  Numbers ends;
  std::optional<Numbers> axes;
  std::optional<Numbers> steps;
};

Request from_attributes(const Spec& spec) {
  Request request{spec.node().required<Numbers>("starts"), spec.node().required<Numbers>("ends"), {}, {}};
  if (const Numbers* axes = spec.node().find<Numbers>("axes")) request.axes = *axes;
  return request;
}

Request from_inputs(const Spec& spec) {
  Request request{spec.integers(1), spec.integers(2), {}, {}};
  if (spec.input(3).present()) request.axes = spec.integers(3);
  if (spec.input(4).present()) request.steps = spec.integers(4);
  return request;
}

std::vector<Range> ranges(const Shape& shape, Request request) {
  const std::size_t count = request.starts.size();
  if (!request.axes) {
    request.axes.emplace(std::min(count, Shape::max_rank + 1));
    std::iota(request.axes->begin(), request.axes->end(), std::int64_t{0});
  }
  if (!request.steps) request.steps.emplace(count, 1);
  if (request.ends.size() != count || request.axes->size() != count || request.steps->size() != count)
    fail(ErrorCode::invalid_argument, "there are {} starts, {} ends, {} axes and {} steps, expected as many of each",
         count, request.ends.size(), request.axes->size(), request.steps->size());
  std::vector<Range> result;
  for (const std::int64_t dim : shape) result.push_back({0, dim, 1});
  const std::vector<std::size_t> axes = distinct_axes(*request.axes, shape.rank());
  for (std::size_t i = 0; i < count; ++i)
    result[axes[i]] = resolved(request.starts[i], request.ends[i], (*request.steps)[i], shape[axes[i]]);
  return result;
}

using RequestOf = Request (*)(const Spec&);

template <RequestOf request_of>
void infer(Spec& spec) {
  Shape shape;
  for (const Range& range : ranges(spec.input(0).shape, request_of(spec))) shape.push_back(range.count);
  spec.set_output(0, spec.input(0).type, shape);
}

template <RequestOf request_of>
Kernel reference(const Spec& spec) {
  const Shape& shape = spec.output(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::vector<Range> selected = ranges(spec.input(0).shape, request_of(spec));
  Shape from = row_major_strides(spec.input(0).shape);
  std::int64_t first = 0;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    first += selected[axis].start * from[axis];
    from[axis] *= selected[axis].step;
  }
  const StridedCopy copy(shape, from, row_major_strides(shape));
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { copy.run(buffers.input<T>(0) + first, buffers.output<T>(0)); }};
  });
}

template <RequestOf request_of>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<request_of>>}};

constexpr std::size_t values[] = {1, 2, 3, 4};

}  // namespace

extern const Operator slice_attributes = {.infer = infer<from_attributes>,
                                          .implementations = implementations<from_attributes>};

extern const Operator slice = {.inputs = {3, 5},
                               .infer = infer<from_inputs>,
                               .implementations = implementations<from_inputs>,
                               .value_inputs = values};

}  // namespace ranvier::operators

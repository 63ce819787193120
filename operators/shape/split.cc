// Split: parts of a tensor along an axis. What says how long each part is has changed with the opsets.
// https://onnx.ai/onnx/operators/onnx__Split.html
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

using Sizes = std::vector<std::int64_t>;

std::size_t axis_of(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", 0), spec.input(0).shape.rank());
}

Sizes equal_parts(std::int64_t size, std::size_t count) {
  const auto parts = static_cast<std::int64_t>(count);
  if (size % parts != 0) fail(ErrorCode::invalid_argument, "size {} does not split into {} equal parts", size, parts);
  return Sizes(count, size / parts);
}

/// All parts are as long as the first, but for the last, where the size is no multiple of their number.
Sizes uneven_parts(std::int64_t size, std::size_t count) {
  const auto parts = static_cast<std::int64_t>(count);
  const std::int64_t longest = size / parts + (size % parts != 0 ? 1 : 0);
  Sizes sizes;
  for (std::size_t i = 0; i < count; ++i) {
    sizes.push_back(std::min(longest, size));
    size -= sizes.back();
  }
  return sizes;
}

/// Opset 2: the attribute, or equal parts.
Sizes attribute_or_equal(const Spec& spec) {
  if (const auto* sizes = spec.node().find<Sizes>("split")) return *sizes;
  return equal_parts(spec.input(0).shape[axis_of(spec)], spec.output_count());
}

/// Opset 1: the second input too may hold the sizes, as numbers of the first one's type.
Sizes attribute_or_numbers(const Spec& spec) {
  return spec.input(1).present() ? whole_numbers(spec, 1) : attribute_or_equal(spec);
}

/// Opset 13: the second input, or equal parts.
Sizes input_or_equal(const Spec& spec) {
  if (spec.input(1).present()) return spec.integers(1);
  return equal_parts(spec.input(0).shape[axis_of(spec)], spec.output_count());
}

/// Opset 18: the second input, or the number of parts.
Sizes input_or_count(const Spec& spec) {
  const auto* count = spec.node().find<std::int64_t>("num_outputs");
  if (count != nullptr && spec.input(1).present())
    fail(ErrorCode::invalid_model, "both attribute 'num_outputs' and input 1 say how to split");
  if (count == nullptr && !spec.input(1).present())
    fail(ErrorCode::invalid_model, "neither attribute 'num_outputs' nor input 1 says how to split");
  if (count != nullptr && *count != static_cast<std::int64_t>(spec.output_count()))
    fail(ErrorCode::invalid_model, "attribute 'num_outputs' is {}, the node has {} outputs", *count,
         spec.output_count());
  if (spec.input(1).present()) return spec.integers(1);
  return uneven_parts(spec.input(0).shape[axis_of(spec)], spec.output_count());
}

using SizesOf = Sizes (*)(const Spec&);

template <SizesOf sizes_of>
void infer(Spec& spec) {
  const std::size_t axis = axis_of(spec);
  const Sizes sizes = sizes_of(spec);
  const Shape& from = spec.input(0).shape;
  if (sizes.size() != spec.output_count())
    fail(ErrorCode::invalid_model, "the split has {} sizes, the node {} outputs", sizes.size(), spec.output_count());
  std::int64_t left = from[axis];
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0 || sizes[i] > left || (i + 1 == sizes.size() && sizes[i] != left))
      fail(ErrorCode::invalid_argument, "the sizes [{}] do not add up to axis {} of an input of shape {}",
           fmt::join(sizes, ", "), axis, to_string(from));
    left -= sizes[i];
    Shape shape = from;
    shape[axis] = sizes[i];
    spec.set_output(i, spec.input(0).type, shape);
  }
}

/// The elements of one output, and where they start in the input.
struct Part {
  std::size_t output = 0;
  std::int64_t offset = 0;
  StridedCopy copy;
};

template <SizesOf sizes_of>
Kernel reference(const Spec& spec) {
  const std::size_t axis = axis_of(spec);
  const Sizes sizes = sizes_of(spec);
  const Shape from = row_major_strides(spec.input(0).shape);
  std::vector<Part> parts;
  std::int64_t start = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Shape& shape = spec.output(i).shape;
    if (spec.output(i).present() && shape.elements() != 0)
      parts.push_back({i, start * from[axis], StridedCopy(shape, from, row_major_strides(shape))});
    start += sizes[i];
  }
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      for (const Part& part : parts) part.copy.run(buffers.input<T>(0) + part.offset, buffers.output<T>(part.output));
    }};
  });
}

template <SizesOf sizes_of>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<sizes_of>>}};

constexpr std::size_t values[] = {1};

template <SizesOf sizes_of>
constexpr Operator with_attribute = {
    .outputs = {1, any_number}, .infer = infer<sizes_of>, .implementations = implementations<sizes_of>};

template <SizesOf sizes_of>
constexpr Operator with_input = {.inputs = {1, 2},
                                 .outputs = {1, any_number},
                                 .infer = infer<sizes_of>,
                                 .implementations = implementations<sizes_of>,
                                 .value_inputs = values};

}  // namespace

extern const Operator split_attribute_or_numbers = with_input<attribute_or_numbers>;
extern const Operator split_attribute = with_attribute<attribute_or_equal>;
extern const Operator split_input = with_input<input_or_equal>;
extern const Operator split_count = with_input<input_or_count>;

}  // namespace ranvier::operators

// Einsum: sums of products over indices, as numpy.einsum.
// https://onnx.ai/onnx/operators/onnx__Einsum.html
#include <algorithm>

#include "operators/matmul/einsum_product.h"
#include "operators/matmul/product.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) {
  const DataType type = spec.input(0).type;
  for (std::size_t i = 1; i < spec.input_count(); ++i)
    if (spec.input(i).type != type)
      fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i, name(type),
           name(spec.input(i).type));
  spec.set_output(0, type, einsum_of(spec).output_shape());
}

/// Nested loops over some of the indices, the last the innermost, and where they lead in each input.
class Loops {
 public:
  Loops(const Einsum& einsum, std::span<const std::size_t> indices, std::span<const Shape> shapes)
      : inputs_(shapes.size()) {
    for (const std::size_t index : indices) {
      extents_.push_back(einsum.sizes[index]);
      for (std::size_t i = 0; i < inputs_; ++i) steps_.push_back(step(einsum.inputs[i], index, shapes[i]));
    }
  }

  std::size_t depth() const { return extents_.size(); }

  /// Moves `offsets`, one for each input, to the next turn; false after the last, where all is as before the first.
  bool next(std::int64_t* counters, std::int64_t* offsets) const {
    for (std::size_t loop = depth(); loop-- > 0;) {
      const bool again = ++counters[loop] < extents_[loop];
      const std::int64_t turns = again ? 1 : 1 - extents_[loop];
      for (std::size_t i = 0; i < inputs_; ++i) offsets[i] += steps_[loop * inputs_ + i] * turns;
      if (again) return true;
      counters[loop] = 0;
    }
    return false;
  }

 private:
  /// Elements from one value of the index to the next; a diagonal steps along several dimensions at once.
  static std::int64_t step(const Einsum::Indices& term, std::size_t index, const Shape& shape) {
    const Shape strides = row_major_strides(shape);
    std::int64_t sum = 0;
    for (std::size_t axis = 0; axis < term.size(); ++axis)
      if (term[axis] == index && shape[axis] != 1) sum += strides[axis];
    return sum;
  }

  std::size_t inputs_;
  std::vector<std::int64_t> extents_;
  std::vector<std::int64_t> steps_;
};

using EinsumTypes = Joined<Types<float, double, Float16>, IntegerTypes>;

/// For each element of the output, the sum over all other indices of the products of the inputs' elements.
Kernel reference(const Spec& spec) {
  const Einsum einsum = einsum_of(spec);
  const std::int64_t elements = spec.output(0).shape.elements();
  const std::vector<Shape> shapes = input_shapes(spec);
  Einsum::Indices summed;
  bool empty = false;
  for (std::size_t index = 0; index < einsum.sizes.size(); ++index) {
    if (std::ranges::find(einsum.output, index) != einsum.output.end()) continue;
    summed.push_back(index);
    empty = empty || einsum.sizes[index] == 0;
  }
  const Loops outer(einsum, einsum.output, shapes), inner(einsum, summed, shapes);
  const std::size_t inputs = shapes.size(), integers = inputs + outer.depth() + inner.depth();
  return dispatch<EinsumTypes>(spec.output(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* offsets = reinterpret_cast<std::int64_t*>(buffers.scratch);
      std::fill_n(offsets, integers, 0);
      std::int64_t* outer_counters = offsets + inputs;
      std::int64_t* inner_counters = outer_counters + outer.depth();
      T* to = buffers.output<T>(0);
      for (std::int64_t element = 0; element < elements; ++element) {
        Sum<T> sum = 0;
        for (bool more = !empty; more; more = inner.next(inner_counters, offsets)) {
          Sum<T> product = to_sum(buffers.input<T>(0)[offsets[0]]);
          for (std::size_t i = 1; i < inputs; ++i) product *= to_sum(buffers.input<T>(i)[offsets[i]]);
          sum += product;
        }
        to[element] = from_sum<T>(sum);
        outer.next(outer_counters, offsets);
      }
    };
    return {run, integers * sizeof(std::int64_t)};
  });
}

constexpr Implementation implementations[] = {
    {.name = "onednn", .refusal = einsum_product_refusal, .prepare = einsum_product},
    {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator einsum = {
    .inputs = {1, any_number}, .types = EinsumTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators

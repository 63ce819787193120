#include "operators/matmul/einsum_product.h"

#include <algorithm>

#include "operators/matmul/product.h"
#include "runtime/core/arena.h"

namespace ranvier::operators {

std::vector<Shape> input_shapes(const Spec& spec) {
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < spec.input_count(); ++i) shapes.push_back(spec.input(i).shape);
  return shapes;
}

Einsum einsum_of(const Spec& spec) {
  return parse_einsum(spec.node().required<std::string>("equation"), input_shapes(spec));
}

namespace {

using Indices = Einsum::Indices;

bool has(const Indices& indices, std::size_t index) { return std::ranges::find(indices, index) != indices.end(); }

Indices joined(std::initializer_list<Indices> parts) {
  Indices all;
  for (const Indices& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// The roles of the indices in [batch, left, inner] x [batch, inner, right] = [batch, left, right]. Dimensions of size
/// 1 play none.
struct Roles {
  Indices terms[2];  ///< Of the input that is multiplied from the left, and of the other.
  Indices output;
  Indices batch, left, right, inner;
  bool swapped = false;  ///< The node's second input is the left one.
  std::string refusal;   ///< Why there are no such roles; empty where there are.
};

Indices without_ones(const Indices& term, const Shape& shape) {
  Indices result;
  for (std::size_t axis = 0; axis < term.size(); ++axis)
    if (shape[axis] != 1) result.push_back(term[axis]);
  return result;
}

Roles roles(const Einsum& einsum, const Shape& first, const Shape& second) {
  Roles result;
  result.terms[0] = without_ones(einsum.inputs[0], first);
  result.terms[1] = without_ones(einsum.inputs[1], second);
  result.output = without_ones(einsum.output, einsum.output_shape());
  for (std::size_t i = 0; i < 2; ++i)
    for (const std::size_t index : result.terms[i]) {
      if (std::ranges::count(result.terms[i], index) > 1)
        result.refusal = fmt::format("index '{}' occurs twice in the term of input {}", einsum.names[index], i);
      if (!has(result.terms[1 - i], index) && !has(result.output, index))
        result.refusal = fmt::format("index '{}' of input {} is summed alone", einsum.names[index], i);
    }
  const auto in_both = [&](std::size_t index) { return has(result.terms[0], index) && has(result.terms[1], index); };
  for (const std::size_t index : result.output) {
    if (in_both(index)) {
      result.batch.push_back(index);
      continue;
    }
    // The output's first index that is not of the batch belongs to the left operand.
    if (result.left.empty() && !result.swapped && has(result.terms[1], index)) {
      std::swap(result.terms[0], result.terms[1]);
      result.swapped = true;
    }
    (has(result.terms[0], index) ? result.left : result.right).push_back(index);
  }
  for (const std::size_t index : result.terms[1])
    if (!has(result.output, index)) result.inner.push_back(index);
  return result;
}

/// Copies a tensor's elements in another order of its dimensions.
class Permutation {
 public:
  /// From dense elements over the indices `from` to dense elements over the same indices in the order of `to`.
  Permutation(const Einsum& einsum, const Indices& from, const Indices& to) {
    Shape shape;
    for (const std::size_t index : from) shape.push_back(einsum.sizes[index]);
    const Shape strides = row_major_strides(shape);
    for (const std::size_t index : to) {
      extents_.push_back(einsum.sizes[index]);
      strides_.push_back(strides[static_cast<std::size_t>(std::ranges::find(from, index) - from.begin())]);
    }
  }

  std::size_t bytes() const { return byte_size(DataType::float32, extents_); }
  void run(const float* from, float* to) const { copy(0, from, to); }

 private:
  float* copy(std::size_t axis, const float* from, float* to) const {
    if (axis == extents_.rank()) {
      *to = *from;
      return to + 1;
    }
    if (axis + 1 == extents_.rank()) {
      for (std::int64_t i = 0; i < extents_[axis]; ++i) to[i] = from[i * strides_[axis]];
      return to + extents_[axis];
    }
    for (std::int64_t i = 0; i < extents_[axis]; ++i) to = copy(axis + 1, from + i * strides_[axis], to);
    return to;
  }

  Shape extents_;
  Shape strides_;
};

/// A place in a kernel's scratch memory for a copy, where one is needed.
struct Copy {
  std::optional<Permutation> permutation;
  std::size_t offset = 0;

  void place(std::size_t& scratch_bytes) {
    if (!permutation) return;
    offset = scratch_bytes;
    scratch_bytes += (permutation->bytes() + buffer_alignment - 1) / buffer_alignment * buffer_alignment;
  }
  float* at(std::byte* scratch) const { return reinterpret_cast<float*>(scratch + offset); }
  /// The operand as the product reads it.
  const float* read(const float* operand, std::byte* scratch) const {
    if (!permutation) return operand;
    permutation->run(operand, at(scratch));
    return at(scratch);
  }
};

}  // namespace

std::optional<std::string> einsum_product_refusal(const Spec& spec) {
  if (spec.input_count() != 2) return fmt::format("{} inputs; a product has 2", spec.input_count());
  if (auto refusal = product_refusal(spec)) return refusal;
  const Roles found = roles(einsum_of(spec), spec.input(0).shape, spec.input(1).shape);
  return found.refusal.empty() ? std::nullopt : std::optional(found.refusal);
}

Kernel einsum_product(const Spec& spec) {
  const Einsum einsum = einsum_of(spec);
  const Roles by = roles(einsum, spec.input(0).shape, spec.input(1).shape);
  const std::size_t left = by.swapped ? 1 : 0, right = 1 - left;
  const auto size = [&](const Indices& indices) {
    std::int64_t product = 1;
    for (const std::size_t index : indices) product *= einsum.sizes[index];
    return product;
  };
  onednn::MatMulProblem problem{
      .batch = size(by.batch), .rows = size(by.left), .inner = size(by.inner), .columns = size(by.right)};
  const Indices left_order = joined({by.batch, by.left, by.inner});
  const Indices right_order = joined({by.batch, by.inner, by.right});
  const Indices product_order = joined({by.batch, by.left, by.right});
  Copy source, weights, output;
  if (by.terms[0] != left_order) {
    problem.source_transposed = by.terms[0] == joined({by.batch, by.inner, by.left});
    if (!problem.source_transposed) source.permutation = Permutation(einsum, by.terms[0], left_order);
  }
  if (by.terms[1] != right_order) {
    problem.weights_transposed = by.terms[1] == joined({by.batch, by.right, by.inner});
    if (!problem.weights_transposed) weights.permutation = Permutation(einsum, by.terms[1], right_order);
  }
  if (by.output != product_order) output.permutation = Permutation(einsum, product_order, by.output);
  std::size_t scratch_bytes = 0;
  for (Copy* copy : {&source, &weights, &output}) copy->place(scratch_bytes);

  TensorInfo weights_info = spec.input(right);
  if (weights.permutation) weights_info.value = nullptr;
  const Product product(problem, weights_info, spec.settings());
  const auto run = [=](const Buffers& buffers) {
    float* result = output.permutation ? output.at(buffers.scratch) : buffers.output<float>(0);
    product.run(source.read(buffers.input<float>(left), buffers.scratch),
                weights.read(buffers.input<float>(right), buffers.scratch), nullptr, result,
                buffers.scratch + scratch_bytes);
    if (output.permutation) output.permutation->run(result, buffers.output<float>(0));
  };
  return {run, scratch_bytes + product.scratch_bytes()};
}

}  // namespace ranvier::operators

// What the normalizations share: the statistics of groups of elements, and (x - mean) * factor * scale + bias.
#pragma once

#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"
#include "operators/reduction/fold.h"

namespace ranvier::operators {

/// What the variance of a group is measured from: its mean, or zero.
enum class Center { mean, zero };

/// Means and variances of groups of elements, in double.
class Moments {
 public:
  /// For tensors of one of FloatTypes; a group extends along the axes `folded`.
  Moments(DataType type, const Shape& shape, const AxisSet& folded, Center center = Center::mean);

  std::int64_t groups() const { return layout_.groups(); }

  /// Writes both for every group, in row-major order of the axes that stay. The variance is the mean of the squared
  /// distances from the mean; with Center::zero, the mean counts as 0.
  void run(const void* in, double* means, double* variances) const;

 private:
  FoldLayout layout_;
  DataType type_;
  Center center_;
};

/// The shapes in which the operands of a normalization meet: they broadcast to that in which x is seen.
struct NormalizationShapes {
  Shape x;
  Shape statistics;
  Shape scale = {};
  Shape bias = {};
};

/// y = (x - mean) * factor * scale + bias in double, rounded once. x is input 0, scale and bias are inputs 1 and 2
/// where the node has them, y is output 0. Means and factors are computed by the caller, into the scratch memory.
class Normalizer {
 public:
  Normalizer(const Spec& spec, const NormalizationShapes& shapes);

  std::size_t scratch_bytes() const;
  double* means(const Buffers& buffers) const { return reinterpret_cast<double*>(buffers.scratch); }
  double* factors(const Buffers& buffers) const { return means(buffers) + statistics_; }

  void run(const Buffers& buffers) const;

 private:
  Broadcast<3> walk_;  // statistics, scale, bias
  std::int64_t statistics_;
  std::int64_t scales_;
  std::int64_t biases_;
  DataType x_type_, scale_type_, bias_type_, y_type_;
};

/// 1 / sqrt(variance + epsilon).
double reciprocal_deviation(double variance, double epsilon);

/// How a normalization by the input's own statistics differs from its siblings.
struct Standardization {
  Shape x;           ///< The shape in which input 0 is seen.
  AxisSet folded;    ///< The axes of it along which a group extends.
  Shape scale = {};  ///< See NormalizationShapes.
  Shape bias = {};   ///< See NormalizationShapes.
  double epsilon = 0;
  Center center = Center::mean;
  double (*factor)(double variance, double epsilon) = reciprocal_deviation;
};

/// The kernel; means and factors are outputs 1 and 2 where the node wants them.
Kernel standardize(const Spec& spec, const Standardization& how);

/// The axes from the attribute 'axis' on, by default the last one. @throws Error invalid_model for one out of range.
AxisSet row_axes(const Spec& spec);

/// The attribute 'stash_type': in which precision statistics are to be computed at least, by default float.
/// @throws Error invalid_model for another than the `allowed` ones.
DataType stash_type(const graph::Node& node, TypeSet allowed);

/// Checks that an optional input, a scale or a bias, broadcasts to input 0's shape. @throws Error invalid_argument.
void check_broadcasts_to_first(const Spec& spec, std::size_t input);

/// Checks that an input has one of FloatTypes. @throws Error invalid_model.
void check_real(const Spec& spec, std::size_t input);

/// Checks that an input has the type of input 0. @throws Error invalid_model.
void check_type_of_first(const Spec& spec, std::size_t input);

/// The shape [channels, 1, ..., 1] in which operands with an element for each channel (axis 1) broadcast to `x`; [1]
/// for an x that has only one axis.
Shape channel_shape(const Shape& x);

}  // namespace ranvier::operators

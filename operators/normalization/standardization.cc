#include "operators/normalization/standardization.h"

#include <algorithm>
#include <cmath>

#include "operators/reduction/members.h"
#include "runtime/core/convert.h"

namespace ranvier::operators {
namespace {

/// The sum of the squared distances from each group's mean.
template <class T>
struct SquaredDistance : reduction::RealSum<T> {
  explicit SquaredDistance(const double* group_means) : means(group_means) {}
  double map(Compute<T> x, std::int64_t group) const {
    const double distance = static_cast<double>(x) - means[group];
    return distance * distance;
  }
  const double* means;
};

/// An input's elements as doubles; `otherwise` for the one element of an absent input.
void read(const Buffers& buffers, std::size_t input, DataType type, std::int64_t count, double otherwise, double* to) {
  if (type == DataType::undefined) {
    *to = otherwise;
  } else {
    convert(type, buffers.inputs[input], DataType::float64, to, count);
  }
}

std::size_t element_bytes(DataType type) { return bits(type) / 8; }

}  // namespace

Moments::Moments(DataType type, const Shape& shape, const AxisSet& folded, Center center)
    : layout_(shape, folded), type_(type), center_(center) {}

void Moments::run(const void* in, double* means, double* variances) const {
  const auto count = static_cast<double>(layout_.count());
  dispatch<FloatTypes>(type_, [&]<class T>() {
    const T* elements = static_cast<const T*>(in);
    if (center_ == Center::zero) {
      std::fill_n(means, groups(), 0.0);
    } else {
      fold(layout_, elements, reduction::RealSum<T>(),
           [&](std::int64_t group, double sum) { means[group] = sum / count; });
    }
    fold(layout_, elements, SquaredDistance<T>(means),
         [&](std::int64_t group, double sum) { variances[group] = sum / count; });
  });
}

Normalizer::Normalizer(const Spec& spec, const NormalizationShapes& shapes)
    : walk_({shapes.statistics, shapes.scale, shapes.bias}, shapes.x),
      statistics_(shapes.statistics.elements()),
      scales_(shapes.scale.elements()),
      biases_(shapes.bias.elements()),
      x_type_(spec.input(0).type),
      scale_type_(spec.input(1).type),
      bias_type_(spec.input(2).type),
      y_type_(spec.output(0).type) {}

std::size_t Normalizer::scratch_bytes() const {
  return byte_size(DataType::float64, {2, statistics_}) + byte_size(DataType::float64, {scales_}) +
         byte_size(DataType::float64, {biases_});
}

void Normalizer::run(const Buffers& buffers) const {
  double* scale = factors(buffers) + statistics_;
  double* bias = scale + scales_;
  read(buffers, 1, scale_type_, scales_, 1, scale);
  read(buffers, 2, bias_type_, biases_, -0.0, bias);  // to which -0 can be added and remain
  walk_.for_each_row([&](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
    constexpr std::int64_t block_size = 256;
    double block[block_size];
    for (std::int64_t first = 0; first < count; first += block_size) {
      const std::int64_t part = std::min(block_size, count - first);
      const auto place = static_cast<std::size_t>(to + first);
      convert(x_type_, buffers.input<std::byte>(0) + place * element_bytes(x_type_), DataType::float64, block, part);
      for (std::int64_t i = 0; i < part; ++i) {
        const auto at = [&](std::size_t operand) { return from[operand] + (first + i) * step[operand]; };
        const double normalized = (block[i] - means(buffers)[at(0)]) * factors(buffers)[at(0)];
        block[i] = normalized * scale[at(1)] + bias[at(2)];
      }
      convert(DataType::float64, block, y_type_, buffers.output<std::byte>(0) + place * element_bytes(y_type_), part);
    }
  });
}

double reciprocal_deviation(double variance, double epsilon) { return 1 / std::sqrt(variance + epsilon); }

Kernel standardize(const Spec& spec, const Standardization& how) {
  const DataType mean_type = spec.output(1).type;
  const DataType factor_type = spec.output(2).type;
  const bool with_statistics = mean_type != DataType::undefined || factor_type != DataType::undefined;
  if (how.x.elements() == 0 && !with_statistics) return {[](const Buffers&) {}};
  const Moments moments(spec.input(0).type, how.x, how.folded, how.center);
  const Normalizer normalizer(spec, {how.x, folded_shape(how.x, how.folded), how.scale, how.bias});
  const auto run = [=, factor = how.factor, epsilon = how.epsilon](const Buffers& buffers) {
    double* means = normalizer.means(buffers);
    double* factors = normalizer.factors(buffers);
    moments.run(buffers.inputs[0], means, factors);
    for (std::int64_t i = 0; i < moments.groups(); ++i) factors[i] = factor(factors[i], epsilon);
    normalizer.run(buffers);
    if (mean_type != DataType::undefined)
      convert(DataType::float64, means, mean_type, buffers.outputs[1], moments.groups());
    if (factor_type != DataType::undefined)
      convert(DataType::float64, factors, factor_type, buffers.outputs[2], moments.groups());
  };
  return {run, normalizer.scratch_bytes()};
}

AxisSet row_axes(const Spec& spec) {
  const std::size_t rank = spec.input(0).shape.rank();
  return axes_from(normalized_axis(spec.node().get<std::int64_t>("axis", -1), rank), rank);
}

DataType stash_type(const graph::Node& node, TypeSet allowed) {
  const auto number = node.get<std::int64_t>("stash_type", static_cast<std::int64_t>(DataType::float32));
  if (number <= 0 || number >= data_type_count || !allowed.contains(static_cast<DataType>(number)))
    fail(ErrorCode::invalid_model, "attribute 'stash_type' is {}, expected the number of: {}", number,
         to_string(allowed));
  return static_cast<DataType>(number);
}

void check_broadcasts_to_first(const Spec& spec, std::size_t input) {
  if (!spec.input(input).present()) return;
  const Shape shapes[] = {spec.input(0).shape, spec.input(input).shape};
  if (broadcast(shapes) != shapes[0])
    fail(ErrorCode::invalid_argument, "input {} of shape {} does not broadcast to the input's shape {}", input,
         to_string(shapes[1]), to_string(shapes[0]));
}

void check_real(const Spec& spec, std::size_t input) {
  if (!FloatTypes::set.contains(spec.input(input).type))
    fail(ErrorCode::invalid_model, "input {} has type {}, expected one of: {}", input, name(spec.input(input).type),
         to_string(FloatTypes::set));
}

void check_type_of_first(const Spec& spec, std::size_t input) {
  if (spec.input(input).present() && spec.input(input).type != spec.input(0).type)
    fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", input,
         name(spec.input(0).type), name(spec.input(input).type));
}

Shape channel_shape(const Shape& x) {
  if (x.rank() == 1) return {1};
  Shape shape = Shape::filled(x.rank() - 1, 1);
  shape[0] = x[1];
  return shape;
}

}  // namespace ranvier::operators

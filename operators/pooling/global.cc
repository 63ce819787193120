// The global pools: every channel folded into one element, over all axes after the first two.
// https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html and its neighbours
#include <cmath>

#include "operators/reduction/reduce.h"

namespace ranvier::operators {
namespace {

AxisSet spatial_axes(const Shape& shape) {
  if (shape.rank() < 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected a batch, channels and what to pool",
         to_string(shape));
  return axes_from(2, shape.rank());
}

void infer(Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  spec.set_output(0, spec.input(0).type, folded_shape(shape, spatial_axes(shape)));
}

template <template <class> class Member>
Kernel reference(const Spec& spec) {
  return fold_kernel<Member, FloatTypes>(spec, spatial_axes(spec.input(0).shape));
}

/// The p-th root of the sum of the p-th powers of the absolute values.
template <class T>
struct LpNorm : reduction::RealSum<T> {
  explicit LpNorm(double order) : p(order) {}
  double map(Compute<T> x, std::int64_t) const { return std::pow(std::abs(static_cast<double>(x)), p); }
  T finish(double sum, std::int64_t) const { return reduction::to_element<T>(std::pow(sum, 1 / p)); }
  double p;
};

/// `p` was a float in version 1 and is an integer since.
template <class Order>
double order(const Spec& spec) {
  const Order p = spec.node().get<Order>("p", 2);
  if (!(p > 0)) fail(ErrorCode::invalid_model, "attribute 'p' is {}, expected more than 0", p);
  return static_cast<double>(p);
}

template <class Order>
void infer_lp(Spec& spec) {
  order<Order>(spec);
  infer(spec);
}

template <class Order>
Kernel reference_lp(const Spec& spec) {
  const double p = order<Order>(spec);
  return fold_kernel<FloatTypes>(spec, spatial_axes(spec.input(0).shape), [p]<class T>() { return LpNorm<T>(p); });
}

template <Kernel (*prepare)(const Spec&)>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = prepare}};

template <Kernel (*prepare)(const Spec&), void (*infer_outputs)(Spec&) = infer>
constexpr Operator global_pool = {
    .types = FloatTypes::set, .infer = infer_outputs, .implementations = implementations<prepare>};

}  // namespace

extern const Operator global_average_pool = global_pool<reference<reduction::Mean>>;
extern const Operator global_max_pool = global_pool<reference<reduction::Max>>;
extern const Operator global_lp_pool = global_pool<reference_lp<std::int64_t>, infer_lp<std::int64_t>>;
extern const Operator global_lp_pool_of_real_order = global_pool<reference_lp<float>, infer_lp<float>>;

}  // namespace ranvier::operators

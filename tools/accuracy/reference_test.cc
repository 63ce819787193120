// The references of activations.def in double, against the formulas of textbooks in MPFR's arithmetic.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>

#include "operators/activation/activation.h"
#include "tools/accuracy/real.h"
#include "tools/accuracy/testing.h"

namespace ranvier::accuracy {
namespace {

using operators::Activation;
using operators::ActivationRow;
using testing::Parameters;

struct Formula {
  Activation activation;
  Real (*value)(const Real& x, const std::vector<Real>& parameters);
};

void PrintTo(const Formula& formula, std::ostream* out) {  // NOLINT: GoogleTest's name
  *out << operators::describe(formula.activation).name;
}

using List = std::vector<Real>;

Real logistic(const Real& x) { return 1 / (1 + exp(-x)); }
Real softplus(const Real& x) { return x > 1000 ? x : log(1 + exp(x)); }  // exp(x) would be infinite for some floats
Real elu(const Real& x, const Real& alpha) { return x > 0 ? x : alpha * (exp(x) - 1); }

const Formula formulas[] = {
    {Activation::celu,
     [](const Real& x, const List& p) { return max(0, x) + (x > 0 ? 0 : p[0] * (exp(x / p[0]) - 1)); }},
    {Activation::clip, [](const Real& x, const List& p) { return min(max(x, p[0]), p[1]); }},
    {Activation::elu, [](const Real& x, const List& p) { return elu(x, p[0]); }},
    {Activation::erf, [](const Real& x, const List&) { return erf(x); }},
    {Activation::exponential, [](const Real& x, const List&) { return exp(x); }},
    {Activation::gelu, [](const Real& x, const List&) { return x * (1 + erf(x / sqrt(2))) / 2; }},
    {Activation::gelu_tanh,
     [](const Real& x, const List&) {
       return x * (1 + tanh(sqrt(2 / Real::pi()) * (x + Real("0.044715") * x * x * x))) / 2;
     }},
    {Activation::hard_shrink, [](const Real& x, const List& p) { return abs(x) > p[0] ? x : 0; }},
    {Activation::hard_sigmoid, [](const Real& x, const List& p) { return max(0, min(1, p[0] * x + p[1])); }},
    {Activation::hard_swish, [](const Real& x, const List&) { return x * min(max(x + 3, 0), 6) / 6; }},
    {Activation::hard_tanh, [](const Real& x, const List&) { return min(max(x, -1), 1); }},
    {Activation::keras_relu,  // as Keras computes it: 0 at the threshold, which counts before the maximum
     [](const Real& x, const List& p) { return x <= p[2] ? p[1] * (x - p[2]) : min(x, p[0]); }},
    {Activation::leaky_relu, [](const Real& x, const List& p) { return x >= 0 ? x : p[0] * x; }},
    {Activation::linear, [](const Real& x, const List&) { return x; }},
    {Activation::log_sigmoid, [](const Real& x, const List&) { return -softplus(-x); }},
    {Activation::mish, [](const Real& x, const List&) { return x * tanh(softplus(x)); }},
    {Activation::relu, [](const Real& x, const List&) { return max(x, 0); }},
    {Activation::relu6, [](const Real& x, const List&) { return min(max(x, 0), 6); }},
    {Activation::selu, [](const Real& x, const List& p) { return p[1] * elu(x, p[0]); }},
    {Activation::shrink, [](const Real& x, const List& p) { return x < -p[0]  ? x + p[1]
                                                                   : x > p[0] ? x - p[1]
                                                                              : 0; }},
    {Activation::sigmoid, [](const Real& x, const List&) { return logistic(x); }},
    {Activation::soft_shrink,
     [](const Real& x, const List& p) { return x > p[0]    ? x - p[0]
                                               : x < -p[0] ? x + p[0]
                                                           : 0; }},
    {Activation::softplus, [](const Real& x, const List&) { return softplus(x); }},
    {Activation::softsign, [](const Real& x, const List&) { return x / (abs(x) + 1); }},
    {Activation::sparse_plus,
     [](const Real& x, const List&) { return x <= -1  ? 0
                                             : x >= 1 ? x
                                                      : (x + 1) * (x + 1) / 4; }},
    {Activation::sparse_sigmoid, [](const Real& x, const List&) { return x <= -1  ? 0
                                                                         : x >= 1 ? 1
                                                                                  : (x + 1) / 2; }},
    {Activation::square_plus, [](const Real& x, const List& p) { return (x + sqrt(x * x + p[0])) / 2; }},
    {Activation::swish, [](const Real& x, const List& p) { return x * logistic(p[0] * x); }},
    {Activation::tanh, [](const Real& x, const List&) { return tanh(x); }},
    {Activation::tanh_shrink, [](const Real& x, const List&) { return x - tanh(x); }},
    {Activation::threshold, [](const Real& x, const List& p) { return x > p[0] ? x : p[1]; }},
    {Activation::thresholded_relu, [](const Real& x, const List& p) { return x > p[0] ? x : 0; }},
};

TEST(Reference, HasAFormulaForEveryRow) {
  ASSERT_EQ(std::size(formulas), operators::activations().size());
  for (std::size_t i = 0; i < std::size(formulas); ++i)
    EXPECT_EQ(formulas[i].activation, operators::activations()[i].activation);
}

/// The difference, relative to the true value or to half the smallest float; 0 where both are beyond the floats,
/// infinite where one of them is no number.
double relative_error(double got, const Real& truth) {
  constexpr double beyond = 0x1p128, negligible = 0x1p-150;
  const auto rounded = static_cast<double>(truth);
  if (std::abs(rounded) >= beyond && std::abs(got) >= beyond && std::signbit(rounded) == std::signbit(got)) return 0;
  if (std::isnan(got) || std::isnan(rounded)) return std::numeric_limits<double>::infinity();
  return static_cast<double>(abs(got - truth) / max(abs(truth), negligible));
}

class References : public ::testing::TestWithParam<Formula> {
 protected:
  struct Worst {
    double error = 0;
    float at = 0;
  };

  /// Makes `worst` the largest error at the finite ones of the points, where it is larger.
  void search(const Parameters& parameters, const std::vector<float>& points, Worst& worst) const {
    const auto& row = operators::describe(GetParam().activation);
    List numbers;
    for (std::size_t i = 0; i < row.parameters.size(); ++i)
      numbers.emplace_back(i < parameters.size() ? parameters[i] : row.parameters[i].otherwise);
    for (const float x : points) {
      if (!std::isfinite(x)) continue;
      const double got = operators::reference(row.activation, static_cast<double>(x), parameters);
      const double error = relative_error(got, GetParam().value(static_cast<double>(x), numbers));
      if (error > worst.error) worst = {error, x};
    }
  }
};

/// What is the same for all: floats of every magnitude, and evenly where functions bend.
std::vector<float> spread() {
  std::vector<float> result = testing::every(2'147'483);
  for (float x = -110; x < 110; x += 0.109f) result.push_back(x);
  return result;
}

TEST_P(References, FollowsTheTextbook) {
  static const std::vector<float> everywhere = spread();
  for (const Parameters& parameters : testing::accepted(GetParam().activation)) {
    Worst worst;
    search(parameters, everywhere, worst);
    search(parameters, testing::neighbours(testing::breakpoints(parameters), 2), worst);
    for (int climb = 0; climb < 5; ++climb) search(parameters, testing::neighbours({{worst.at}}, 40), worst);
    EXPECT_LT(worst.error, 0x1p-45) << fmt::format("2^{:.1f}, parameters {}, at {:a}", std::log2(worst.error),
                                                   parameters, worst.at);
  }
}

std::string name_of(const ::testing::TestParamInfo<Formula>& info) {
  return std::string(operators::describe(info.param.activation).name);
}

INSTANTIATE_TEST_SUITE_P(Activations, References, ::testing::ValuesIn(formulas), name_of);

}  // namespace
}  // namespace ranvier::accuracy

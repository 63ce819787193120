// The claims of the activations of more than one element, on rows of random numbers, on every instruction set.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "operators/activation/activation.h"
#include "operators/activation/functions.h"
#include "operators/activation/kernels.h"
#include "operators/activation/softmax_kernels.h"
#include "tools/accuracy/accuracy.h"

namespace ranvier::accuracy {
namespace {

using Row = std::vector<float>;

/// A row as the kernel gives it, and in double.
struct Answer {
  Row got;
  std::vector<double> truth;
};

std::vector<double> exponentials(const Row& x, double& sum) {
  const double largest = *std::max_element(x.begin(), x.end());
  std::vector<double> result;
  sum = 0;
  for (const float each : x) sum += result.emplace_back(std::exp(each - largest));
  return result;
}

std::vector<double> softmax(const Row& x) {
  double sum = 0;
  std::vector<double> result = exponentials(x, sum);
  for (double& each : result) each /= sum;
  return result;
}

std::vector<double> log_softmax(const Row& x) {
  const auto largest = std::max_element(x.begin(), x.end());
  double others = 0;
  for (auto each = x.begin(); each != x.end(); ++each)
    if (each != largest) others += std::exp(static_cast<double>(*each) - *largest);
  std::vector<double> result;
  for (const float each : x) result.push_back(static_cast<double>(each) - *largest - std::log1p(others));
  return result;
}

std::vector<double> hardmax(const Row& x) {
  std::vector<double> result(x.size());
  result[static_cast<std::size_t>(std::max_element(x.begin(), x.end()) - x.begin())] = 1;
  return result;
}

template <operators::RowKernel operators::SoftmaxKernels::*kernel>
std::vector<Answer> rows(const Row& x, std::vector<double> (*truth)(const Row&)) {
  std::vector<Answer> answers;
  for (const operators::SoftmaxKernels& set : operators::all_softmax_kernels()) {
    Answer& answer = answers.emplace_back(Answer{Row(x.size()), truth(x)});
    (set.*kernel)(x.data(), answer.got.data(), x.size());
  }
  return answers;
}

/// The first half of the row with the second.
template <class Kernel, class Truth>
std::vector<Answer> halves(const Row& x, const Kernel& kernel, const Truth& truth) {
  const std::size_t half = x.size() / 2;
  std::vector<Answer> answers;
  for (const operators::ActivationKernels& set : operators::all_activation_kernels()) {
    Answer& answer = answers.emplace_back(Answer{Row(half), {}});
    kernel(set, x.data(), x.data() + half, answer.got.data(), half);
    for (std::size_t i = 0; i < half; ++i) answer.truth.push_back(truth(x[i], x[half + i]));
  }
  return answers;
}

std::vector<Answer> glu(const Row& x) {
  return halves(
      x, [](const auto& set, const float* a, const float* b, float* y, std::size_t count) { set.glu(a, b, y, count); },
      [](double a, double b) { return operators::functions::gated_linear(a, b); });
}

std::vector<Answer> prelu(const Row& x) {
  return halves(
      x,
      [](const auto& set, const float* a, const float* slope, float* y, std::size_t count) {
        set.prelu(a, slope, 1, y, count);
      },
      [](double a, double slope) { return a < 0 ? slope * a : a; });
}

struct Joint {
  std::string_view name;
  std::vector<Answer> (*answers)(const Row&);
};
// All but sparsemax, which is computed in double: operators/activation/sparsemax_test.cc knows its claim.
constexpr Joint joints[] = {
    {"glu", glu},
    {"hardmax", [](const Row& x) { return rows<&operators::SoftmaxKernels::hardmax>(x, hardmax); }},
    {"log_softmax", [](const Row& x) { return rows<&operators::SoftmaxKernels::log_softmax>(x, log_softmax); }},
    {"prelu", prelu},
    {"softmax", [](const Row& x) { return rows<&operators::SoftmaxKernels::softmax>(x, softmax); }},
};

class JointKernel : public ::testing::TestWithParam<Joint> {};

TEST_P(JointKernel, KeepsItsClaim) {
  const auto rows = operators::joint_activations();
  const auto row = std::find_if(rows.begin(), rows.end(), [](auto& each) { return each.name == GetParam().name; });
  ASSERT_NE(row, rows.end());
  std::mt19937 engine(3);
  double largest = 0;
  for (const float spread : {0.1f, 1.0f, 10.0f})
    for (const std::size_t size : {2, 10, 100, 1000, 20000}) {
      std::normal_distribution<float> normal(0, spread);
      Row x(size);
      for (float& each : x) each = normal(engine);
      for (const Answer& answer : GetParam().answers(x))
        for (std::size_t i = 0; i < answer.got.size(); ++i)
          largest = std::max(largest, error_in_ulp(answer.got[i], answer.truth[i]));
    }
  EXPECT_LE(largest, row->ulp);
  EXPECT_LE(row->ulp, 4 * largest) << "the claim could be smaller";
}

INSTANTIATE_TEST_SUITE_P(Activations, JointKernel, ::testing::ValuesIn(joints),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace ranvier::accuracy

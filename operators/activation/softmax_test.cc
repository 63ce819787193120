#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Tensor axis_of_six(const Shape& shape) { return Tensor::of<float>(shape, {1, 2, 4, 0, 2, 1}); }

testing::Call with_axis(const std::string& op_type, std::int64_t version, std::int64_t axis) {
  return {op_type, version, {{"axis", axis}}};
}

void expect_near(const std::vector<float>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-7 * std::abs(expected[i])) << "element " << i;
}

bool all_nan(const Tensor& tensor) {
  for (const float value : tensor.values<float>())
    if (!std::isnan(value)) return false;
  return tensor.elements() > 0;
}

// Values by mpmath with 50 digits.

TEST(Softmax, HasTheValuesOfItsFormula) {
  const Tensor x = Tensor::of<float>({2, 3}, {1, 2, 4, -40, 0, 3});
  expect_near(elements<float>(run({"Softmax", 13}, {x})[0]),
              {0.042010066134066051, 0.11419519938459448, 0.84379473448133947, 2.0148191012483507e-19,
               0.047425873177566781, 0.95257412682243322});
  expect_near(elements<float>(run({"LogSoftmax", 13}, {x})[0]),
              {-3.1698460195562856, -2.1698460195562856, -0.16984601955628565, -43.048587351573742, -3.0485873515737421,
               -0.048587351573742059});
  EXPECT_EQ(elements<float>(run({"Hardmax", 13}, {x})[0]), (std::vector<float>{0, 0, 1, 0, 0, 1}));
}

TEST(Softmax, TakesLargeNumbers) {
  const Tensor x = Tensor::of<float>({2, 3}, {10000, 10001, 10003, -1e30f, 1e30f, 0});
  expect_near(elements<float>(run({"Softmax", 13}, {x})[0]),
              {0.042010066134066051, 0.11419519938459448, 0.84379473448133947, 0, 1, 0});
  expect_near(elements<float>(run({"LogSoftmax", 13}, {x})[0]),
              {-3.1698460195562856, -2.1698460195562856, -0.16984601955628565, -2e30, 0, -1e30});
}

TEST(Softmax, KeepsTheDigitsOfALogarithmNearZero) {
  const Tensor y = run({"LogSoftmax", 13}, {Tensor::of<float>({3}, {-50, 0, -60})})[0];
  expect_near({y.values<float>()[1]}, {-1.92883740199e-22});
}

TEST(Softmax, CountsTheAxesFromOneOnAsOneBeforeOpset13) {
  const Tensor x = axis_of_six({1, 2, 3});
  const auto flat = elements<float>(run({"Softmax", 13}, {axis_of_six({6})})[0]);
  EXPECT_EQ(elements<float>(run({"Softmax", 1}, {x})[0]), flat);
  EXPECT_EQ(elements<float>(run(with_axis("Softmax", 11, -2), {x})[0]), flat);
  EXPECT_EQ(elements<float>(run(with_axis("Softmax", 11, 0), {axis_of_six({2, 3})})[0]), flat);
  EXPECT_EQ(elements<float>(run(with_axis("Softmax", 11, 2), {x})[0]), elements<float>(run({"Softmax", 13}, {x})[0]));
  EXPECT_EQ(elements<float>(run({"Hardmax", 11}, {x})[0]), (std::vector<float>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(elements<float>(run({"LogSoftmax", 11}, {x})[0]),
            elements<float>(run({"LogSoftmax", 13}, {axis_of_six({6})})[0]));
}

TEST(Softmax, TakesOneAxisSinceOpset13) {
  const Tensor x = axis_of_six({2, 3, 1});
  const std::vector<float> by_column = {1, 1, 1, 0, 0, 0};
  EXPECT_EQ(elements<float>(run(with_axis("Hardmax", 13, 0), {x})[0]), by_column);
  EXPECT_EQ(elements<float>(run(with_axis("Hardmax", 13, -3), {x})[0]), by_column);
  EXPECT_EQ(elements<float>(run({"Hardmax", 13}, {x})[0]), (std::vector<float>{1, 1, 1, 1, 1, 1}));
  const double a = 1 / (1 + std::exp(-1.0));
  const double b = 1 / (1 + std::exp(-3.0));
  expect_near(elements<float>(run(with_axis("Softmax", 13, 0), {x})[0]), {a, 0.5, b, 1 - a, 0.5, 1 - b});
  expect_near(elements<float>(run(with_axis("LogSoftmax", 13, 0), {x})[0]),
              {std::log(a), std::log(0.5), std::log(b), std::log(1 - a), std::log(0.5), std::log(1 - b)});
}

TEST(Softmax, GivesWhatTheFormulaGivesForInfinityAndNan) {
  for (const char* op_type : {"Softmax", "LogSoftmax"}) {
    EXPECT_TRUE(all_nan(run({op_type, 13}, {Tensor::of<float>({2}, {-infinity, -infinity})})[0])) << op_type;
    EXPECT_TRUE(all_nan(run({op_type, 13}, {Tensor::of<float>({3}, {1, nan, 2})})[0])) << op_type;
    EXPECT_TRUE(all_nan(run({op_type, 13}, {Tensor::of<float>({2}, {nan, 2})})[0])) << op_type;
    EXPECT_TRUE(all_nan(run({op_type, 13}, {Tensor::of<float>({1}, {infinity})})[0])) << op_type;
    EXPECT_TRUE(all_nan(run({op_type, 13}, {Tensor::of<float>({3}, {1, infinity, 2})})[0])) << op_type;
  }
  const Tensor masked = Tensor::of<float>({3}, {-infinity, 2, 2});
  EXPECT_EQ(elements<float>(run({"Softmax", 13}, {masked})[0]), (std::vector<float>{0, 0.5f, 0.5f}));
  EXPECT_EQ(run({"LogSoftmax", 13}, {masked})[0].values<float>()[0], -infinity);
}

TEST(Softmax, HardmaxTakesTheFirstMaximum) {
  const auto hardmax = [](std::initializer_list<float> values) {
    return elements<float>(run({"Hardmax", 13}, {Tensor::of<float>({3}, values)})[0]);
  };
  EXPECT_EQ(hardmax({1, 3, 3}), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(hardmax({-infinity, -infinity, -infinity}), (std::vector<float>{1, 0, 0}));
  EXPECT_EQ(hardmax({5, nan, nan}), (std::vector<float>{0, 1, 0}));
}

template <class T>
void expect_halves(double tolerance) {
  const Tensor x = Tensor::of<T>({2}, {static_cast<T>(1.0f), static_cast<T>(0.0f)});
  const auto at = [](const Tensor& y, std::size_t i) {
    return static_cast<double>(static_cast<Compute<T>>(y.values<T>()[i]));
  };
  EXPECT_NEAR(at(run({"Softmax", 13}, {x})[0], 0), 0.7310585786300049, tolerance);
  EXPECT_NEAR(at(run({"LogSoftmax", 13}, {x})[0], 1), -1.3132616875182228, tolerance);
  EXPECT_EQ(at(run({"Hardmax", 13}, {x})[0], 0), 1);
}

TEST(Softmax, TakesEveryFloatingType) {
  expect_halves<double>(1e-15);
  expect_halves<Float16>(1e-3);
  expect_halves<BFloat16>(8e-3);
}

TEST(Softmax, TakesEmptyTensors) {
  EXPECT_EQ(run({"Softmax", 13}, {Tensor(DataType::float32, {2, 0})})[0].shape(), (Shape{2, 0}));
  EXPECT_EQ(run({"LogSoftmax", 11}, {Tensor(DataType::float32, {0, 3})})[0].shape(), (Shape{0, 3}));
  EXPECT_EQ(run(with_axis("Hardmax", 13, 0), {Tensor(DataType::float32, {0, 3})})[0].shape(), (Shape{0, 3}));
  const Shape huge = {std::int64_t{1} << 62, 4, 0};
  EXPECT_EQ(run({"Softmax", 13}, {Tensor(DataType::float32, huge)})[0].shape(), huge);
  EXPECT_EQ(run({"Softmax", 11}, {Tensor(DataType::float32, huge)})[0].shape(), huge);
}

TEST(Softmax, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run(with_axis("Softmax", 13, 2), {axis_of_six({2, 3})});
            }),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of([] {
              run({"Softmax", 1}, {axis_of_six({6})});
            }),
            "invalid_model: axis 1 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of([] {
              run({"Hardmax", 13}, {Tensor::of<float>({}, {1})});
            }),
            "invalid_model: axis -1 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of([] {
              run({"LogSoftmax", 13}, {Tensor::of<std::int64_t>({1}, {1})});
            }),
            "unsupported: input 0 has type int64, supported are: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "operators/table.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

Tensor numbers() { return Tensor::of<float>({2, 4}, {1, -2, 3, -4, 5, -6, 7, -8}); }
Tensor ratio(float value) { return Tensor::of<float>({}, {value}); }
Tensor training(bool value) { return Tensor::of<bool>({}, {value}); }
Attributes seeded(std::int64_t seed) { return {{"seed", seed}}; }

Tensor ones(std::int64_t count) { return Tensor::of({count}, std::vector<float>(static_cast<std::size_t>(count), 1)); }

TEST(Dropout, IsTheIdentityWithoutTrainingMode) {
  for (const std::vector<Tensor>& inputs : std::vector<std::vector<Tensor>>{
           {numbers()}, {numbers(), ratio(0.9f)}, {numbers(), ratio(0.9f), training(false)}}) {
    const auto outputs = run({"Dropout", 13, seeded(1), 2}, inputs);
    EXPECT_EQ(elements<float>(outputs[0]), elements<float>(numbers()));
    EXPECT_EQ(outputs[0].shape(), (Shape{2, 4}));
    EXPECT_EQ(elements<bool>(outputs[1]), std::vector<bool>(8, true));
  }
}

TEST(Dropout, HasAMaskOfTheElementsTypeBeforeOpset10) {
  for (const std::int64_t version : {1, 6, 7}) {
    const auto outputs = run({"Dropout", version, {{"is_test", std::int64_t{1}}}, 2}, {numbers()});
    EXPECT_EQ(elements<float>(outputs[0]), elements<float>(numbers()));
    EXPECT_EQ(elements<float>(outputs[1]), std::vector<float>(8, 1));
  }
  EXPECT_EQ(run({"Dropout", 10, {}, 2}, {numbers()})[1].type(), DataType::boolean);
}

TEST(Dropout, DropsInTrainingUntilOpset6UnlessItIsATest) {
  const auto outputs = run({"Dropout", 6, {{"ratio", 0.25f}}, 2}, {ones(1000)});
  const auto y = elements<float>(outputs[0]);
  const auto mask = elements<float>(outputs[1]);
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], mask[i] == 1 ? static_cast<float>(1 / 0.75) : 0);
  EXPECT_NEAR(static_cast<double>(std::count(mask.begin(), mask.end(), 1.0f)), 750, 100);
}

TEST(Dropout, DropsWhatNumpyDropsForTheSameSeed) {
  // numpy.random.RandomState(0).uniform(size=8) is .549 .715 .603 .545 .424 .646 .438 .892
  auto outputs = run({"Dropout", 12, seeded(0), 2}, {numbers(), ratio(0.6f), training(true)});
  EXPECT_EQ(elements<bool>(outputs[1]), (std::vector<bool>{false, true, true, false, false, true, false, true}));
  const auto scaled = [](float x) { return static_cast<float>(x / (1 - static_cast<double>(0.6f))); };
  EXPECT_EQ(elements<float>(outputs[0]),
            (std::vector<float>{0, scaled(-2), scaled(3), 0, 0, scaled(-6), 0, scaled(-8)}));
  // numpy.random.RandomState(42).uniform(size=4) is .375 .951 .732 .599
  outputs = run({"Dropout", 22, seeded(42), 2}, {ones(4), {}, training(true)});
  EXPECT_EQ(elements<bool>(outputs[1]), (std::vector<bool>{false, true, true, true}));
  EXPECT_EQ(elements<float>(outputs[0]), (std::vector<float>{0, 2, 2, 2}));
}

TEST(Dropout, DropsNothingInTrainingWithoutARatio) {
  const auto outputs = run({"Dropout", 13, seeded(0), 2}, {numbers(), ratio(0), training(true)});
  EXPECT_EQ(elements<float>(outputs[0]), elements<float>(numbers()));
  EXPECT_EQ(elements<bool>(outputs[1]), std::vector<bool>(8, true));
}

TEST(Dropout, DropsOthersEachTimeWithoutASeed) {
  const auto drop = [] { return elements<float>(run({"Dropout", 13}, {ones(256), {}, training(true)})[0]); };
  EXPECT_NE(drop(), drop());
}

TEST(Dropout, TakesItsSeedAgainInEachRunOfOneKernel) {
  const Operator& op = *find_operator("", "Dropout", 13);
  const Tensor x = ones(256);
  const Tensor mode = training(true);
  for (const bool with_seed : {true, false}) {
    graph::Node node;
    if (with_seed) node.attributes = {{"seed", std::int64_t{7}}};
    node.inputs = {0, graph::none, 1};
    node.outputs = {2};
    Spec spec(node, {{x.type(), x.shape(), nullptr}, {}, {mode.type(), mode.shape(), &mode}});
    op.infer(spec);
    const Kernel kernel = op.implementations.back().prepare(spec);
    std::vector<float> first(256), second(256);
    const void* inputs[] = {x.data(), nullptr, mode.data()};
    void* outputs[] = {first.data()};
    kernel.run({inputs, outputs, nullptr});
    outputs[0] = second.data();
    kernel.run({inputs, outputs, nullptr});
    EXPECT_EQ(first == second, with_seed);
  }
}

TEST(Dropout, LetsNanThrough) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor y =
      run({"Dropout", 13, seeded(0)}, {Tensor::of<float>({2}, {nan, nan}), ratio(0.6f), training(true)})[0];
  EXPECT_TRUE(std::isnan(y.values<float>()[0]));
  EXPECT_TRUE(std::isnan(y.values<float>()[1]));
}

TEST(Dropout, TakesOtherTypes) {
  const Tensor half = Tensor::of<Float16>({1}, {Float16(0.1f)});
  EXPECT_EQ(elements<double>(run({"Dropout", 13}, {Tensor::of<double>({1}, {3}), half})[0]), (std::vector<double>{3}));
  const Tensor y = run({"Dropout", 13, seeded(42)}, {Tensor::of<BFloat16>({2}, {BFloat16(1), BFloat16(3)}),
                                                     Tensor::of<double>({}, {0.5}), training(true)})[0];
  EXPECT_EQ(static_cast<float>(y.values<BFloat16>()[0]), 0);
  EXPECT_EQ(static_cast<float>(y.values<BFloat16>()[1]), 6);
  EXPECT_EQ(run({"Dropout", 22}, {Tensor(DataType::float8e5m2, {3})})[0].type(), DataType::float8e5m2);
}

TEST(Dropout, TakesEmptyTensors) {
  EXPECT_EQ(run({"Dropout", 13}, {Tensor(DataType::float32, {0, 2}), {}, training(true)})[0].shape(), (Shape{0, 2}));
}

TEST(Dropout, SaysWhatIsWrong) {
  for (const float wrong : {-0.5f, 1.0f})
    EXPECT_EQ(error_of([&] {
                run({"Dropout", 13}, {numbers(), ratio(wrong), training(true)});
              }),
              fmt::format("invalid_argument: the ratio of Dropout is {}, expected a number in [0, 1)", wrong));
  EXPECT_EQ(error_of([] {
              run({"Dropout", 13}, {numbers(), numbers(), training(true)});
            }),
            "invalid_argument: input 1 (ratio) has shape [2, 4], expected a scalar");
  EXPECT_EQ(error_of([] {
              run({"Dropout", 13}, {numbers(), {}, numbers()});
            }),
            "invalid_model: input 2 (training_mode) has type float, expected bool");
  EXPECT_EQ(error_of([] {
              run({"Dropout", 10}, {numbers(), ratio(0.5f)});
            }),
            "invalid_model: the node has 2 inputs, expected 1");
}

}  // namespace
}  // namespace ranvier::operators

#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

const Tensor condition = Tensor::of<bool>({2, 1}, {true, false});

TEST(Where, ChoosesAndBroadcasts) {
  const Tensor yes = Tensor::of<float>({3}, {1, 2, 3});
  const Tensor result = run({"Where", 9}, {condition, yes, Tensor::of<float>({}, {0})})[0];
  EXPECT_EQ(result.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(result), (std::vector<float>{1, 2, 3, 0, 0, 0}));
}

TEST(Where, MovesEveryKindOfElement) {
  const auto words = Tensor::of<std::string>({2, 1}, {"a", "b"}), other = Tensor::of<std::string>({}, {"c"});
  EXPECT_EQ(elements<std::string>(run({"Where", 16}, {condition, words, other})[0]),
            (std::vector<std::string>{"a", "c"}));
  const auto complex = Tensor::of<std::complex<double>>({1}, {{1, 2}});
  const auto conjugate = Tensor::of<std::complex<double>>({1}, {{1, -2}});
  EXPECT_EQ(elements<std::complex<double>>(run({"Where", 16}, {condition, complex, conjugate})[0])[1].imag(), -2);
  EXPECT_EQ(elements<std::int16_t>(run(
                {"Where", 16}, {condition, Tensor::of<std::int16_t>({}, {7}), Tensor::of<std::int16_t>({}, {-7})})[0]),
            (std::vector<std::int16_t>{7, -7}));
}

TEST(Where, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"Where", 9}, {condition, Tensor::of<float>({}, {1}), Tensor::of<double>({}, {1})});
            }),
            "invalid_model: inputs 1 and 2 have types float and double, expected the same");
  EXPECT_NE(error_of([] {
              run({"Where", 9}, {condition, Tensor::of<float>({3}, {1, 2, 3}), Tensor::of<float>({2}, {1, 2})});
            }),
            "");
}

}  // namespace
}  // namespace ranvier::operators

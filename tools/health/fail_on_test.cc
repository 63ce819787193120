#include "tools/health/fail_on.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"
#include "tools/health/testing.h"

namespace ranvier::health {
namespace {

using graph::testing::error_of;
using testing::observed;

TEST(FailOn, TakesEveryWayToWriteALimit) {
  const auto conditions = parse_conditions("dead>20%, zeros >= 0.5 ,entropy<1e-3,ratio<=2 % ,nan");
  ASSERT_EQ(conditions.size(), 5u);
  EXPECT_EQ(conditions[0].measure->name, "dead");
  EXPECT_EQ(conditions[0].text, "dead>20%");
  EXPECT_EQ(conditions[0].limit, 0.2);
  EXPECT_EQ(conditions[1].text, "zeros >= 0.5");
  EXPECT_EQ(conditions[2].limit, 1e-3);
  EXPECT_EQ(conditions[3].limit, 0.02);
  EXPECT_EQ(conditions[4].comparison, Condition::Comparison::bad);
}

TEST(FailOn, Compares) {
  const auto holds = [](const char* text, double value) { return parse_conditions(text)[0].holds(value); };
  EXPECT_TRUE(holds("dead>20%", 0.21));
  EXPECT_FALSE(holds("dead>20%", 0.2));
  EXPECT_TRUE(holds("dead>=20%", 0.2));
  EXPECT_TRUE(holds("ratio<1", 0.5));
  EXPECT_FALSE(holds("ratio<1", 1));
  EXPECT_TRUE(holds("ratio<=1", 1));
  EXPECT_TRUE(holds("ratio", 0.001));
  EXPECT_FALSE(holds("ratio", 1));
  EXPECT_TRUE(holds("nan", 1e-9));
  EXPECT_FALSE(holds("nan", 0));
}

TEST(FailOn, SaysWhatCanBeGiven) {
  for (const char* text : {"", "foo", "dead>", "dead>x", "dead>20%%", "dead>nan", "dead=2", "dead<>1", "dead,,nan", ",",
                           ">1", "dead>1e999", "dead>1 2"}) {
    const std::string message = error_of([&] { parse_conditions(text); });
    EXPECT_TRUE(message.starts_with("invalid_argument: '")) << text << ": " << message;
    EXPECT_TRUE(
        message.ends_with("the names are dead, always_on, zeros, flat, nan, inf, entropy, certain, drift, step, "
                          "ratio"))
        << text << ": " << message;
  }
}

TEST(FailOn, NamesConditionAndActivation) {
  const Report report = {.activations = {observed("a", "relu", {1, 4}, {0, 0, 0, 1}),
                                         observed("b", "relu", {1, 4}, {0, 1, 1, 1}),
                                         observed("p", "softmax", {1, 2}, {0.5f, 0.5f})}};
  EXPECT_EQ(failures(report, parse_conditions("dead>20%,zeros>50%,entropy>2,nan")),
            (std::vector<std::string>{"dead>20%: a: 75.0 %", "dead>20%: b: 25.0 %", "zeros>50%: a: 75.0 %"}));
}

}  // namespace
}  // namespace ranvier::health

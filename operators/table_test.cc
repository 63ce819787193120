#include "operators/table.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace ranvier::operators {
namespace {

TEST(Table, FindsTheMeaningThatHoldsAtAVersion) {
  const Operator* by_axis = find_operator("", "Softmax", 12);
  EXPECT_NE(by_axis, nullptr);
  EXPECT_EQ(find_operator("", "Softmax", 1), by_axis);
  EXPECT_NE(find_operator("", "Softmax", 13), by_axis);
  EXPECT_EQ(find_operator("", "Softmax", 13), find_operator("", "Softmax", 1000));
  EXPECT_EQ(find_operator("ai.onnx", "Softmax", 12), by_axis);
}

TEST(Table, DoesNotKnowWhatIsNotThere) {
  EXPECT_EQ(find_operator("", "Mish", 17), nullptr);  // which came with 18
  EXPECT_TRUE(known("", "Mish") && known("ai.onnx", "Mish"));
  EXPECT_EQ(find_operator("com.example", "Softmax", 13), nullptr);
  EXPECT_FALSE(known("com.example", "Softmax"));
  EXPECT_FALSE(known("", "softmax"));
}

TEST(Table, HasOneRowForEachVersion) {
  std::set<std::tuple<std::string_view, std::string_view, std::int64_t>> seen;
  for (const Row& row : table()) {
    EXPECT_TRUE(seen.emplace(row.domain, row.name, row.since).second) << row.name << " " << row.since;
    EXPECT_GE(row.since, 1) << row.name;
  }
}

TEST(Table, HasDefinitionsThatCanBeComputed) {
  for (const Row& row : table()) {
    SCOPED_TRACE(row.name);
    const Operator& op = *row.definition;
    EXPECT_LE(op.inputs.least, op.inputs.most);
    EXPECT_LE(op.outputs.least, op.outputs.most);
    EXPECT_GE(op.outputs.least, 1u);
    if (op.evaluate != nullptr) continue;
    EXPECT_NE(op.infer, nullptr);
    ASSERT_FALSE(op.implementations.empty());
    for (const Implementation& each : op.implementations) EXPECT_NE(each.prepare, nullptr);
    EXPECT_EQ(op.implementations.back().refusal, nullptr);
  }
}

}  // namespace
}  // namespace ranvier::operators

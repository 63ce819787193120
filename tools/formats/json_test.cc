#include "tools/formats/json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::elements;
using testing::error_of;

std::vector<std::pair<std::string, Tensor>> read(const std::string& text) {
  ByteSource source = ByteSource::memory("data.json", text);
  return read_json(source);
}

Tensor one(const std::string& text) { return read(text).at(0).second; }
std::string error(const std::string& text) {
  return error_of([&] { read(text); });
}

TEST(Json, ReadsOneNestedList) {
  const auto tensors = read("[[1, 2.5], [3e1, -4]]\n");
  ASSERT_EQ(tensors.size(), 1u);
  EXPECT_EQ(tensors[0].first, "");
  EXPECT_EQ(tensors[0].second.shape(), Shape({2, 2}));
  EXPECT_EQ(elements<double>(tensors[0].second), (std::vector<double>{1, 2.5, 30, -4}));
}

TEST(Json, ReadsAnObjectOfLists) {
  const auto tensors = read(R"({"b": [1, 2], "a": [[true], [false]], "c": 7, "d": ["x", "y\u00e9"]})");
  ASSERT_EQ(tensors.size(), 4u);
  EXPECT_EQ(tensors[0].first, "b");
  EXPECT_EQ(elements<std::int64_t>(tensors[0].second), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(tensors[1].second.shape(), Shape({2, 1}));
  EXPECT_EQ(elements<bool>(tensors[1].second), (std::vector<bool>{true, false}));
  EXPECT_EQ(tensors[2].second.shape(), Shape());
  EXPECT_EQ(elements<std::int64_t>(tensors[2].second), (std::vector<std::int64_t>{7}));
  EXPECT_EQ(elements<std::string>(tensors[3].second), (std::vector<std::string>{"x", "y\xc3\xa9"}));
  EXPECT_TRUE(read("{}").empty());
}

TEST(Json, KeepsLargeIntegers) {
  EXPECT_EQ(elements<std::int64_t>(one("[9223372036854775807, -9223372036854775808]")),
            (std::vector<std::int64_t>{INT64_MAX, INT64_MIN}));
  EXPECT_EQ(elements<std::uint64_t>(one("[18446744073709551615, 1]")), (std::vector<std::uint64_t>{UINT64_MAX, 1}));
  EXPECT_EQ(one("[18446744073709551615, -1]").type(), DataType::float64);
}

TEST(Json, SpellsNaNAndInfinityAsStrings) {
  const auto values = elements<double>(one(R"([1, "NaN", "Infinity", "-Infinity"])"));
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], HUGE_VAL);
  EXPECT_EQ(values[3], -HUGE_VAL);
  EXPECT_TRUE(std::isnan(elements<double>(one(R"(["NaN", 1])"))[0]));
  EXPECT_TRUE(std::isnan(elements<double>(one(R"(["NaN"])"))[0]));
}

TEST(Json, KnowsStringsThatAreSpelledLikeNumbers) {
  EXPECT_EQ(elements<std::string>(one(R"(["NaN", "Infinity", "x", "NaN"])")),
            (std::vector<std::string>{"NaN", "Infinity", "x", "NaN"}));
  EXPECT_EQ(error(R"(["NaN", true])"), "invalid_argument: data.json: a list mixes numbers, strings and true or false");
}

TEST(Json, KnowsEmptyLists) {
  EXPECT_EQ(one("[]").shape(), Shape({0}));
  EXPECT_EQ(one("[[], []]").shape(), Shape({2, 0}));
}

TEST(Json, RefusesRaggedLists) {
  EXPECT_EQ(error("[[1, 2], [3]]"),
            "invalid_argument: data.json: a ragged list: list 2 of depth 2 has 1 elements, those before have 2");
  EXPECT_EQ(error("[[1], []]"),
            "invalid_argument: data.json: a ragged list: list 2 of depth 2 has 0 elements, those before have 1");
  EXPECT_EQ(error("[1, [2]]"),
            "invalid_argument: data.json: a ragged list: a list at depth 1 where an element was before");
  EXPECT_EQ(error("[[1], 2]"),
            "invalid_argument: data.json: a ragged list: an element at depth 1 where those before are at depth 2");
  EXPECT_EQ(error(R"({"x": [[1, 2], [3]]})"),
            "invalid_argument: data.json: 'x': a ragged list: list 2 of depth 2 has 1 elements, those before have 2");
}

TEST(Json, RefusesWhatIsNoTensor) {
  EXPECT_EQ(error("[1, \"a\"]"), "invalid_argument: data.json: a list mixes numbers, strings and true or false");
  EXPECT_EQ(error("[1, null]"), "invalid_argument: data.json: null is no number");
  EXPECT_EQ(error(R"([{"a": 1}])"), "invalid_argument: data.json: an object stands where a list or number is expected");
  EXPECT_EQ(error(R"({"a": {"b": 1}})"),
            "invalid_argument: data.json: 'a': an object stands where a list or number is expected");
  EXPECT_EQ(error(R"({"a": 1, "a": 2})"), "invalid_argument: data.json: 'a' stands there twice");
  EXPECT_EQ(error(std::string(17, '[')), "invalid_argument: data.json: a list is nested more than 16 deep");
}

TEST(Json, SaysWhereTheTextIsWrong) {
  EXPECT_TRUE(error("[1, 2").starts_with("invalid_argument: data.json: not JSON, byte 6: parse error at line 1"));
  EXPECT_TRUE(error("").starts_with("invalid_argument: data.json: not JSON, byte 1"));
  EXPECT_TRUE(error("[1] 2").starts_with("invalid_argument: data.json: not JSON, byte 5"));
  EXPECT_TRUE(error("[1e999]").starts_with("invalid_argument: data.json: not JSON"));
}

TEST(Json, WritesNestedLists) {
  std::string text;
  append_json_list(text, Tensor::of<float>({2, 2}, {1, 0.1f, -2.5f, 1e-10f}), {2, 2}, 0);
  EXPECT_EQ(text, "[[1, 0.1], [-2.5, 1e-10]]");
  text.clear();
  append_json_list(text, Tensor::of<double>({3}, {std::nan(""), HUGE_VAL, -HUGE_VAL}), {3}, 0);
  EXPECT_EQ(text, R"(["NaN", "Infinity", "-Infinity"])");
  text.clear();
  append_json_list(text, Tensor::of<std::string>({1}, {"a\"b"}), {1}, 0);
  EXPECT_EQ(text, R"(["a\"b"])");
  text.clear();
  append_json_list(text, Tensor::of<bool>({2}, {true, false}), {2}, 0);
  EXPECT_EQ(text, "[true, false]");
}

}  // namespace
}  // namespace ranvier::formats

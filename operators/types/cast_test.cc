#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

Attributes to(DataType type) { return {{"to", static_cast<std::int64_t>(type)}}; }

/// The codes of a tensor of an 8-bit type.
std::vector<int> codes(const Tensor& tensor) {
  const auto* bytes = static_cast<const std::uint8_t*>(tensor.data());
  return {bytes, bytes + tensor.bytes()};
}

Tensor reals() { return Tensor::of<float>({2, 2}, {1.7f, -1.7f, 0, 300}); }

TEST(Cast, KeepsTheShapeAndConvertsTheElements) {
  const Tensor result = run({"Cast", 13, to(DataType::int64)}, {reals()})[0];
  EXPECT_EQ(result.type(), DataType::int64);
  EXPECT_EQ(result.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<std::int64_t>(result), (std::vector<std::int64_t>{1, -1, 0, 300}));
  EXPECT_EQ(elements<bool>(run({"Cast", 13, to(DataType::boolean)}, {reals()})[0]),
            (std::vector<bool>{true, true, false, true}));
}

TEST(Cast, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<double>(run({"Cast", 25, to(DataType::float64)}, {Tensor::of<std::int32_t>({}, {7})})[0]),
            (std::vector<double>{7}));
  EXPECT_EQ(run({"Cast", 25, to(DataType::int4)}, {Tensor(DataType::float32, {0, 3})})[0].shape(), (Shape{0, 3}));
}

TEST(Cast, NamesTheTypeBeforeOpset6) {
  const Tensor result = run({"Cast", 1, {{"to", std::string("INT32")}}}, {reals()})[0];
  EXPECT_EQ(elements<std::int32_t>(result), (std::vector<std::int32_t>{1, -1, 0, 300}));
  EXPECT_EQ(error_of([] {
              run({"Cast", 1, {{"to", std::string("REAL")}}}, {reals()});
            }),
            "invalid_model: attribute 'to' is \"REAL\", which is no type");
}

TEST(Cast, SaturatesUnlessToldNotTo) {
  const Tensor large = Tensor::of<float>({2}, {1e6f, -INFINITY});
  Attributes attributes = to(DataType::float8e4m3fn);
  EXPECT_EQ(codes(run({"Cast", 19, attributes}, {large})[0]), (std::vector<int>{0x7e, 0xfe}));
  attributes["saturate"] = std::int64_t{0};
  EXPECT_EQ(codes(run({"Cast", 19, attributes}, {large})[0]), (std::vector<int>{0x7f, 0xff}));
}

TEST(Cast, RoundsScalesAsToldTo) {
  const Tensor value = Tensor::of<float>({2}, {1.25f, 0.75f});
  Attributes attributes = to(DataType::float8e8m0);
  EXPECT_EQ(codes(run({"Cast", 24, attributes}, {value})[0]), (std::vector<int>{128, 127}));
  attributes["round_mode"] = std::string("down");
  EXPECT_EQ(codes(run({"Cast", 24, attributes}, {value})[0]), (std::vector<int>{127, 126}));
  attributes["round_mode"] = std::string("nearest");
  EXPECT_EQ(codes(run({"Cast", 24, attributes}, {value})[0]), (std::vector<int>{127, 127}));
  attributes["round_mode"] = std::string("sideways");
  EXPECT_EQ(error_of([&] {
              run({"Cast", 24, attributes}, {value});
            }),
            "invalid_model: attribute 'round_mode' is \"sideways\", expected \"up\", \"down\" or \"nearest\"");
}

TEST(Cast, RefusesWhatIsNoTypeAndWhatIsNoNumber) {
  EXPECT_EQ(error_of([] {
              run({"Cast", 13, {{"to", std::int64_t{99}}}}, {reals()});
            }),
            "invalid_model: attribute 'to' is 99, which is the number of no type");
  EXPECT_EQ(error_of([] { run({"Cast", 13}, {reals()}); }), "invalid_model: attribute 'to' is missing");
  EXPECT_EQ(error_of([] {
              run({"Cast", 13, to(DataType::complex64)}, {reals()});
            }).substr(0, 62),
            "unsupported: elements cannot be cast to complex64, supported a");
  EXPECT_EQ(error_of([] {
              run({"Cast", 13, to(DataType::float32)}, {Tensor::of<std::string>({1}, {"one"})});
            }),
            "invalid_argument: the string \"one\" is no float");
}

TEST(CastLike, TakesTheTypeOfItsSecondInput) {
  const Tensor result = run({"CastLike", 15}, {reals(), Tensor(DataType::uint8, {0})})[0];
  EXPECT_EQ(elements<std::uint8_t>(result), (std::vector<std::uint8_t>{1, 255, 0, 44}));
  EXPECT_EQ(codes(run({"CastLike", 19, {{"saturate", std::int64_t{0}}}},
                      {Tensor::of<float>({1}, {1e6f}), Tensor(DataType::float8e5m2, {1})})[0]),
            (std::vector<int>{0x7c}));
}

}  // namespace
}  // namespace ranvier::operators

// What the cases of the onnx package (tests/conformance) do not have.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::row;
using testing::run;
using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

const Tensor absent;

Tensor line(std::initializer_list<float> values) { return row<float>(values); }

/// A line of three elements at another length.
Floats at_length(std::int64_t length, Attributes attributes) {
  return elements<float>(
      run({"Resize", 19, std::move(attributes)}, {line({1, 2, 4}), absent, absent, row<std::int64_t>({length})})[0]);
}
Attributes text(const std::string& mode, const std::string& coordinates = "half_pixel") {
  return {{"mode", mode}, {"coordinate_transformation_mode", coordinates}};
}

TEST(Resize, TakesTheNearestElementOrWhatLiesBetween) {
  EXPECT_EQ(at_length(6, text("nearest")), (Floats{1, 1, 2, 2, 4, 4}));
  EXPECT_EQ(at_length(6, text("linear")), (Floats{1, 1.25f, 1.75f, 2.5f, 3.5f, 4}));
  EXPECT_EQ(at_length(5, text("linear", "align_corners")), (Floats{1, 1.5f, 2, 3, 4}));
  EXPECT_EQ(at_length(1, text("linear", "align_corners")), (Floats{1}));
  EXPECT_EQ(at_length(1, text("linear")), (Floats{2}));
  EXPECT_EQ(at_length(1, text("linear", "pytorch_half_pixel")), (Floats{1}));
  EXPECT_EQ(at_length(6, text("linear", "asymmetric")), (Floats{1, 1.5f, 2, 3, 4, 4}));
  EXPECT_EQ(at_length(3, text("cubic")), (Floats{1, 2, 4}));
  Attributes of_tensorflow = text("nearest", "tf_half_pixel_for_nn");
  of_tensorflow["nearest_mode"] = std::string("floor");
  EXPECT_EQ(at_length(6, of_tensorflow), (Floats{1, 1, 2, 2, 4, 4}));
  EXPECT_EQ(at_length(0, text("linear")), Floats());
}

TEST(Resize, TheMeanOfWhatWasMadeSmaller) {
  Attributes attributes = text("linear");
  attributes["antialias"] = std::int64_t{1};
  // Three times as wide: 1/3, 2/3, 1, 2/3, 1/3 of the ends and what lies between.
  EXPECT_FLOAT_EQ(at_length(1, attributes)[0], (1 * 1 + 2 * 1 + 3 * 2 + 2 * 4 + 1 * 4) / 9.0f);
  EXPECT_EQ(at_length(6, attributes), at_length(6, text("linear")));
}

TEST(Resize, NaNAndInfinityStayWithTheirNeighbours) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const auto y = elements<float>(
      run({"Resize", 19, text("linear")}, {line({infinity, 1, 2, 3, std::nanf("")}), absent, line({2})})[0]);
  EXPECT_EQ(Floats(y.begin() + 3, y.begin() + 7), (Floats{1.25f, 1.75f, 2.25f, 2.75f}));
  EXPECT_EQ(y[1], infinity);
  EXPECT_TRUE(std::isnan(y[8]));
}

TEST(Resize, ScalesLeaveWholeLengths) {
  const auto length = [](float scale, std::int64_t from) {
    return run({"Resize", 13}, {Tensor(DataType::uint8, {from}), absent, line({scale})})[0].shape()[0];
  };
  EXPECT_EQ(length(0.7f, 10), 7) << "though 0.7 is a little more than the float";
  EXPECT_EQ(length(0.99f, 1), 0);
  EXPECT_EQ(length(1.6f, 5), 8);
  EXPECT_EQ(length(2, 0), 0);
  EXPECT_EQ(length(1, (1 << 24) + 1), (1 << 24) + 1) << "which is no float";
}

TEST(Resize, AxesInAnyOrder) {
  Attributes attributes = text("nearest");
  attributes["axes"] = Ints{-1, 0};
  const Tensor y = run({"Resize", 18, attributes}, {counting({1, 2, 2}), absent, line({2, 3})})[0];
  EXPECT_EQ(y.shape(), (Shape{3, 2, 4}));
  EXPECT_EQ(elements<std::int64_t>(y), (Ints{0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3}));
  attributes["axes"] = Ints{};
  EXPECT_EQ(run({"Resize", 18, attributes}, {counting({2, 2}), absent, line({})})[0].shape(), (Shape{2, 2}));
  EXPECT_EQ(run({"Resize", 11, text("nearest")}, {counting({}), absent, line({})})[0].shape(), Shape());
}

TEST(Resize, WhatLiesBetweenAxesIsNoLargerThanInputOrOutput) {
  const std::int64_t many = 1 << 16;  // whose square no memory has
  const Tensor x(DataType::float32, {1, many});
  const Tensor y = run({"Resize", 19, text("linear")}, {x, absent, absent, row<std::int64_t>({many, 1})})[0];
  EXPECT_EQ(y.shape(), (Shape{many, 1}));
}

TEST(Resize, BeforeOpset11) {
  const auto scaled = [](const testing::Call& call, std::vector<Tensor> inputs) {
    return elements<float>(run(call, inputs)[0]);
  };
  const Tensor x = line({1, 2, 4, 8});
  const Attributes linear = {{"mode", std::string("linear")}};
  EXPECT_EQ(scaled({"Upsample", 7, {{"scales", Floats{2}}}}, {x}), (Floats{1, 1, 2, 2, 4, 4, 8, 8}));
  EXPECT_EQ(scaled({"Upsample", 9, linear}, {x, line({2})}), (Floats{1, 1.5f, 2, 3, 4, 6, 8, 8}));
  EXPECT_EQ(scaled({"Resize", 10}, {x, line({0.6f})}), (Floats{1, 4})) << "the next element, where it gets shorter";
}

TEST(Resize, TypesOfEachMode) {
  expect_moves({"Resize", 19}, {counting({2, 3}), absent, absent, row<std::int64_t>({3, 2})});
  const std::initializer_list<float> values = {1, 2, 4};
  const Tensor sizes = row<std::int64_t>({5});
  for (const DataType type : {DataType::float64, DataType::float16, DataType::bfloat16}) {
    Tensor x(type, {3});
    dispatch<FloatTypes>(type, [&]<class T>() {
      std::transform(values.begin(), values.end(), x.mutable_values<T>().begin(),
                     [](float value) { return static_cast<T>(value); });
    });
    const Tensor y = run({"Resize", 19, text("linear", "align_corners")}, {x, absent, absent, sizes})[0];
    dispatch<FloatTypes>(type, [&]<class T>() {
      Floats found;
      for (const T value : y.values<T>()) found.push_back(static_cast<float>(static_cast<Compute<T>>(value)));
      EXPECT_EQ(found, (Floats{1, 1.5f, 2, 3, 4})) << name(type);
    });
  }
  EXPECT_EQ(error_of({"Resize", 19, text("linear")}, {counting({3}), absent, absent, sizes}).substr(0, 12),
            "unsupported:");
}

TEST(Resize, ExtrapolatesWithTheElementsType) {
  Attributes attributes = text("nearest", "tf_crop_and_resize");
  attributes["extrapolation_value"] = 7.0f;
  const Tensor y =
      run({"Resize", 19, attributes}, {counting({3}), line({-0.5f, 1}), absent, row<std::int64_t>({4})})[0];
  EXPECT_EQ(elements<std::int64_t>(y), (Ints{7, 0, 1, 2}));
}

TEST(Resize, SaysWhatDoesNotFit) {
  const Tensor x = counting({2, 3});
  const Tensor sizes = row<std::int64_t>({4, 6}), scales = line({2, 2});
  EXPECT_EQ(error_of({"Resize", 19}, {x, absent, scales, sizes}),
            "invalid_model: scales and sizes are given, expected either input 2 (scales) or input 3 (sizes)");
  EXPECT_EQ(error_of({"Resize", 19}, {x}),
            "invalid_model: neither scales nor sizes are given, expected either input 2 (scales) or input 3 (sizes)");
  EXPECT_EQ(error_of({"Resize", 19}, {x, absent, line({2})}),
            "invalid_argument: there are 1 scales, expected one for each of 2 axes");
  EXPECT_EQ(error_of({"Resize", 19}, {x, absent, absent, row<std::int64_t>({1, -1})}),
            "invalid_argument: size -1 of axis 1 is negative");
  for (const float wrong : {0.0f, -1.0f, std::nanf(""), std::numeric_limits<float>::infinity(), 1e30f})
    EXPECT_NE(
        error_of({"Resize", 19}, {x, absent, line({2, wrong})}).find("is not a number above 0 that leaves a length"),
        std::string::npos)
        << wrong;
  EXPECT_EQ(error_of({"Resize", 19}, {counting({0}), absent, absent, row<std::int64_t>({2})}),
            "invalid_argument: axis 0 has no elements to make 2 from");
  EXPECT_EQ(error_of({"Resize", 19, text("nearest", "tf_crop_and_resize")}, {x, line({0, 1}), scales}),
            "invalid_argument: there are 2 numbers in roi, expected two for each of 2 axes");
  EXPECT_EQ(error_of({"Resize", 19, text("bilinear")}, {x, absent, scales}),
            "invalid_model: attribute 'mode' is 'bilinear', expected one of 'nearest', 'linear', 'cubic'");
  EXPECT_EQ(error_of({"Resize", 19, {{"axes", Ints{2}}}}, {x, absent, line({2})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Resize", 19, {{"keep_aspect_ratio_policy", std::string("not_smaller")}}},
                     {counting({1, 4}), absent, absent, row<std::int64_t>({std::int64_t{1} << 61, 1})}),
            "invalid_argument: the sizes leave axis 1 9.223372036854776e+18 elements");
  EXPECT_EQ(error_of({"Resize", 19}, {x, absent, line({1e15f, 1e15f})}).substr(0, 14), "out_of_memory:");
}

}  // namespace
}  // namespace ranvier::operators

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>

#include "operators/table.h"
#include "operators/testing.h"
#include "runtime/core/arena.h"
#include "runtime/core/thread_pool.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::Call;
using testing::elements;
using testing::error_of;
using testing::run;

using Integers = std::vector<std::int64_t>;

/// Small numbers of both signs.
Tensor numbers(const Shape& shape, int seed = 0) {
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>((static_cast<int>(i) * 7 + seed) % 23 - 11) / 8;
  return Tensor::of<float>(shape, values);
}

Tensor ones(const Shape& shape) {
  return Tensor::of<float>(shape, std::vector<float>(static_cast<std::size_t>(shape.elements()), 1.0f));
}

/// 0 to 24, five in each row.
Tensor five_by_five() {
  Tensor tensor(DataType::float32, {1, 1, 5, 5});
  for (std::size_t i = 0; i < 25; ++i) tensor.mutable_values<float>()[i] = static_cast<float>(i);
  return tensor;
}

std::vector<float> made(const Attributes& attributes, const std::vector<Tensor>& inputs) {
  return elements<float>(run({"Conv", 22, attributes}, inputs)[0]);
}

TEST(Conv, ExamplesOfTheText) {
  const std::vector<Tensor> inputs = {five_by_five(), ones({1, 1, 3, 3})};
  EXPECT_EQ(made({{"kernel_shape", Integers{3, 3}}, {"pads", Integers{1, 1, 1, 1}}}, inputs),
            (std::vector<float>{12,  21, 27, 33,  24,  33,  54,  63, 72,  51,  63,  99, 108,
                                117, 81, 93, 144, 153, 162, 111, 72, 111, 117, 123, 84}));
  EXPECT_EQ(made({}, inputs), (std::vector<float>{54, 63, 72, 99, 108, 117, 144, 153, 162}));
  EXPECT_EQ(made({{"auto_pad", std::string("SAME_LOWER")}, {"strides", Integers{2, 2}}}, inputs),
            (std::vector<float>{12, 27, 24, 63, 108, 81, 72, 117, 84}));
}

TEST(Conv, PadsToTheSameSize) {
  const Tensor x = Tensor::of<float>({1, 1, 4}, {1, 2, 3, 4}), w = Tensor::of<float>({1, 1, 2}, {1, 10});
  EXPECT_EQ(made({{"auto_pad", std::string("SAME_UPPER")}}, {x, w}), (std::vector<float>{21, 32, 43, 4}));
  EXPECT_EQ(made({{"auto_pad", std::string("SAME_LOWER")}}, {x, w}), (std::vector<float>{10, 21, 32, 43}));
  EXPECT_EQ(made({{"auto_pad", std::string("VALID")}, {"pads", Integers{1, 1}}}, {x, w}),
            (std::vector<float>{21, 32, 43}));
  EXPECT_EQ(
      made({{"auto_pad", std::string("SAME_UPPER")}, {"strides", Integers{3}}, {"dilations", Integers{2}}}, {x, w}),
      (std::vector<float>{20, 3}));
}

TEST(Conv, EveryKind) {
  const auto shape = [](const Attributes& attributes, const Shape& x, const Shape& w, bool bias) {
    std::vector<Tensor> inputs = {numbers(x, 1), numbers(w, 2)};
    if (bias) inputs.push_back(numbers({w[0]}, 3));
    return run({"Conv", 11, attributes}, inputs, 1e-4)[0].shape();
  };
  EXPECT_EQ(shape({}, {2, 3, 7}, {4, 3, 3}, true), (Shape{2, 4, 5}));
  EXPECT_EQ(shape({}, {2, 3, 7, 6, 5}, {4, 3, 3, 2, 1}, true), (Shape{2, 4, 5, 5, 5}));
  EXPECT_EQ(shape({{"group", std::int64_t{2}}}, {3, 8, 7, 6}, {6, 4, 3, 2}, false), (Shape{3, 6, 5, 5}));
  EXPECT_EQ(shape({{"group", std::int64_t{8}}}, {3, 8, 7, 6}, {16, 1, 3, 3}, true), (Shape{3, 16, 5, 4}));
  EXPECT_EQ(shape({{"strides", Integers{2, 1}}, {"pads", Integers{0, 1, 2, 3}}}, {1, 2, 7, 6}, {3, 2, 3, 3}, true),
            (Shape{1, 3, 4, 8}));
  EXPECT_EQ(shape({{"dilations", Integers{3, 2}}}, {1, 2, 9, 9}, {3, 2, 3, 3}, true), (Shape{1, 3, 3, 5}));
  EXPECT_EQ(shape({{"pads", Integers{5, 5, 5, 5}}}, {1, 2, 2, 2}, {3, 2, 3, 3}, true), (Shape{1, 3, 10, 10}))
      << "windows of nothing but pads";
  EXPECT_EQ(shape({}, {1, 2, 3, 3, 3, 3}, {3, 2, 2, 2, 2, 2}, true), (Shape{1, 3, 2, 2, 2, 2}));
  EXPECT_EQ(shape({}, {0, 3, 7}, {4, 3, 3}, true), (Shape{0, 4, 5}));
}

TEST(Conv, OfOtherTypes) {
  const Tensor x = Tensor::of<double>({1, 1, 3}, {0.1, 0.2, 0.3}), w = Tensor::of<double>({1, 1, 2}, {1, 2});
  const std::vector<double> y = elements<double>(run({"Conv", 22}, {x, w})[0]);
  EXPECT_DOUBLE_EQ(y[0], 0.5);
  EXPECT_DOUBLE_EQ(y[1], 0.8);
  const Tensor half = Tensor::of<Float16>({1, 1, 2}, {Float16(1.5f), Float16(2)});
  EXPECT_EQ(static_cast<float>(elements<Float16>(run({"Conv", 11}, {half, half})[0])[0]), 6.25f);
}

TEST(Conv, NanAndInfinity) {
  const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> y =
      made({}, {Tensor::of<float>({1, 1, 5}, {nan, 1, infinity, 1, 2}), Tensor::of<float>({1, 1, 2}, {1, 0})});
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_TRUE(std::isnan(y[1])) << "infinity times 0";
  EXPECT_EQ(y[2], infinity);
  EXPECT_EQ(y[3], 1);
}

TEST(Conv, WithAnActivation) {
  const std::vector<Tensor> inputs = {numbers({2, 3, 6, 6}), numbers({4, 3, 3, 3}, 5), numbers({4}, 1)};
  std::vector<float> expected = made({}, inputs);
  for (float& each : expected) each = std::max(each, 0.0f);
  const Call call{"Conv", 1, {{"activation", std::string("relu")}}, 1, "ranvier"};
  EXPECT_EQ(elements<float>(run(call, inputs)[0]), expected);
  EXPECT_EQ(error_of({"Conv", 1, {{"activation", std::string("softmax")}}, 1, "ranvier"}, inputs),
            "invalid_model: attribute 'activation' is 'softmax', expected one of single elements");
}

/// What oneDNN makes of the images with `threads` threads. The sums of these numbers depend on their order.
std::vector<float> by_onednn(std::int64_t first, std::int64_t images, int threads) {
  const auto sines = [](const Shape& shape, std::int64_t from) {
    std::vector<float> values(static_cast<std::size_t>(shape.elements()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::sin(static_cast<float>(from) + static_cast<float>(i));
    return Tensor::of<float>(shape, values);
  };
  const Tensor x = sines({images, 8, 16, 16}, first * 8 * 16 * 16), w = sines({24, 8, 3, 3}, 1);
  ThreadPool pool(threads);
  const graph::Node node{.op_type = "Conv", .version = 22, .inputs = {0, 1}, .outputs = {2}};
  Spec spec(node, {{x.type(), x.shape()}, {w.type(), w.shape(), &w}}, {.threads = threads, .pool = &pool});
  const Operator& conv = *find_operator("", "Conv", 22);
  conv.infer(spec);
  const Implementation& onednn = conv.implementations.front();
  EXPECT_EQ(onednn.name, "onednn");
  const Kernel kernel = onednn.prepare(spec);
  const AlignedBuffer scratch(kernel.scratch_bytes);
  std::vector<float> y(static_cast<std::size_t>(spec.output(0).shape.elements()));
  const void* inputs[] = {x.data(), w.data()};
  void* outputs[] = {y.data()};
  kernel.run({inputs, outputs, scratch.data()});
  return y;
}

TEST(Conv, TheSameImageHasTheSameBitsInEveryBatch) {
  constexpr std::int64_t images = 33;
  for (const int threads : {1, 2}) {
    const std::vector<float> all = by_onednn(0, images, threads);
    const std::size_t size = all.size() / images;
    for (std::int64_t image = 0; image < images; ++image)
      EXPECT_TRUE(std::ranges::equal(by_onednn(image, 1, 1),
                                     std::span(all).subspan(static_cast<std::size_t>(image) * size, size)))
          << image << " with " << threads << " threads";
  }
}

TEST(Conv, SharesOutImagesAmongThreads) {
  const std::vector<Tensor> inputs = {numbers({40, 8, 16, 16}), numbers({16, 8, 3, 3}, 1)};
  EXPECT_EQ(run({"Conv", 22}, inputs, 1e-4)[0].shape(), (Shape{40, 16, 14, 14}));
}

TEST(Conv, WhatDoesNotFit) {
  const Tensor x = numbers({1, 4, 5, 5}), w = numbers({6, 4, 3, 3});
  const auto error = [&](const Attributes& attributes, const std::vector<Tensor>& inputs) {
    return error_of({"Conv", 22, attributes}, inputs);
  };
  EXPECT_EQ(error({}, {numbers({1, 4}), numbers({6, 4})}),
            "invalid_argument: inputs 0 and 1 have shapes [1, 4] and [6, 4], expected a batch, channels and what "
            "windows slide over, and weights of as many dimensions");
  EXPECT_EQ(error({}, {x, numbers({6, 4, 3})}).substr(0, 65),
            "invalid_argument: inputs 0 and 1 have shapes [1, 4, 5, 5] and [6,");
  EXPECT_EQ(error({{"group", std::int64_t{4}}}, {x, w}),
            "invalid_model: attribute 'group' is 4, expected a divisor of the 6 output channels");
  EXPECT_EQ(error({{"group", std::int64_t{0}}}, {x, w}),
            "invalid_model: attribute 'group' is 0, expected a divisor of the 6 output channels");
  EXPECT_EQ(error({{"group", std::int64_t{2}}}, {x, w}),
            "invalid_argument: shapes [1, 4, 5, 5] and [6, 4, 3, 3] do not fit: 4 channels meet weights for 2 groups "
            "of 4");
  EXPECT_EQ(error({{"kernel_shape", Integers{3, 2}}}, {x, w}),
            "invalid_model: attribute 'kernel_shape' is [3, 2], but the weights have [3, 3]");
  EXPECT_EQ(error({}, {x, w, numbers({5})}), "invalid_argument: input 2 has shape [5], expected [6]");
  EXPECT_EQ(error({{"strides", Integers{1}}}, {x, w}), "invalid_model: attribute 'strides' has 1 elements, expected 2");
  EXPECT_EQ(error({{"strides", Integers{0, 1}}}, {x, w}),
            "invalid_model: attribute 'strides' has the element 0, expected 1 to 2147483647");
  EXPECT_EQ(error({{"pads", Integers{0, 0, -1, 0}}}, {x, w}),
            "invalid_model: attribute 'pads' has the element -1, expected 0 to 2147483647");
  EXPECT_EQ(error({{"dilations", Integers{3, 1}}}, {x, w}),
            "invalid_argument: dimension 2 of size 5, padded by 0 and 0, is smaller than a window, which reaches over "
            "7");
  EXPECT_EQ(error({{"auto_pad", std::string("SAME")}}, {x, w}),
            "invalid_model: attribute 'auto_pad' is 'SAME', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  EXPECT_EQ(error({}, {numbers({1, 4, 5, 5}), Tensor::of<double>({6, 4, 3, 3}, std::vector<double>(216))}),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error({}, {testing::counting({1, 4, 5}), testing::counting({1, 4, 5})}).substr(0, 12), "unsupported:");
  EXPECT_EQ(error({}, {x, Tensor(DataType::float32, {6, 4, 0, 3})}),
            "invalid_argument: windows of [0, 3] over [5, 5]: expected sizes below 2147483648, and windows of 1 at "
            "least");
}

}  // namespace
}  // namespace ranvier::operators

#include "ranvier/tensor.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "ranvier/error.h"

namespace ranvier {
namespace {

template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Tensor, OwnedOnesStartZeroedAndAreSharedByCopies) {
  Tensor tensor(DataType::float32, {2, 2});
  const Tensor copy = tensor;
  tensor.mutable_values<float>()[3] = 5;
  EXPECT_EQ(copy.values<float>()[3], 5);
  EXPECT_EQ(copy.values<float>()[0], 0);
  EXPECT_NE(tensor.copy().data(), tensor.data());
}

// Lists of tensors that grow move them, and count no references.
static_assert(std::is_nothrow_move_constructible_v<Tensor>);

TEST(Shape, CopiesHaveAllDimensions) {
  for (std::size_t rank = 0; rank <= Shape::max_rank; ++rank) {
    Shape shape;
    for (std::size_t i = 0; i < rank; ++i) shape.push_back(static_cast<std::int64_t>(10 * rank + i));
    const Shape copy = shape;
    EXPECT_EQ(copy, shape);
    Shape assigned = Shape::filled(rank % 7, 3);
    assigned = shape;
    EXPECT_EQ(assigned, shape);
    EXPECT_EQ(Shape(std::span<const std::int64_t>(shape.begin(), shape.end())), shape);
  }
}

TEST(Tensor, ViewsUseTheCallersMemory) {
  std::vector<float> numbers = {1, 2, 3};
  Tensor view = Tensor::view(numbers, {3});
  view.mutable_values<float>()[1] = 7;
  EXPECT_EQ(numbers[1], 7);
  const std::vector<float>& constant = numbers;
  Tensor reading = Tensor::view(constant, {3});
  EXPECT_EQ(error_of([&] { reading.mutable_data(); }), "this tensor is a view of constant elements");
}

TEST(Tensor, ChecksCountsAndTypes) {
  EXPECT_EQ(error_of([] { Tensor::of<float>({2, 2}, {1, 2, 3}); }), "shape [2, 2] has 4 elements, 3 were given");
  const Tensor tensor(DataType::int64, {2});
  EXPECT_EQ(error_of([&] { (void)tensor.values<float>(); }), "the tensor holds int64 elements, float were asked for");
  EXPECT_EQ(error_of([&] { (void)tensor.reshaped({3}); }), "a tensor of shape [2] cannot take the shape [3]");
  EXPECT_EQ(tensor.reshaped({1, 2}).data(), tensor.data());
}

TEST(Tensor, HoldsStrings) {
  const Tensor tensor = Tensor::of<std::string>({2}, {"one", "two"});
  const Tensor copy = tensor.copy();
  EXPECT_EQ(copy.values<std::string>()[1], "two");
}

TEST(Tensor, RefusesWhatNoMemoryHolds) {
  EXPECT_THROW(Tensor(DataType::float32, {1ll << 62}), Error);
  EXPECT_THROW(Tensor(DataType::float32, {1ll << 58}), Error);
}

TEST(Tensor, ViewsTakeArraysAsSpans) {
  std::array<float, 2> numbers = {1, 2};
  Tensor::view(std::span(numbers), {2}).mutable_values<float>()[0] = 3;
  EXPECT_EQ(numbers[0], 3);
  EXPECT_EQ(Tensor::strided_view(std::span(numbers), {2, 2}, {1, 0}).copy().values<float>()[3], 2);
}

TEST(Tensor, SaysWhoOwnsTheElements) {
  std::vector<float> numbers = {1, 2};
  EXPECT_TRUE(Tensor::view(numbers, {2}).borrowed());
  EXPECT_FALSE(Tensor::view(numbers, {2}).copy().borrowed());
  EXPECT_FALSE(Tensor::of<float>({2}, numbers).borrowed());
  const auto owner = std::make_shared<std::vector<float>>(2);
  EXPECT_FALSE(Tensor::view(DataType::float32, owner->data(), {2}, owner).borrowed());
  EXPECT_FALSE(Tensor().borrowed());
}

template <class Vector>
constexpr bool can_be_viewed = requires(Vector&& vector) {
  Tensor::view(std::forward<Vector>(vector), Shape{1});
};

TEST(Tensor, TakesAVectorOverAndNeverBorrowsOneThatGoes) {
  std::vector<float> numbers = {1, 2};
  const float* const elements = numbers.data();
  const Tensor tensor = Tensor::of<float>({2}, std::move(numbers));
  EXPECT_EQ(tensor.data(), elements);
  EXPECT_FALSE(tensor.borrowed());
  static_assert(can_be_viewed<std::vector<float>&>);
  static_assert(!can_be_viewed<std::vector<float>>);
}

/// 0, 1, ..., 11, as a matrix of 3 by 4.
std::vector<float> matrix() {
  std::vector<float> numbers(12);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  return numbers;
}

std::vector<float> gathered(const Tensor& tensor) {
  const Tensor copy = tensor.copy();
  return {copy.values<float>().begin(), copy.values<float>().end()};
}

TEST(Tensor, StridedViewsAreCopiedDense) {
  const std::vector<float> numbers = matrix();
  const std::span<const float> all(numbers);
  const Tensor transposed = Tensor::strided_view(all, {4, 3}, {1, 4});
  EXPECT_FALSE(transposed.dense());
  EXPECT_EQ(transposed.strides(), (Shape{1, 4}));
  EXPECT_EQ(transposed.bytes(), 48u);
  EXPECT_TRUE(transposed.copy().dense());
  EXPECT_EQ(gathered(transposed), (std::vector<float>{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
  EXPECT_EQ(gathered(Tensor::strided_view(all.subspan(2), {3}, {4})), (std::vector<float>{2, 6, 10}));
  EXPECT_EQ(gathered(Tensor::strided_view(all, {2, 3}, {0, 1})), (std::vector<float>{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(gathered(Tensor::strided_view(DataType::float32, &numbers[11], {2, 2}, {-4, -2})),
            (std::vector<float>{11, 9, 7, 5}));
  const std::vector<std::string> words = {"a", "b", "c"};
  EXPECT_EQ(Tensor::strided_view(std::span(words), {2}, {2}).copy().values<std::string>()[1], "c");
}

TEST(Tensor, StridesOfADenseTensorMakeADenseView) {
  std::vector<float> numbers = matrix();
  Tensor whole = Tensor::strided_view(std::span(numbers), {3, 1, 4}, {4, 77, 1});
  EXPECT_TRUE(whole.dense());
  EXPECT_EQ(whole.strides(), (Shape{4, 4, 1}));
  whole.mutable_values<float>()[5] = -1;
  EXPECT_EQ(numbers[5], -1);
  EXPECT_TRUE(Tensor::strided_view(std::span(numbers), {0, 4}, {9, 9}).dense());
}

TEST(Tensor, RefusesStridesThatDoNotFit) {
  const std::vector<float> numbers = matrix();
  const auto error = [&](const Shape& shape, const Shape& strides) {
    return error_of([&] { Tensor::strided_view(std::span(numbers), shape, strides); });
  };
  EXPECT_EQ(error({4, 3}, {1}), "1 strides were given for the 2 dimensions of shape [4, 3]");
  EXPECT_EQ(error({4, 3}, {1, 5}), "shape [4, 3] with strides [1, 5] reaches beyond the 12 elements that were given");
  EXPECT_EQ(error({2}, {-1}), "shape [2] with strides [-1] reaches beyond the 12 elements that were given");
  EXPECT_EQ(error_of([&] { Tensor::strided_view(DataType::int4, numbers.data(), {2}, {2}); }),
            "elements of type int4 share bytes and have no strides");
  const Tensor column = Tensor::strided_view(std::span(numbers), {3}, {4});
  const std::string apart = "the tensor's elements lie apart, with strides [4]: copy() brings them together";
  EXPECT_EQ(error_of([&] { (void)column.values<float>(); }), apart);
  EXPECT_EQ(error_of([&] { (void)column.reshaped({1, 3}); }), apart);
}

}  // namespace
}  // namespace ranvier

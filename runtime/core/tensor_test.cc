#include "ranvier/tensor.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ranvier

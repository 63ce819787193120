#include "runtime/core/forgotten.h"

#include <gtest/gtest.h>

#include "ranvier/error.h"

namespace ranvier {
namespace {

TEST(Forgotten, KnowWhatTheyWere) {
  const Tensor tensor = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  const Tensor gone = forgotten(tensor);
  EXPECT_EQ(gone.type(), tensor.type());
  EXPECT_EQ(gone.shape(), tensor.shape());
  EXPECT_NE(gone.data(), forgotten(tensor).data()) << "two tensors";
  EXPECT_TRUE(is_what_was_forgotten(tensor.copy(), gone));
  EXPECT_FALSE(is_what_was_forgotten(Tensor::of<float>({2, 2}, {1, 2, 3, 5}), gone));
  EXPECT_FALSE(is_what_was_forgotten(tensor.reshaped({4}), gone));
  EXPECT_FALSE(is_what_was_forgotten(Tensor::of<std::int32_t>({2, 2}, {1, 2, 3, 4}), gone));
  EXPECT_TRUE(is_forgotten(gone));
  EXPECT_FALSE(is_forgotten(tensor));
}

TEST(Forgotten, AreNotRead) {
  const Tensor gone = forgotten(Tensor::of<float>({2}, {1, 2}));
  EXPECT_FALSE(gone.dense());
  try {
    (void)gone.copy();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::internal);
    EXPECT_STREQ(error.what(), "the tensor's elements are not kept in memory");
  }
  EXPECT_THROW((void)gone.values<float>(), Error);
}

}  // namespace
}  // namespace ranvier

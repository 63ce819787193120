#include "runtime/loader/tensor_file.h"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using testing::elements;
using testing::error_of;
using testing::TemporaryFolder;

TEST(TensorFile, WhatIsSavedIsLoaded) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.pb";
  save_tensor(file, Tensor::of<float>({2, 1}, {1.5f, std::numeric_limits<float>::infinity()}), "x");
  const NamedTensor named = load_named_tensor(file);
  EXPECT_EQ(named.name, "x");
  EXPECT_EQ(named.tensor.shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<float>(named.tensor), (std::vector<float>{1.5f, std::numeric_limits<float>::infinity()}));
  save_tensor(file, Tensor::of<std::string>({2}, {"a", ""}));
  EXPECT_EQ(elements<std::string>(load_tensor(file)), (std::vector<std::string>{"a", ""}));
  save_tensor(file, Tensor::of<bool>({}, {true}));
  EXPECT_EQ(elements<bool>(load_tensor(file)), std::vector<bool>{true});
  save_tensor(file, Tensor(DataType::int4, {3}));
  EXPECT_EQ(load_tensor(file).type(), DataType::int4);
  save_tensor(file, Tensor(DataType::float64, {0, 2}));
  EXPECT_EQ(load_tensor(file).shape(), (Shape{0, 2}));
}

TEST(TensorFile, AnythingElseIsRefused) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    const auto file = folder.write("x.pb", bytes);
    return testing::without_path(error_of([&] { load_tensor(file); }), file);
  };
  const std::string expected = "invalid_argument: FILE: the file does not hold one ONNX tensor (TensorProto)";
  EXPECT_EQ(error(""), expected);
  EXPECT_EQ(error("1.0,2.0\n"), expected);
  EXPECT_EQ(error(serialize(testing::relu_model())), expected);
  const std::string tensor = tensor_bytes(Tensor::of<float>({4}, {1, 2, 3, 4}));
  EXPECT_EQ(error(tensor.substr(0, tensor.size() - 1)), expected);
  EXPECT_EQ(error(std::string("\x08\x03\x10\x01\x4a\x04", 6) + "abcd"),
            "invalid_argument: FILE: tensor '': float[3] needs 12 bytes of raw_data, found 4");
  EXPECT_EQ(error_of([&] { load_tensor(folder.path() / "none"); }),
            "io: " + (folder.path() / "none").string() + ": cannot open the file: No such file or directory");
  EXPECT_EQ(error_of([&] { load_tensor(folder.path()); }),
            "io: " + folder.path().string() + ": is a folder, expected a file");
}

TEST(TensorFile, WhatCannotBeWritten) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "no/x.pb";
  EXPECT_EQ(error_of([&] { save_tensor(file, Tensor::of<float>({}, {1})); }),
            "io: " + file.string() + ": cannot be opened for writing");
  EXPECT_EQ(error_of([&] { save_tensor(folder.path() / "x.pb", Tensor()); }),
            "invalid_argument: there is no tensor to write");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x.pb"));
}

}  // namespace
}  // namespace ranvier::loader

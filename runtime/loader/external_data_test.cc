#include "runtime/loader/external_data.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "runtime/loader/tensors.h"
#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using testing::elements;
using testing::error_of;
using testing::TemporaryFolder;

using Entries = std::vector<std::pair<std::string, std::string>>;

onnx::TensorProto external(const Entries& entries, std::int64_t size = 2,
                           std::int32_t type = onnx::TensorProto::FLOAT) {
  onnx::TensorProto tensor;
  tensor.set_name("w");
  tensor.set_data_type(type);
  tensor.add_dims(size);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  for (const auto& [key, value] : entries) {
    auto* entry = tensor.add_external_data();
    entry->set_key(key);
    entry->set_value(value);
  }
  return tensor;
}

/// The bytes of 0, 1, 2, 3 as floats.
std::string four_floats() {
  const float values[] = {0, 1, 2, 3};
  return std::string(reinterpret_cast<const char*>(values), sizeof values);
}

class ExternalDataTest : public ::testing::Test {
 protected:
  Tensor read(const onnx::TensorProto& tensor) const { return TensorReader(folder.path()).dense(tensor); }
  std::string read_error(const onnx::TensorProto& tensor) const {
    return error_of([&] { read(tensor); });
  }

  TemporaryFolder folder;
};

TEST_F(ExternalDataTest, OffsetAndLengthAreOptional) {
  folder.write("data/w.bin", four_floats());
  EXPECT_EQ(elements<float>(read(external({{"location", "data/w.bin"}}))), (std::vector<float>{0, 1}));
  const Entries full = {{"location", "data/w.bin"}, {"offset", "8"}, {"length", "8"}, {"checksum", "00"}};
  EXPECT_EQ(elements<float>(read(external(full))), (std::vector<float>{2, 3}));
}

TEST_F(ExternalDataTest, TheSamePlaceIsReadOnce) {
  folder.write("w", four_floats());
  TensorReader reader(folder.path());
  const Tensor first = reader.dense(external({{"location", "w"}, {"offset", "4"}}));
  EXPECT_EQ(elements<float>(first), (std::vector<float>{1, 2}));
  EXPECT_EQ(reader.dense(external({{"location", "w"}, {"offset", "4"}, {"length", "8"}})).data(), first.data());
  EXPECT_TRUE(first.read_only());
  const Tensor between = reader.dense(external({{"location", "w"}, {"offset", "2"}}));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(between.data()) % alignof(float), 0u);
  const Tensor flags = reader.dense(external({{"location", "w"}, {"offset", "6"}}, 2, onnx::TensorProto::BOOL));
  EXPECT_EQ(elements<bool>(flags), (std::vector<bool>{true, true}));  // 0x80, 0x3f
}

TEST_F(ExternalDataTest, NoSmallFileFillsTheMemory) {
  folder.write("w", four_floats());
  TensorReader reader(folder.path());
  for (const char* offset : {"0", "1", "2", "3"}) reader.dense(external({{"location", "w"}, {"offset", offset}}, 3));
  EXPECT_EQ(error_of([&] { reader.dense(external({{"location", "w"}}, 4)); }), "");
  EXPECT_EQ(error_of([&] {
              reader.dense(external({{"location", "w"}, {"offset", "4"}}, 3));
            }),
            "invalid_model: tensor 'w': external data 'w' has 16 bytes, its tensors overlap and take 76");
}

TEST_F(ExternalDataTest, ElementsOutliveTheReader) {
  folder.write("w", four_floats());
  const Tensor tensor = read(external({{"location", "w"}}, 4));
  folder.write("w", "");  // a mapped file would end this process
  EXPECT_EQ(elements<float>(tensor), (std::vector<float>{0, 1, 2, 3}));
}

TEST_F(ExternalDataTest, LocationsOutsideTheFolderAreRefused) {
  const std::filesystem::path outside = folder.write("outside", four_floats());
  std::filesystem::create_directories(folder.path() / "model");
  std::filesystem::create_symlink(outside, folder.path() / "model/link");
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "model/up");
  const auto error = [&](const std::string& location) {
    return error_of([&] { TensorReader(folder.path() / "model").dense(external({{"location", location}})); });
  };
  const std::string rule = "' must lie in the folder of the model, as a path relative to it";
  EXPECT_EQ(error(outside.string()), "invalid_model: tensor 'w': external data '" + outside.string() + rule);
  EXPECT_EQ(error("../outside"), "invalid_model: tensor 'w': external data '../outside" + rule);
  EXPECT_EQ(error("x/../w"), "invalid_model: tensor 'w': external data 'x/../w" + rule);
  EXPECT_EQ(error("link"),
            "invalid_model: tensor 'w': external data 'link' is a link that leads out of the folder of the model");
  EXPECT_EQ(
      error("up/outside"),
      "invalid_model: tensor 'w': external data 'up/outside' is a link that leads out of the folder of the model");
  EXPECT_EQ(error(""), "invalid_model: tensor 'w': its external data has no usable location");
  EXPECT_EQ(error(std::string("a\0b", 3)), "invalid_model: tensor 'w': its external data has no usable location");
}

TEST_F(ExternalDataTest, LinksInsideTheFolderAreFollowed) {
  folder.write("w", four_floats());
  std::filesystem::create_symlink("w", folder.path() / "link");
  EXPECT_EQ(elements<float>(read(external({{"location", "link"}}))), (std::vector<float>{0, 1}));
}

TEST_F(ExternalDataTest, OnlyRegularFiles) {
  std::filesystem::create_directory(folder.path() / "sub");
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_error(external({{"location", "missing"}})),
            "io: tensor 'w': external data 'missing': No such file or directory");
  EXPECT_EQ(read_error(external({{"location", "sub"}})),
            "io: tensor 'w': external data 'sub': is a folder, expected a file");
  EXPECT_EQ(read_error(external({{"location", "pipe"}})),
            "io: tensor 'w': external data 'pipe': is not a regular file");
}

TEST_F(ExternalDataTest, OffsetAndLengthAreChecked) {
  folder.write("w", four_floats());
  const std::string context = "invalid_model: tensor 'w': external data 'w' ";
  EXPECT_EQ(read_error(external({{"location", "w"}, {"offset", "12"}})),
            context + "has 16 bytes, 8 at offset 12 are needed");
  EXPECT_EQ(read_error(external({{"location", "w"}, {"offset", "18446744073709551615"}})),
            context + "has 16 bytes, 8 at offset 18446744073709551615 are needed");
  EXPECT_EQ(read_error(external({{"location", "w"}}, std::int64_t{1} << 60)),
            context + "has 16 bytes, 4611686018427387904 at offset 0 are needed");
  EXPECT_EQ(read_error(external({{"location", "w"}, {"length", "4"}})),
            context + "has length 4, the shape needs 8 bytes");
  for (const std::string wrong : {"-1", "1 ", "0x4", "", "18446744073709551616"})
    EXPECT_EQ(
        read_error(external({{"location", "w"}, {"offset", wrong}})),
        "invalid_model: tensor 'w': the offset of its external data is '" + wrong + "', expected a number of bytes");
  EXPECT_EQ(read_error(external({})), "invalid_model: tensor 'w': its external data has no location");
  EXPECT_EQ(read_error(external({{"location", "w"}}, 2, onnx::TensorProto::STRING)),
            "invalid_model: tensor 'w': strings cannot be stored as external data");
}

TEST_F(ExternalDataTest, WithoutAFolderItIsRefused) {
  EXPECT_EQ(
      error_of([] {
        TensorReader("").dense(external({{"location", "w"}}));
      }),
      "invalid_argument: tensor 'w': it lies in the external file 'w', but no folder for external data was given");
}

TEST_F(ExternalDataTest, AModelFindsItsDataBesideItsFile) {
  folder.write("weights/w", four_floats());
  onnx::ModelProto model = testing::empty_model();
  *model.mutable_graph()->add_initializer() = external({{"location", "weights/w"}, {"offset", "8"}});
  model.mutable_graph()->add_output()->set_name("w");
  const std::filesystem::path file = folder.write("model.onnx", serialize(model));
  const graph::Graph graph = load_file(file).graph;
  EXPECT_EQ(elements<float>(*graph.constant(graph.outputs[0])), (std::vector<float>{2, 3}));
  EXPECT_EQ(elements<float>(*testing::load(model, folder.path()).graph.values[0].constant), (std::vector<float>{2, 3}));
  std::filesystem::remove(folder.path() / "weights/w");
  EXPECT_EQ(error_of([&] { load_file(file); }),
            "io: " + file.string() + ": tensor 'w': external data 'weights/w': No such file or directory");
}

}  // namespace
}  // namespace ranvier::loader

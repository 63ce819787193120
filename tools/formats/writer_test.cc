#include "tools/formats/writer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/loader/tensor_file.h"
#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::error_of;
using Batches = std::vector<std::vector<Tensor>>;

/// What a file holds after the batches.
std::string written(Format format, const std::vector<std::string>& names, const Batches& batches, const Top& top = {}) {
  const testing::TemporaryFolder folder;
  const auto writer = make_writer(format, folder / "y", names, top);
  for (const auto& batch : batches) writer->write(batch);
  writer->finish();
  return testing::read_file(folder / "y");
}

const Tensor first = Tensor::of<float>({2, 2}, {1, 0.1f, 3, 4});
const Tensor second = Tensor::of<float>({1, 2}, {-5, 1e-20f});
const Tensor labels = Tensor::of<std::string>({2}, {"red", "green, blue"});
const Tensor scalar = Tensor::of<std::int64_t>({}, {7});

TEST(CsvWriter, WritesRowsBatchByBatch) {
  EXPECT_EQ(written(Format::csv, {"y"}, {{first}, {second}}), "y_0,y_1\n1,0.1\n3,4\n-5,1e-20\n");
  EXPECT_EQ(written(Format::csv, {"y", "label"}, {{first, labels}}), "y_0,y_1,label\n1,0.1,red\n3,4,\"green, blue\"\n");
  EXPECT_EQ(written(Format::csv, {"n"}, {{scalar}}), "n\n7\n");
  EXPECT_EQ(written(Format::csv, {"m"}, {{first.reshaped({1, 2, 2})}}), "m_0_0,m_0_1,m_1_0,m_1_1\n1,0.1,3,4\n");
  EXPECT_EQ(error_of([] {
              written(Format::csv, {"a", "b"}, {{first, second}});
            }),
            "invalid_argument: outputs 'a' [2, 2] and 'b' [1, 2] have different numbers of rows, csv writes them side "
            "by side: choose one with --output, or write json or npz");
}

TEST(JsonWriter, WritesAListForEachOutput) {
  EXPECT_EQ(written(Format::json, {"y"}, {{first}, {second}}), "{\"y\": [\n[1, 0.1],\n[3, 4],\n[-5, 1e-20]\n]}\n");
  EXPECT_EQ(written(Format::json, {"n", "y", "m"}, {{scalar, second, second}}),
            "{\"n\": 7,\n\"y\": [\n[-5, 1e-20]\n],\n\"m\": [\n[-5, 1e-20]\n]}\n");
  EXPECT_EQ(written(Format::json, {"a", "b"}, {{first, labels}, {second, Tensor::of<std::string>({1}, {"x"})}}),
            "{\"a\": [\n[1, 0.1],\n[3, 4],\n[-5, 1e-20]\n],\n\"b\": [\n\"red\",\n\"green, blue\",\n\"x\"\n]}\n");
  EXPECT_EQ(written(Format::json, {"y"}, {{Tensor(DataType::float32, {0, 2})}}), "{\"y\": [\n]}\n");
}

TEST(TextWriter, WritesATable) {
  EXPECT_EQ(written(Format::text, {"y"}, {{first}, {second}}),
            "  row         y[0]         y[1]\n"
            "    0            1          0.1\n"
            "    1            3            4\n"
            "    2           -5        1e-20\n");
  EXPECT_EQ(written(Format::text, {"n", "y"}, {{scalar, second}}),
            "  row            n\n"
            "    0            7\n"
            "  row         y[0]         y[1]\n"
            "    0           -5        1e-20\n");
}

TEST(TextWriter, CutsLongRows) {
  const std::string text = written(Format::text, {"y"}, {{Tensor(DataType::float32, {1, 1000})}});
  EXPECT_NE(text.find("y[31]\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("0  ... 968 more (--format csv writes all)\n"));
}

TEST(PbWriter, JoinsBatches) {
  const testing::TemporaryFolder folder;
  const auto writer = make_writer(Format::pb, folder / "y.pb", {"y"});
  writer->write(std::vector<Tensor>{first});
  writer->write(std::vector<Tensor>{second});
  writer->finish();
  const auto named = loader::load_named_tensor(folder / "y.pb");
  EXPECT_EQ(named.name, "y");
  EXPECT_EQ(named.tensor.shape(), Shape({3, 2}));
  EXPECT_EQ(testing::elements<float>(named.tensor), (std::vector<float>{1, 0.1f, 3, 4, -5, 1e-20f}));
}

TEST(Writer, RefusesSeveralOutputsWhereOneFits) {
  EXPECT_EQ(error_of([] {
              written(Format::npy, {"a", "b"}, {});
            }),
            "invalid_argument: the model has 2 outputs, and npy holds one: choose one with --output, or write all as "
            "npz, json or csv");
}

TEST(Top, OrdersClasses) {
  const Tensor scores = Tensor::of<float>({2, 4}, {0.25f, std::nanf(""), 0.5f, 0.25f, 0, 0, 0, 1});
  EXPECT_EQ(written(Format::text, {"y"}, {{scores}}, {3, {}}),
            "    0  2 0.5  0 0.25  3 0.25\n"
            "    1  3 1  0 0  1 0\n");
  EXPECT_EQ(written(Format::csv, {"y"}, {{scores}}, {2, {"a", "b", "c, d", "e"}}),
            "top1,score1,top2,score2\n\"c, d\",0.5,a,0.25\ne,1,a,0\n");
  EXPECT_EQ(written(Format::json, {"y"}, {{scores}}, {1, {"a", "b", "c", "d"}}),
            "{\"y\": [\n[{\"class\": 2, \"label\": \"c\", \"score\": 0.5}],\n"
            "[{\"class\": 3, \"label\": \"d\", \"score\": 1}]\n]}\n");
  EXPECT_EQ(written(Format::csv, {"y"}, {{second}}, {9, {}}), "top1,score1,top2,score2\n1,1e-20,0,-5\n");
}

TEST(Top, ChecksTheOutput) {
  EXPECT_EQ(error_of([] {
              written(Format::text, {"y"}, {{first.reshaped({4})}}, {1, {}});
            }),
            "invalid_argument: --top: expected an output of shape [rows, classes], 'y' has [4]");
  EXPECT_EQ(error_of([] {
              written(Format::text, {"y"}, {{first}}, {1, {"a", "b", "c"}});
            }),
            "invalid_argument: --labels: expected 2 labels, one for each class of output 'y', got 3");
  EXPECT_EQ(error_of([] {
              written(Format::text, {"y"}, {{labels}}, {1, {}});
            }),
            "invalid_argument: --top: output 'y' has type string, numbers are expected");
  EXPECT_EQ(error_of([] {
              written(Format::npy, {"y"}, {}, {1, {}});
            }),
            "invalid_argument: --top writes text, csv or json, not npy");
}

}  // namespace
}  // namespace ranvier::formats

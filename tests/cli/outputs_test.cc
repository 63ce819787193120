// Every format in which outputs are written.
#include <algorithm>
#include <cstring>

#include "runtime/loader/tensor_file.h"
#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

class Outputs : public Cli {
 protected:
  Outputs() {
    write("identity.onnx", identity_model());
    write("two.onnx", two_by_two_model());
    write("x.csv", "1,0.1\n-3e20,1e-5\n");
  }

  std::string written(const Arguments& options) const {
    Arguments arguments = {"run", "identity.onnx", "-i", "x.csv"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return output_of(arguments);
  }

  const std::string as_csv = "y_0,y_1\n1,0.1\n-3e+20,1e-05\n";
  const std::string as_json = "{\"y\": [\n[1, 0.1],\n[-3e+20, 1e-05]\n]}\n";
  const std::vector<float> elements = {1, 0.1f, -3e20f, 1e-5f};
};

TEST_F(Outputs, AreATableByDefault) {
  const std::string table =
      "  row         y[0]         y[1]\n"
      "    0            1          0.1\n"
      "    1       -3e+20        1e-05\n";
  EXPECT_EQ(written({}), table);
  EXPECT_EQ(written({"--format", "text"}), table);
  EXPECT_EQ(written({"-o", "y.txt"}), "");
  EXPECT_EQ(read("y.txt"), table);
}

TEST_F(Outputs, AreTextForPrograms) {
  EXPECT_EQ(written({"--format", "csv"}), as_csv);
  EXPECT_EQ(written({"--format", "csv", "-o", "-"}), as_csv);
  EXPECT_EQ(written({"--format", "json"}), as_json);
  EXPECT_EQ(written({"-o", "y.csv"}), "");
  EXPECT_EQ(written({"--out", "y.JSON"}), "");
  EXPECT_EQ(written({"-o", "json.csv", "--format", "json"}), "");  // --format goes before the extension
  EXPECT_EQ(read("y.csv"), as_csv);
  EXPECT_EQ(read("y.JSON"), as_json);
  EXPECT_EQ(read("json.csv"), as_json);
}

TEST_F(Outputs, AreNumPyArrays) {
  const std::string bytes = written({"--format", "npy"});
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(bytes.substr(10, 59), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }");
  EXPECT_EQ(bytes.size() % 64, elements.size() * sizeof(float));
  EXPECT_EQ(std::memcmp(bytes.data() + bytes.size() - 16, elements.data(), 16), 0);
  written({"-o", "y.npy"});
  EXPECT_EQ(read("y.npy"), bytes);
  const std::string archive = written({"--format", "npz"});
  EXPECT_EQ(archive.substr(0, 4), "PK\x03\x04");
  EXPECT_NE(archive.find("y.npy"), std::string::npos);
  EXPECT_NE(archive.find(bytes), std::string::npos);  // not compressed
}

TEST_F(Outputs, AreOnnxTensors) {
  written({"-o", "y.pb"});
  const auto tensor = loader::load_named_tensor(folder / "y.pb");
  EXPECT_EQ(tensor.name, "y");
  EXPECT_EQ(tensor.tensor.shape(), Shape({2, 2}));
  EXPECT_EQ(loader::testing::elements<float>(tensor.tensor), elements);
  EXPECT_EQ(written({"--format", "pb"}), read("y.pb"));
}

TEST_F(Outputs, ReadBackAsTheyWereInEveryFormat) {
  for (const std::string format : {"csv", "json", "npy", "npz", "pb"}) {
    const std::string file = "copy." + format;
    written({"-o", file});
    EXPECT_EQ(output_of({"run", "identity.onnx", "-i", file, "--format", "csv"}), as_csv);
    EXPECT_EQ(output_of({"run", "identity.onnx", "-i", "-", "--format", "csv"}, {.input = read(file)}), as_csv);
  }
}

TEST_F(Outputs, KeepEveryTypeInEveryFormat) {
  const std::string integers = "y_0,y_1\n-9223372036854775808,9223372036854775807\n";
  const std::string flags = "y_0,y_1\ntrue,false\n";
  const std::string words = "y_0,y_1\n\"a, b\",\xe2\x82\xac\n";
  const std::string special = "y_0,y_1\nnan,-inf\n";
  for (const auto& [type, csv] : {std::pair(onnx::TensorProto::INT64, integers),
                                  {onnx::TensorProto::BOOL, flags},
                                  {onnx::TensorProto::STRING, words},
                                  {onnx::TensorProto::DOUBLE, special}}) {
    write("model.onnx", identity_model(type));
    write("first.csv", csv);
    for (const std::string format : {"csv", "json", "npy", "npz", "pb"}) {
      const std::string file = "copy." + format;
      output_of({"run", "model.onnx", "-i", "first.csv", "--csv-header", "yes", "-o", file});
      EXPECT_EQ(output_of({"run", "model.onnx", "-i", file, "--csv-header", "yes", "--format", "csv"}), csv) << format;
    }
  }
}

TEST_F(Outputs, StandSideBySideOrOneByOne) {
  const Arguments both = {"run", "two.onnx", "-i", "x.csv", "-i", "b=-", "--format"};
  const auto as = [&](const std::string& format, const Arguments& more = {}) {
    Arguments arguments = both;
    arguments.push_back(format);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return output_of(arguments, {.input = "1,1\n2,2\n"});
  };
  EXPECT_EQ(as("csv"), "sum_0,sum_1,difference_0,difference_1\n2,1.1,0,-0.9\n-3e+20,2.00001,-3e+20,-1.99999\n");
  EXPECT_EQ(as("json", {"--output", "difference"}), "{\"difference\": [\n[0, -0.9],\n[-3e+20, -1.99999]\n]}\n");
  EXPECT_EQ(as("csv", {"--output", "difference", "--output", "sum"}),
            "difference_0,difference_1,sum_0,sum_1\n0,-0.9,2,1.1\n-3e+20,-1.99999,-3e+20,2.00001\n");
}

TEST_F(Outputs, HaveInnerValuesAmongThem) {
  const std::string digits = RANVIER_SOURCE_DIR "/models/digits_mlp/";
  const std::string hidden = "sequential_1/dense_1_2/MatMul:0";  // which is a part of one step, without tap
  const Arguments run = {"run", digits + "model.onnx", "-i", digits + "x.npy", "--tap", hidden, "--format", "csv"};
  const std::string all = output_of(run);
  EXPECT_EQ(all.substr(0, all.find(',')), "Identity:0_0");
  EXPECT_NE(all.find("," + hidden + "_63\n"), std::string::npos);
  Arguments only = run;
  only.insert(only.end(), {"--output", hidden});
  const std::string one = output_of(only);
  EXPECT_EQ(one.substr(0, one.find(',')), hidden + "_0");
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), std::count(all.begin(), all.end(), '\n'));
  expect_error(2, "--tap: the model has no value 'middle' to tap; it has 'a', 'b', 'sum', 'difference'",
               {"run", "two.onnx", "-i", "x.csv", "--tap", "middle"});
}

TEST_F(Outputs, NameTheBestClasses) {
  write("x.csv", "1,2\n4,3\nnan,-1\n");
  write("labels.txt", "cat\ndog, small\n");
  EXPECT_EQ(written({"--top", "1"}), "    0  1 2\n    1  0 4\n    2  1 -1\n");
  EXPECT_EQ(written({"--top", "5", "--labels", "labels.txt"}),
            "    0  dog, small 2  cat 1\n    1  cat 4  dog, small 3\n    2  dog, small -1  cat nan\n");
  EXPECT_EQ(written({"--top", "1", "--labels", "labels.txt", "--format", "csv"}),
            "top1,score1\n\"dog, small\",2\ncat,4\n\"dog, small\",-1\n");
  written({"--top", "1", "--labels", "labels.txt", "-o", "top.json"});
  EXPECT_EQ(read("top.json"),
            "{\"y\": [\n[{\"class\": 1, \"label\": \"dog, small\", \"score\": 2}],\n"
            "[{\"class\": 0, \"label\": \"cat\", \"score\": 4}],\n"
            "[{\"class\": 1, \"label\": \"dog, small\", \"score\": -1}]\n]}\n");
}

TEST_F(Outputs, ReplaceAFileAsAWhole) {
  write("y.csv", "old and longer than what comes\n");
  std::filesystem::create_symlink("y.csv", folder / "link.csv");
  written({"-o", "link.csv"});
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
  EXPECT_EQ(read("y.csv"), as_csv);
}

}  // namespace
}  // namespace ranvier::cli

// Every format in which inputs are read, and how files find their inputs.
#include "runtime/loader/tensor_file.h"
#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using loader::testing::relu_model;

const std::string rows_as_csv = "1,-2\n0.5,4\n";
const std::string rows_as_json = "[[1, -2], [0.5, 4]]";
const std::string answer = "y_0,y_1\n1,0\n0.5,4\n";

/// The rows of `answer` before Relu.
const std::vector<float> rows = {1, -2, 0.5f, 4};

class Inputs : public Cli {
 protected:
  Inputs() { write("relu.onnx", relu_model()); }

  std::string answer_to(const std::string& file, const std::string& bytes) const {
    write(file, bytes);
    return output_of({"run", "relu.onnx", "-i", file, "--format", "csv"});
  }

  std::string answer_to_standard_input(const std::string& bytes, const Arguments& more = {}) const {
    Arguments arguments = {"run", "relu.onnx", "-i", "-", "--format", "csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return output_of(arguments, {.input = bytes});
  }

  std::string npz() const {
    write("identity.onnx", identity_model());
    write("x.npy", npy({2, 2}, rows));
    return output_of({"run", "identity.onnx", "-i", "x.npy", "--format", "npz"});
  }

  static std::string pb() { return loader::tensor_bytes(Tensor::of<float>({2, 2}, rows), "x"); }
};

TEST_F(Inputs, AreReadFromEveryFormatByItsExtension) {
  EXPECT_EQ(answer_to("x.csv", rows_as_csv), answer);
  EXPECT_EQ(answer_to("header.csv", "first,second\n" + rows_as_csv), answer);
  EXPECT_EQ(answer_to("X.CSV", rows_as_csv), answer);
  EXPECT_EQ(answer_to("list.json", rows_as_json), answer);
  EXPECT_EQ(answer_to("object.json", "{\"x\": " + rows_as_json + "}"), answer);
  EXPECT_EQ(answer_to("x.npy", npy({2, 2}, rows)), answer);
  EXPECT_EQ(answer_to("x.npz", npz()), answer);
  EXPECT_EQ(answer_to("x.pb", pb()), answer);
}

TEST_F(Inputs, AreReadFromEveryFormatByItsFirstBytes) {
  for (const std::string& bytes : {rows_as_csv, "first,second\n" + rows_as_csv, rows_as_json,
                                   "\n {\"x\": " + rows_as_json + "}", npy({2, 2}, rows), npz(), pb()}) {
    EXPECT_EQ(answer_to("file of some kind", bytes), answer);
    EXPECT_EQ(answer_to_standard_input(bytes), answer);
  }
}

TEST_F(Inputs, AreReadFromTheFormatThatIsNamed) {
  EXPECT_EQ(answer_to_standard_input(rows_as_csv, {"--input-format", "csv"}), answer);
  EXPECT_EQ(answer_to_standard_input(rows_as_json, {"--input-format", "json"}), answer);
  EXPECT_EQ(answer_to_standard_input(npy({2, 2}, rows), {"--input-format", "npy"}), answer);
  EXPECT_EQ(answer_to_standard_input(npz(), {"--input-format", "npz"}), answer);
  EXPECT_EQ(answer_to_standard_input(pb(), {"--input-format", "pb"}), answer);
}

TEST_F(Inputs, CsvIsReadAsSpreadsheetsWriteIt) {
  EXPECT_EQ(answer_to("crlf.csv", "1,-2\r\n0.5,4\r\n"), answer);
  EXPECT_EQ(answer_to("mark.csv", "\xef\xbb\xbf" + rows_as_csv), answer);
  EXPECT_EQ(answer_to("mark_and_header.csv", "\xef\xbb\xbf\"a, b\",\"c \"\"d\"\"\"\r\n1,-2\r\n0.5,4\r\n"), answer);
  EXPECT_EQ(answer_to("quoted.csv", "\"1\",\"-2\"\n\"0.5\",4\n"), answer);
  EXPECT_EQ(answer_to("blanks.csv", " 1 ,\t-2\n0.5, 4 \n"), answer);
  EXPECT_EQ(answer_to("no_last_end.csv", "1,-2\n0.5,4"), answer);
  EXPECT_EQ(answer_to("empty_lines_at_the_end.csv", rows_as_csv + "\n\r\n\n"), answer);
  EXPECT_EQ(answer_to("spellings.csv", "+1.0,-2e0\n5E-1,0.4e+1\n"), answer);
}

TEST_F(Inputs, MayHaveAnyName) {
  for (const std::string file : {"two words.csv", "\xc3\xbc\xe2\x82\xac.csv", "a=b.csv", "1e3.csv"}) {
    EXPECT_EQ(answer_to(file, rows_as_csv), answer);
    EXPECT_EQ(output_of({"run", "relu.onnx", "-i", "x=" + file, "--format", "csv"}), answer);
    EXPECT_EQ(output_of({"run", "relu.onnx", "-i", file, "-o", "out " + file}), "");
    EXPECT_EQ(read("out " + file), answer);
  }
}

TEST_F(Inputs, CsvHeadersCanBeForced) {
  EXPECT_EQ(answer_to_standard_input("7,7\n" + rows_as_csv, {"--csv-header", "yes"}), answer);
  EXPECT_EQ(answer_to_standard_input(rows_as_csv, {"--csv-header", "no"}), answer);
}

TEST_F(Inputs, NaNAndInfinityAreNumbers) {
  const std::string special = "y_0,y_1\nnan,inf\n0,1\n";
  EXPECT_EQ(answer_to("x.csv", "nan,inf\n-Inf,1\n"), special);
  EXPECT_EQ(answer_to("x.json", "[[\"NaN\", \"Infinity\"], [\"-Infinity\", 1]]"), special);
}

TEST_F(Inputs, NoRowsGiveNoRows) {
  EXPECT_EQ(answer_to("x.npy", npy({0, 2}, {})), "y_0,y_1\n");
  write("x.npy", npy({0, 2}, {}));
  EXPECT_EQ(output_of({"run", "relu.onnx", "-i", "x.npy"}), "  row         y[0]         y[1]\n");
  EXPECT_EQ(output_of({"run", "relu.onnx", "-i", "x.npy", "--format", "json"}), "{\"y\": [\n]}\n");
}

class SeveralInputs : public Cli {
 protected:
  SeveralInputs() {
    write("two.onnx", two_by_two_model());
    write("a.csv", "1,2\n3,4\n");
    write("b.csv", "10,20\n30,40\n");
  }

  std::string difference(Arguments arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"run", "two.onnx", "--output", "difference", "--format", "csv"});
    return output_of(arguments, {.input = input});
  }

  const std::string a_minus_b = "difference_0,difference_1\n-9,-18\n-27,-36\n";
  const std::string b_minus_a = "difference_0,difference_1\n9,18\n27,36\n";
};

TEST_F(SeveralInputs, AreMatchedByPositionAndByName) {
  EXPECT_EQ(difference({"-i", "a.csv", "-i", "b.csv"}), a_minus_b);
  EXPECT_EQ(difference({"-i", "b.csv", "-i", "a.csv"}), b_minus_a);
  EXPECT_EQ(difference({"-i", "b=b.csv", "-i", "a=a.csv"}), a_minus_b);
  EXPECT_EQ(difference({"-i", "b.csv", "--input", "b=a.csv"}), b_minus_a);  // what has a name goes first
  EXPECT_EQ(difference({"-i", "b=-", "-i", "a.csv"}, "10,20\n30,40\n"), a_minus_b);
}

TEST_F(SeveralInputs, ComeFromOneFile) {
  const std::string a = "[[1, 2], [3, 4]]";
  const std::string b = "[[10, 20], [30, 40]]";
  EXPECT_EQ(difference({"-i", "-"}, "{\"b\": " + b + ", \"a\": " + a + "}"), a_minus_b);
  EXPECT_EQ(difference({"-i", "-"}, "{\"first\": " + a + ", \"second\": " + b + "}"), a_minus_b);
  EXPECT_EQ(difference({"-i", "-", "-i", "b.csv"}, a), a_minus_b);
  EXPECT_EQ(difference({"-i", "a=-", "-i", "b.csv"}, "{\"any\": " + a + "}"), a_minus_b);
  write("both.npz", output_of({"run", "two.onnx", "-i", "a.csv", "-i", "b.csv", "--format", "npz"}));
  EXPECT_EQ(difference({"-i", "both.npz"}), "difference_0,difference_1\n20,40\n60,80\n");  // (a + b) - (a - b)
}

TEST_F(SeveralInputs, AreMadeUpWhereNoFileGivesThem) {
  const Arguments arguments = {"-i", "a.csv", "--random", "--shape", "b=2x2", "--seed", "3"};
  const std::string made_up = difference(arguments);
  EXPECT_EQ(difference(arguments), made_up);
  EXPECT_NE(difference({"-i", "a.csv", "--random", "--shape", "b=2x2", "--seed", "4"}), made_up);
}

TEST_F(Cli, RandomInputsFollowSeedAndShape) {
  write("identity.onnx", identity_model());
  const Arguments three = {"run", "identity.onnx", "--random", "--shape", "3x2", "--format", "csv"};
  // The same on every machine: uniform in [-3, 3], from the bits of a Mersenne twister with that seed.
  EXPECT_EQ(output_of(three), "y_0,y_1\n-2.0412397,2.9528713\n-2.7625859,0.584968\n0.25370982,-2.6570413\n");
  EXPECT_EQ(output_of({"run", "identity.onnx", "--random", "--format", "csv"}), "y_0,y_1\n-2.0412397,2.9528713\n");
  write("integers.onnx", identity_model(onnx::TensorProto::INT64));
  EXPECT_EQ(output_of({"run", "integers.onnx", "--random", "--shape", "x=3x2", "--format", "csv"}),
            "y_0,y_1\n2,3\n1,2\n0,2\n");
}

TEST_F(Cli, InputsBecomeTheTypeOfTheModel) {
  const auto answer_of = [&](int type, const std::string& rows_given) {
    write("identity.onnx", identity_model(type));
    return output_of({"run", "identity.onnx", "-i", "-", "--format", "csv"}, {.input = rows_given});
  };
  EXPECT_EQ(answer_of(onnx::TensorProto::INT64, "9223372036854775807,-9223372036854775808\n1e3,2.0\n"),
            "y_0,y_1\n9223372036854775807,-9223372036854775808\n1000,2\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::UINT64, "[[18446744073709551615, 0]]"), "y_0,y_1\n18446744073709551615,0\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::UINT8, "255,0\n"), "y_0,y_1\n255,0\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::BOOL, "true,0\n"), "y_0,y_1\ntrue,false\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::DOUBLE, "0.1,1e308\n"), "y_0,y_1\n0.1,1e+308\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::FLOAT16, "0.5,65504\n"), "y_0,y_1\n0.5,65504\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::STRING, "red,\"a, \"\"b\"\"\"\n\xc3\xa4,\"two\nlines\"\n"),
            "y_0,y_1\nred,\"a, \"\"b\"\"\"\n\xc3\xa4,\"two\nlines\"\n");
  EXPECT_EQ(answer_of(onnx::TensorProto::STRING, R"([["NaN", "Infinity"], ["nought", "NaN"]])"),
            "y_0,y_1\nNaN,Infinity\nnought,NaN\n");
}

}  // namespace
}  // namespace ranvier::cli

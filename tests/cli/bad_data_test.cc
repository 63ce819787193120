// Data that cannot be read, does not fit or cannot be written: exit code 4, a message of one line, and no output file.
#include <fmt/format.h>
#include <zip.h>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

const std::vector<std::string> output_formats = {"text", "csv", "json", "npy", "npz", "pb"};

class BadData : public Cli {
 protected:
  BadData() {
    write("identity.onnx", identity_model());
    write("two.onnx", two_by_two_model());
    write("good.csv", "1,2\n");
  }

  /// Expects that a file of these bytes is refused as an input of the model, with a message that begins with it.
  void expect_refused(const std::string& message, const std::string& file, const std::string& bytes,
                      const Arguments& options = {}, const std::string& model = "identity.onnx") const {
    write(file, bytes);
    Arguments arguments = {"run", model, "-i", file, "-o", "y.csv"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    expect_error(4, file + ": " + message, arguments);
    EXPECT_FALSE(std::filesystem::exists(folder / "y.csv"));
  }
};

TEST_F(BadData, IsNotThere) {
  expect_error(4, "none.csv: cannot be opened: No such file or directory", {"run", "identity.onnx", "-i", "none.csv"});
  expect_error(4, ".: is a folder, a file is expected", {"run", "identity.onnx", "-i", "."});
  expect_error(4, ": cannot be opened: No such file or directory", {"run", "identity.onnx", "-i", ""});
  expect_error(4, "labels.txt: cannot be opened: No such file or directory",
               {"run", "identity.onnx", "-i", "good.csv", "--top", "1", "--labels", "labels.txt"});
  expect_error(4, "standard input: Bad file descriptor", {"run", "identity.onnx", "-i", "-"},
               {.shell = R"(exec "$0" "$@" <&-)"});
}

TEST_F(BadData, IsForInputsThatTheModelDoesNotHave) {
  expect_error(4, "the model has no input 'z'; it has 'x'", {"run", "identity.onnx", "-i", "z=good.csv"});
  expect_error(4, "good.csv: no input of the model is left for it: it has 'x'",
               {"run", "identity.onnx", "-i", "good.csv", "-i", "good.csv"});
  expect_error(4, "good.csv: input 'x' is given twice",
               {"run", "identity.onnx", "-i", "x=good.csv", "-i", "x=good.csv"});
  expect_refused("'z' is not an input of the model; it has 'x'", "x.json", R"({"x": [[1, 2]], "z": [[1, 2]]})");
  expect_refused("'z' is not an input of the model; it has 'a', 'b'", "x.json", R"({"a": [[1, 2]], "z": [[1, 2]]})", {},
                 "two.onnx");
  expect_refused("'x' stands there twice", "x.json", R"({"x": [[1, 2]], "x": [[1, 2]]})");
}

TEST_F(BadData, HasTheWrongShape) {
  for (const auto& [shape, text] :
       {std::pair(std::vector<std::int64_t>{1, 3}, "[1, 3]"), {{2}, "[2]"}, {{1, 1, 2}, "[1, 1, 2]"}, {{}, "[]"}})
    expect_refused(std::string("input 'x': expected shape [rows, 2], got ") + text, "x.npy", npy(shape, {1, 2, 3}));
  expect_refused("input 'x': expected shape [rows, 2], got [1, 3]", "x.json", "[[1, 2, 3]]");
  expect_refused("line 1 (row 1): expected 2 columns for input 'x' of shape [rows, 2], got 3", "x.csv", "1,2,3\n");
  write("three.csv", "1,2\n3,4\n5,6\n");
  expect_error(4, "inputs 'a' and 'b' have different numbers of rows: 1 and 3",
               {"run", "two.onnx", "-i", "good.csv", "-i", "three.csv"});
}

TEST_F(BadData, HasTheWrongType) {
  expect_refused("input 'x': expected elements of type float, got string", "x.json", R"([["a", "b"]])");
  write("integers.onnx", identity_model(onnx::TensorProto::INT64));
  expect_refused("input 'x': the element at [0, 1] is 2.5, which type int64 does not hold", "x.npy",
                 npy({1, 2}, {1, 2.5f}), {}, "integers.onnx");
  expect_refused("line 2 (row 2), column 1: 1.5 does not fit type int64", "x.csv", "1,2\n1.5,2\n", {}, "integers.onnx");
  expect_refused("line 1 (row 1), column 2: nan does not fit type int64", "x.csv", "1,nan\n", {}, "integers.onnx");
  expect_refused("line 1 (row 1), column 1: 1e39 does not fit type float", "x.csv", "1e39,2\n");
  write("small.onnx", identity_model(onnx::TensorProto::UINT8));
  expect_refused("line 1 (row 1), column 1: 256 does not fit type uint8", "x.csv", "256,0\n", {}, "small.onnx");
  expect_refused("line 1 (row 1), column 2: -1 does not fit type uint8", "x.csv", "255,-1\n", {}, "small.onnx");
}

TEST_F(BadData, IsNoCsv) {
  const std::string expected = "expected 2 columns for input 'x' of shape [rows, 2], got ";
  expect_refused("holds no rows", "x.csv", "");
  expect_refused("holds no rows", "x.csv", "\n\r\n");
  expect_refused("holds a header, but no rows", "x.csv", "a,b\n");
  expect_refused("line 3 (row 3): " + expected + "1", "x.csv", "1,2\n3,4\n5\n6,7\n");
  expect_refused("line 4 (row 3): " + expected + "3", "x.csv", "a,b\n1,2\n3,4\n5,6,\n");
  expect_refused("line 2 (row 2), column 2: expected a number, got 'x'", "x.csv", "1,2\n3,x\n");
  expect_refused("line 2 (row 2), column 1: expected a number, got ''", "x.csv", "1,2\n,4\n");
  expect_refused("line 1 (row 1), column 2: expected a number, got 'b'", "x.csv", "1,b\n");
  expect_refused("line 1 (row 1), column 1: expected a number, got 'a'", "x.csv", "a,b\n1,2\n", {"--csv-header", "no"});
  expect_refused("line 2 (row 2), column 1: expected a number, got 'a...'", "x.csv", "1,2\n\"a\nb\",2\n");
  expect_refused("line 2 (row 2), column 1: expected a number, got '...'", "x.csv", std::string("1,2\n\0,3\n", 8));
  expect_refused("line 2 (row 2), column 1: expected a number, got '" + std::string(40, 'q') + "...'", "x.csv",
                 "1,2\n" + std::string(100000, 'q') + ",2\n");
  expect_refused("line 2 is empty, and rows follow it", "x.csv", "1,2\n\n3,4\n");
  expect_refused("line 2: a quoted field is not closed", "x.csv", "1,2\n\"3,4\n5,6\n");
  expect_refused("line 1 (header): " + expected + "1 (a comma is what separates columns)", "x.csv", "1;2\n3;4\n");
  expect_refused("line 1 (header): " + expected + "1 (a comma is what separates columns)", "x.csv", "1\t2\n");
}

TEST_F(BadData, IsNoJson) {
  const std::string at = "parse error at line 1, column ";
  expect_refused("not JSON, byte 1: " + at +
                     "1: syntax error while parsing value - unexpected end of input; expected '[', "
                     "'{', or a literal",
                 "x.json", "");
  expect_refused(
      "not JSON, byte 8: " + at + "8: syntax error while parsing array - unexpected end of input; expected ']'",
      "x.json", "[[1, 2]");
  expect_refused("not JSON, byte 3: " + at + "3: syntax error while parsing value - invalid literal; last read: '[[N'",
                 "x.json", "[[NaN, 1]]");
  expect_refused("null is no number", "x.json", "[[null, 1]]");
  expect_refused("a ragged list: list 2 of depth 2 has 1 elements, those before have 2", "x.json", "[[1, 2], [3]]");
  expect_refused("a ragged list: an element at depth 1 where those before are at depth 2", "x.json", "[[1, 2], 3]");
  expect_refused("a list mixes numbers, strings and true or false", "x.json", "[[1, \"a\"]]");
  expect_refused("a list is nested more than 16 deep", "x.json", std::string(100000, '['));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  expect_refused("'a': an object stands where a list or number is expected", "x.json", objects);
}

TEST_F(BadData, IsNoNumPyArray) {
  expect_refused("not a .npy file: it does not begin with \\x93NUMPY", "x.npy", "");
  expect_refused("not a .npy file: it does not begin with \\x93NUMPY", "x.npy", "1,2\n");
  const std::string good = npy({2, 2}, {1, 2, 3, 4});
  expect_refused("ends within the .npy header: expected 118 bytes, got 90", "x.npy", good.substr(0, 100));
  expect_refused("expected 16 bytes of elements for shape [2, 2], got 15", "x.npy", good.substr(0, good.size() - 1));
  expect_refused("expected 8796093022208 bytes of elements for shape [1099511627776, 2], got 0", "x.npy",
                 npy({std::int64_t{1} << 40, 2}, {}));
  expect_refused("shape [9223372036854775807, 2] has more elements than memory can hold", "x.npy",
                 npy({INT64_MAX, 2}, {}));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string bytes = good;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  expect_refused("elements of numpy's type '|O4' are not supported", "x.npy", changed("<f4", "|O4"));
  expect_refused("not a valid .npy header: unknown key 'descs'", "x.npy", changed("descr", "descs"));
  expect_refused("not a valid .npy header at character 1", "x.npy", changed("descr", "des\nr"));
  expect_refused(".npy version 9 is not supported, 1 to 3 are", "x.npy", changed("\x01", "\x09"));
  expect_refused("not a valid .npy header at character 51", "x.npy", changed("(2", "(-"));
  // A pipe does not tell its size: what comes is what counts.
  expect_error(4, "standard input: ends early: expected 8192 bytes for rows 0 to 1024, got 16",
               {"run", "identity.onnx", "-i", "-"}, {.input = changed("(2, 2, )", "(9999,2)")});
}

TEST_F(BadData, ClaimsMoreThanMemoryHolds) {
  const Outcome outcome =
      run({"run", "identity.onnx", "-i", "-", "--batch-size", "0"}, {.input = npy({std::int64_t{1} << 40, 2}, {})});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(
      outcome.err.starts_with("ranvier: standard input: rows 0 to 1099511627776 take 8796093022208 bytes, the "
                              "machine has "))
      << outcome.err;
}

/// An archive of one member.
std::string zip(const std::string& name, const std::string& bytes) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
  zip_close(archive);
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::string result(static_cast<std::size_t>(zip_source_tell(target)), '\0');
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, result.data(), result.size());
  zip_source_free(target);
  return result;
}

TEST_F(BadData, IsNoArchive) {
  expect_refused("not a valid .npz archive: Not a zip archive", "x.npz", "");
  expect_refused("not a valid .npz archive: Not a zip archive", "x.npz", "PK\x03\x04 and no more");
  expect_refused("member 'readme.txt' is not a .npy file", "x.npz", zip("readme.txt", "hello"));
  expect_refused("member 'x': not a .npy file: it does not begin with \\x93NUMPY", "x.npz", zip("x.npy", "hello"));
  std::string damaged = output_of({"run", "identity.onnx", "-i", "good.csv", "--format", "npz"});
  damaged[damaged.find("NUMPY") + 127] ^= 1;
  expect_refused("member 'y': CRC error", "x.npz", damaged);
  damaged.resize(damaged.size() / 2);
  expect_refused("not a valid .npz archive: Not a zip archive", "x.npz", damaged);
}

TEST_F(BadData, IsNoTensor) {
  expect_refused("the file does not hold one ONNX tensor (TensorProto)", "x.pb", "");
  expect_refused("the file does not hold one ONNX tensor (TensorProto)", "x.pb", "1,2\n");
  const std::string tensor = read("models/digits_mlp/test_data_set_0/input_0.pb");
  expect_refused("the file does not hold one ONNX tensor (TensorProto)", "x.pb", tensor.substr(0, tensor.size() / 2));
  expect_refused("input 'x': expected shape [rows, 2], got [3, 64]", "x.pb", tensor);
}

TEST_F(BadData, LeavesNoOutputBehindHoweverLateItIs) {
  std::string late;
  for (int i = 1; i <= 5000; ++i) late += fmt::format("{},2\n", i);
  write("late.csv", late + "5001,x\n");
  write("old", "old");
  for (const std::string& format : output_formats) {
    for (const char* file : {"new", "old"})
      expect_error(4, "late.csv: line 5001 (row 5001), column 2: expected a number, got 'x'",
                   {"run", "identity.onnx", "-i", "late.csv", "-o", file, "--format", format});
    EXPECT_EQ(names(), (std::vector<std::string>{"good.csv", "identity.onnx", "late.csv", "old", "two.onnx"}));
    EXPECT_EQ(read("old"), "old");
  }
}

TEST_F(BadData, HasNowhereToGo) {
  for (const std::string& format : output_formats) {
    const auto expect_unwritable = [&](const std::string& target, const std::string& why) {
      expect_error(4, target + ": cannot be written: " + why,
                   {"run", "identity.onnx", "-i", "good.csv", "--format", format, "-o", target});
    };
    expect_unwritable("/dev/full", "No space left on device");
    expect_unwritable("nowhere/y", "No such file or directory");
    expect_unwritable("good.csv/y", "Not a directory");
    expect_unwritable(".", "it is a folder");
    expect_error(4, "standard output: cannot be written: No space left on device",
                 {"run", "identity.onnx", "-i", "good.csv", "--format", format},
                 {.shell = R"(exec "$0" "$@" >/dev/full)"});
  }
}

TEST_F(BadData, IsRemovedWhenASignalEndsTheRun) {
  std::string rows;
  for (int i = 1; i <= 300000; ++i) rows += "1,2\n";
  write("long.csv", rows);
  for (const char* format : {"npy", "npz"}) {
    const Outcome outcome = run({"run", "identity.onnx", "-i", "long.csv", "--format", format},
                                {.shell = R"(export TMPDIR="$PWD"; "$0" "$@" | true)"});
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(names(), (std::vector<std::string>{"good.csv", "identity.onnx", "long.csv", "two.onnx"}));
  }
}

}  // namespace
}  // namespace ranvier::cli

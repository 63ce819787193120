// What the command line itself gets wrong: exit code 2.
#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

const std::string explained = " (ranvier run --help explains)";

class Usage : public Cli {
 protected:
  Usage() {
    write("identity.onnx", identity_model());
    write("two.onnx", two_by_two_model());
    write("x.csv", "1,2\n");
  }

  /// Expects that `ranvier run identity.onnx -i x.csv` with these options is refused.
  void expect_refused(const std::string& message, const Arguments& options) const {
    Arguments arguments = {"run", "identity.onnx", "-i", "x.csv"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    expect_error(2, message, arguments);
  }
};

TEST_F(Usage, NeedsACommand) {
  const std::string expected =
      "expected one of run, verify, summary, graph, check, bench, profile, health, optimize, ops, completion (ranvier "
      "--help explains)";
  expect_error(2, "a command is missing: " + expected, {});
  expect_error(2, "there is no command 'rum': " + expected, {"rum", "identity.onnx"});
  expect_error(2, "there is no option '--fast' before the command (ranvier --help explains)", {"--fast", "run"});
}

TEST_F(Usage, NeedsTheArgumentsOfTheCommand) {
  expect_error(2, "MODEL is required" + explained, {"run"});
  expect_error(2, "MODEL is required (ranvier check --help explains)", {"check"});
  expect_error(2, "MODEL is required (ranvier summary --help explains)", {"summary"});
  expect_error(2, "MODEL is required (ranvier optimize --help explains)", {"optimize"});
  expect_error(2, "DIR is required (ranvier verify --help explains)", {"verify"});
  expect_error(2, "SHELL is required (ranvier completion --help explains)", {"completion"});
  expect_error(2, "SHELL: fish not in {bash} (ranvier completion --help explains)", {"completion", "fish"});
  expect_error(2, "The following argument was not expected: --fast" + explained, {"run", "identity.onnx", "--fast"});
  expect_error(2, "The following argument was not expected: more (ranvier ops --help explains)", {"ops", "more"});
}

TEST_F(Usage, NumbersHaveToBeNumbersInRange) {
  const auto whole = [](const std::string& least, const std::string& got) {
    return ": expected a whole number of at least " + least + ", got '" + got + "'" + explained;
  };
  expect_refused("--batch-size" + whole("0", "-1"), {"--batch-size", "-1"});
  expect_refused("--batch-size" + whole("0", "99999999999999999999"), {"--batch-size", "99999999999999999999"});
  for (const char* given : {"two", "-1", "1025", "99999999999"})
    expect_refused("--threads: expected a whole number from 0 to 1024, got '" + std::string(given) + "'" + explained,
                   {"--threads", given});
  expect_refused("--top" + whole("1", "0"), {"--top", "0"});
  expect_refused("--seed" + whole("0", "-1"), {"--seed", "-1"});
  expect_refused("--seed" + whole("0", "1.5"), {"--seed", "1.5"});
  const std::string number = ": expected a number of at least 0, got '";
  for (const char* given : {"-1", "nan", "1e-3x", ""}) {
    const std::string message = number + given + "' (ranvier verify --help explains)";
    expect_error(2, "--rtol" + message, {"verify", "models", "--rtol", given});
    expect_error(2, "--atol" + message, {"verify", "models", "--atol", given});
  }
}

TEST_F(Usage, NamesHaveToBeKnown) {
  expect_refused("--format: xml not in {text,csv,json,npy,npz,pb}" + explained, {"--format", "xml"});
  expect_refused("--input-format: text not in {csv,json,npy,npz,pb}" + explained, {"--input-format", "text"});
  expect_refused("--csv-header: maybe not in {auto,yes,no}" + explained, {"--csv-header", "maybe"});
  expect_refused("--output: the model has no output 'z'; it has 'y'", {"--output", "z"});
  expect_refused("--output: 'y' is given twice", {"--output", "y", "--output", "y"});
}

TEST_F(Usage, OutputsHaveToFitTheirFormat) {
  expect_refused("-o y.xml: the extension tells no format; give --format", {"-o", "y.xml"});
  expect_refused("--top writes text, csv or json, not npy", {"--top", "1", "-o", "y.npy"});
  expect_refused("--labels goes with --top only", {"--labels", "x.csv"});
  const Arguments two = {"run", "two.onnx", "-i", "x.csv", "-i", "x.csv"};
  for (const Arguments& how : {Arguments{"-o", "y.npy"}, {"--format", "pb"}, {"--top", "1"}}) {
    Arguments arguments = two;
    arguments.insert(arguments.end(), how.begin(), how.end());
    const std::string taker = how[0] == "--top" ? "--top" : how[0] == "-o" ? "npy" : "pb";
    expect_error(2, "the model has 2 outputs, and " + taker + " takes one: choose it with --output", arguments);
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"identity.onnx", "two.onnx", "x.csv"}));
}

TEST_F(Usage, InputsHaveToBeGivenOnce) {
  const std::string missing = ": give it with -i, or make it up with --random";
  expect_error(2, "no data for input 'x'" + missing, {"run", "identity.onnx"});
  expect_error(2, "no data for input 'a', 'b'" + missing, {"run", "two.onnx"});
  expect_error(2, "no data for input 'a'" + missing, {"run", "two.onnx", "-i", "b=x.csv"});
  expect_error(2, "no data for input 'x'" + missing, {"run", "identity.onnx", "-i", "-"}, {.input = "{}"});
  expect_error(2, "-i: standard input can be read only once", {"run", "two.onnx", "-i", "-", "-i", "-"},
               {.input = "1,2\n"});
}

TEST_F(Usage, ShapesHaveToFitTheModel) {
  const auto expect_bad_shape = [&](const std::string& message, const Arguments& shapes) {
    Arguments arguments = {"run", "identity.onnx", "--random"};
    for (const std::string& shape : shapes) arguments.insert(arguments.end(), {"--shape", shape});
    expect_error(2, message, arguments);
  };
  const std::string expected = ": expected at most 16 sizes with x between them, 2x8 for instance";
  for (const std::string shape : {"2x", "x2", "2,8", "-2x8", "99999999999999999999x2"})
    expect_bad_shape("--shape " + shape + expected, {shape});
  expect_bad_shape("--shape 2x3: input 'x': expected shape [rows, 2], got [2, 3]", {"2x3"});
  expect_bad_shape("--shape 2: input 'x': expected shape [rows, 2], got [2]", {"x=2"});
  expect_bad_shape("--shape: the model has no input 'z'; it has 'x'", {"z=2x2"});
  expect_bad_shape("--shape: input 'x' is given twice", {"2x2", "x=3x2"});
  expect_error(2, "--shape goes with --random only", {"run", "identity.onnx", "--shape", "2x2"});
  expect_error(2, "--shape: input 'x' is read from a file",
               {"run", "identity.onnx", "-i", "x.csv", "--random", "--shape", "2x2"});
  expect_error(2, "--shape 2x2: expected NAME=2x2, the model has 2 inputs: 'a', 'b'",
               {"run", "two.onnx", "--random", "--shape", "2x2"});
}

TEST_F(Usage, BatchesHaveToBePossible) {
  write("fixed.onnx", [] {
    onnx::ModelProto model = identity_model();
    model.mutable_graph()
        ->mutable_input(0)
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(0)
        ->set_dim_value(4);
    return model;
  }());
  expect_error(2, "--batch-size 3: the model takes batches of exactly 4",
               {"run", "fixed.onnx", "-i", "x.csv", "--batch-size", "3"});
}

}  // namespace
}  // namespace ranvier::cli

// Many rows: the same answers however they are shared out among runs.
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

const Arguments digits = {"run", "models/digits_mlp/model.onnx", "-i", "models/digits_mlp/x.npy", "--format", "npy"};

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(Cli, BatchesAndThreadsDoNotChangeABit) {
  const std::string at_once = output_of(with(digits, {"--batch-size", "0"}));
  EXPECT_EQ(at_once.size(), 128 + 360 * 10 * sizeof(float));
  for (const char* rows : {"1", "7", "359", "360", "9223372036854775807"})
    EXPECT_EQ(output_of(with(digits, {"--batch-size", rows})), at_once) << rows;
  for (const char* threads : {"1", "2", "0"})
    EXPECT_EQ(output_of(with(digits, {"--threads", threads})), at_once) << threads;
}

TEST_F(Cli, CsvInBatchesGivesTheSameBits) {
  std::string rows;
  for (int i = 0; i < 3000; ++i) rows += fmt::format("{},{}\n", i * 0.37 - 500, 1e6 / (i + 1));
  write("x.csv", rows);
  write("identity.onnx", identity_model());
  const Arguments arguments = {"run", "identity.onnx", "-i", "x.csv", "--format", "csv"};
  const std::string at_once = output_of(with(arguments, {"--batch-size", "0"}));
  EXPECT_EQ(std::count(at_once.begin(), at_once.end(), '\n'), 3001);
  EXPECT_EQ(output_of(arguments), at_once);  // three of at most 1024
  EXPECT_EQ(output_of(with(arguments, {"--batch-size", "13"})), at_once);
  EXPECT_EQ(output_of({"run", "identity.onnx", "-i", "-", "--format", "csv"}, {.input = rows}), at_once);
  for (const std::string format : {"json", "npy", "npz", "pb"}) {
    for (const char* size : {"13", "0"})
      output_of({"run", "identity.onnx", "-i", "x.csv", "--format", format, "--batch-size", size, "-o", size});
    EXPECT_EQ(read("13"), read("0")) << format;
  }
}

TEST_F(Cli, AFixedBatchIsFilledUp) {
  onnx::ModelProto model = identity_model();
  for (auto* info : {model.mutable_graph()->mutable_input(0), model.mutable_graph()->mutable_output(0)})
    info->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_value(4);
  write("fixed.onnx", model);
  const std::string rows = "1,2\n3,4\n5,6\n7,8\n9,10\n";
  const Outcome outcome = run({"run", "fixed.onnx", "-i", "-", "--format", "csv"}, {.input = rows});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "y_0,y_1\n" + rows);
  EXPECT_EQ(outcome.err,
            "ranvier: the model takes 4 rows at a time: the last one is filled up with copies of the last row\n");
}

TEST_F(Cli, OutputsThatAreNotByRowsNeedOneRun) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->clear_node();
  model.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->clear_shape();
  loader::testing::add_node(model.mutable_graph(), "ReduceSum", {"x"}, {"y"}, "sum");
  write("sum.onnx", model);
  const Arguments arguments = {"run", "sum.onnx", "-i", "-", "--format", "csv"};
  const std::string rows = "1,2\n3,4\n5,6\n";
  EXPECT_EQ(output_of(arguments, {.input = rows}), "y\n21\n");
  EXPECT_EQ(output_of(with(arguments, {"--batch-size", "0"}), {.input = rows}), "y\n21\n");
  expect_error(
      4,
      "output 'y' has shape [1, 1] for 2 rows of input: its first dimension is not the rows, so they cannot be "
      "run in batches; --batch-size 0 runs all at once",
      with(arguments, {"--batch-size", "2"}), {.input = rows});
}

// Rows that come slowly enough for a bar to be drawn.
const std::string slowly = "mkfifo slow.csv; (echo 1,2; sleep 0.6; echo 3,4; sleep 0.2) > slow.csv & ";
const Arguments run_slowly = {"run", "identity.onnx", "-i", "slow.csv", "--batch-size", "1", "--format", "csv"};

TEST_F(Cli, ProgressIsNotForFiles) {
  write("identity.onnx", identity_model());
  EXPECT_EQ(output_of(run_slowly, {.shell = slowly + R"(exec "$0" "$@")"}), "y_0,y_1\n1,2\n3,4\n");
}

TEST_F(Cli, ProgressIsForTerminals) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal == -1 || grantpt(terminal) != 0 || ptsname(terminal) == nullptr || access(ptsname(terminal), R_OK) != 0)
    GTEST_SKIP() << "no pseudo-terminal can be had: /dev/ptmx or /dev/pts is missing";
  close(terminal);
  write("identity.onnx", identity_model());
  const std::string in_terminal =
      "export RANVIER=\"$0\" ARGUMENTS=\"$*\"; script -qec '\"$RANVIER\" $ARGUMENTS > y.csv' log";
  EXPECT_EQ(run(run_slowly, {.shell = slowly + in_terminal}).code, 0);
  EXPECT_EQ(read("y.csv"), "y_0,y_1\n1,2\n3,4\n");
  EXPECT_NE(read("log").find("\r1 rows"), std::string::npos) << read("log");
}

}  // namespace
}  // namespace ranvier::cli

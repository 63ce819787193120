// How much memory a process takes. Not built with sanitizers, which take their own.
#include <fmt/format.h>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;

/// y = the sums of the rows of x, float[rows, 1000].
onnx::ModelProto row_sums() {
  onnx::ModelProto model = loader::testing::empty_model();
  loader::testing::declare(model.mutable_graph()->add_input(), "x", {-1, 1000});
  loader::testing::declare(model.mutable_graph()->add_output(), "y", {-1, 1});
  loader::testing::set_integers(model.mutable_graph()->add_initializer(), "axes", {1}, {1});
  loader::testing::add_node(model.mutable_graph(), "ReduceSum", {"x", "axes"}, {"y"}, "sum");
  return model;
}

class Memory : public Cli {
 protected:
  Memory() { write("sums.onnx", row_sums()); }

  /// Runs the rows of `file`, in batches unless told otherwise, and returns the peak.
  std::int64_t peak(const std::string& file, std::int64_t rows, const Arguments& more = {}) const {
    Arguments arguments = {"run", "sums.onnx", "-i", file, "--format", "csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), rows + 1);
    return outcome.peak_bytes;
  }
};

TEST_F(Memory, OneRowOfDigitsTakesLittle) {
  const Outcome outcome = run({"run", "models/digits_mlp/model.onnx", "--random"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_LT(outcome.peak_bytes, 60 * mib);
}

TEST_F(Memory, DoesNotGrowWithTheRowsOfNpy) {
  constexpr std::int64_t rows = 60000;
  write("x.npy", npy({rows, 1000}, {}));
  std::filesystem::resize_file(folder / "x.npy", 128 + rows * 1000 * sizeof(float));  // 240 MB of zeros
  EXPECT_LT(peak("x.npy", rows), 80 * mib);
}

TEST_F(Memory, DoesNotGrowWithTheRowsOfCsv) {
  std::string row = "0.5";
  for (int i = 1; i < 1000; ++i) row += ",0.5";
  std::string file;
  constexpr std::int64_t rows = 15000;  // 60 MB, as text and as floats
  for (int i = 0; i < rows; ++i) file += row + '\n';
  write("x.csv", file);
  EXPECT_LT(peak("x.csv", rows), 80 * mib);
  EXPECT_GT(peak("x.csv", rows, {"--batch-size", "0"}), 100 * mib);  // the measure is one
}

TEST_F(Memory, OfHealthDoesNotGrowWithTheRows) {
  onnx::ModelProto model = loader::testing::empty_model();
  loader::testing::declare(model.mutable_graph()->add_input(), "x", {-1, 1000});
  loader::testing::declare(model.mutable_graph()->add_output(), "y", {-1, 1000});
  loader::testing::add_node(model.mutable_graph(), "Relu", {"x"}, {"y"}, "relu");
  write("relu.onnx", model);
  constexpr std::int64_t rows = 60000;
  write("x.npy", npy({rows, 1000}, {}));
  std::filesystem::resize_file(folder / "x.npy", 128 + rows * 1000 * sizeof(float));  // 240 MB of zeros
  const Outcome outcome = run({"health", "relu.onnx", "-i", "x.npy"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_LT(outcome.peak_bytes, 160 * mib);
}

TEST_F(Memory, RunsOutInWords) {
  write("x.npy", npy({60000, 1000}, {}));
  std::filesystem::resize_file(folder / "x.npy", 128 + 60000 * 1000 * sizeof(float));
  expect_error(4, "memory ran out", {"run", "sums.onnx", "-i", "x.npy", "--batch-size", "0"},
               {.shell = R"(ulimit -v 400000; exec "$0" "$@")"});
}

}  // namespace
}  // namespace ranvier::cli

// The same row has the same bits: in every batch, at every position, among any neighbours, with any number of threads
// and on every instruction set with fused multiply-add.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "ranvier/ranvier.h"
#include "runtime/simd/targets.h"
#include "tools/golden/golden.h"

namespace ranvier {
namespace {

namespace fs = std::filesystem;

const fs::path source = RANVIER_SOURCE_DIR;

constexpr std::int64_t most_rows = 257;

/// Around the heights of tiles and blocks.
constexpr std::int64_t batch_sizes[] = {1,  2,  3,  4,  5,  6,  7,  8,  12, 13,  14,  15,  16,  27,  28,  29,
                                        31, 32, 33, 41, 42, 43, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257};

/// Whether every input and output is a batch of rows: floats, only the first size open.
bool is_of_rows(const Model& model) {
  const auto rows = [](const PortInfo& port) {
    if (port.type != DataType::float32 || !port.ranked || port.dimensions.empty() || port.dimensions[0].size >= 0)
      return false;
    return std::all_of(port.dimensions.begin() + 1, port.dimensions.end(), [](auto& dim) { return dim.size > 0; });
  };
  return std::ranges::all_of(model.inputs(), rows) && std::ranges::all_of(model.outputs(), rows);
}

Shape with_rows(const PortInfo& port, std::int64_t rows) {
  Shape shape = {rows};
  for (std::size_t i = 1; i < port.dimensions.size(); ++i) shape.push_back(port.dimensions[i].size);
  return shape;
}

/// Tensors of rows, one for each input or output.
using Rows = std::vector<std::vector<float>>;

/// `count` of the rows from `first` on, in a circle.
std::vector<Tensor> batch(const Model& model, const Rows& rows, std::int64_t first, std::int64_t count) {
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Tensor input(DataType::float32, with_rows(model.inputs()[i], count));
    const std::size_t size = rows[i].size() / most_rows;
    for (std::int64_t row = 0; row < count; ++row)
      std::copy_n(&rows[i][static_cast<std::size_t>((first + row) % most_rows) * size], size,
                  &input.mutable_values<float>()[static_cast<std::size_t>(row) * size]);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

Rows random_rows(const Model& model) {
  std::minstd_rand engine(1);
  std::uniform_real_distribution<float> between(-3, 3);
  Rows rows;
  for (const PortInfo& port : model.inputs())
    for (float& value : rows.emplace_back(static_cast<std::size_t>(with_rows(port, most_rows).elements())))
      value = between(engine);
  return rows;
}

/// What becomes of each row on its own.
Rows outputs_of_single_rows(const Model& model, const Rows& rows) {
  const Session session(model, {.threads = 1});
  Rows outputs(model.outputs().size());
  for (std::int64_t row = 0; row < most_rows; ++row) {
    const std::vector<Tensor> made = session.run(batch(model, rows, row, 1));
    for (std::size_t i = 0; i < made.size(); ++i)
      outputs[i].insert(outputs[i].end(), made[i].values<float>().begin(), made[i].values<float>().end());
  }
  return outputs;
}

/// The first row of a batch that has other bits than on its own; nothing where none has.
std::optional<std::int64_t> first_other(const std::vector<Tensor>& made, const Rows& expected, std::int64_t first,
                                        std::int64_t count) {
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::size_t size = expected[i].size() / most_rows;
    for (std::int64_t row = 0; row < count; ++row)
      if (std::memcmp(&made[i].values<float>()[static_cast<std::size_t>(row) * size],
                      &expected[i][static_cast<std::size_t>((first + row) % most_rows) * size],
                      size * sizeof(float)) != 0)
        return row;
  }
  return std::nullopt;
}

void expect_same_bits(const Model& model, const std::string& name) {
  const Rows rows = random_rows(model);
  const Rows expected = outputs_of_single_rows(model, rows);
  for (const int threads : {1, 2}) {
    const Session session(model, {.threads = threads});
    for (const std::int64_t count : batch_sizes) {
      const std::int64_t first = 31 * count % most_rows;
      if (const auto row = first_other(session.run(batch(model, rows, first, count)), expected, first, count))
        ADD_FAILURE() << name << ": row " << *row << " of " << count << " with " << threads << " threads";
    }
  }
}

TEST(Rows, HaveTheSameBitsInEveryBatch) {
  std::size_t models = 0;
  for (const char* folder : {"models", "tests/corpus"})
    for (const golden::Golden& golden : golden::find(source / folder)) {
      if (golden.group == "D" || golden.group == "E") continue;
      const Model model = Model::load(golden.model());
      if (!is_of_rows(model)) continue;
      ++models;
      expect_same_bits(model, golden.folder.filename().string());
    }
  EXPECT_GE(models, 100u);
}

/// Not cnn_mnist_small: its Dense has rows so long that oneDNN multiplies them from five on.
TEST(Rows, OfImagesHaveTheSameBitsInEveryBatch) {
  for (const char* name : {"cnn_batchnorm.keras", "cnn_separable.keras", "conv1d_causal.keras"}) {
    const Model model = Model::load(source / "tests/corpus" / name / "model.onnx");
    ASSERT_TRUE(is_of_rows(model)) << name;
    expect_same_bits(model, name);
  }
}

/// The outputs of single rows with the kernels of some instruction sets only.
Rows outputs_with(std::int64_t targets, const fs::path& file) {
  simd::targets_that_count = targets;
  const Model model = Model::load(file);
  Rows outputs = outputs_of_single_rows(model, random_rows(model));
  simd::targets_that_count = -1;
  return outputs;
}

TEST(Rows, HaveTheSameBitsOnEveryInstructionSetWithFusedMultiplyAdd) {
  std::size_t sets = 0;
  for (const std::int64_t targets : simd::supported_targets()) sets += simd::has_fused_multiply_add(targets & -targets);
  if (sets < 2) GTEST_SKIP() << "this machine has fewer than two instruction sets with fused multiply-add";
  for (const golden::Golden& golden : golden::find(source / "tests/corpus")) {
    if (golden.group == "D" || golden.group == "E") continue;
    if (!is_of_rows(Model::load(golden.model()))) continue;
    std::optional<Rows> first;
    for (const std::int64_t targets : simd::supported_targets()) {
      if (!simd::has_fused_multiply_add(targets & -targets)) continue;
      const Rows outputs = outputs_with(targets, golden.model());
      if (!first) first = outputs;
      EXPECT_TRUE(outputs == *first) << golden.folder.filename() << " on " << hwy::TargetName(targets & -targets);
    }
  }
}

}  // namespace
}  // namespace ranvier

// Memory that a session keeps does not grow with the number of shapes that it has met.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "ranvier/ranvier.h"
#include "tests/allocation/counted_malloc.h"

namespace ranvier {
namespace {

/// Runs batches of random sizes, then the last few plans' worth of fixed ones: what is kept are then the same plans.
void run_batches(const Session& session, int count, std::minstd_rand& engine) {
  std::uniform_int_distribution<std::int64_t> size(1, 512);
  for (int i = 0; i < count; ++i) session.run({Tensor(DataType::float32, {size(engine), 64})});
  for (std::int64_t rows = 1; rows <= 8; ++rows) session.run({Tensor(DataType::float32, {rows, 64})});
}

TEST(Soak, TenThousandBatchSizesLeaveNothingBehind) {
  const std::filesystem::path source = RANVIER_SOURCE_DIR;
  const Session session(Model::load(source / "models/digits_mlp/model.onnx"), {.threads = 1, .plans = 8});
  std::minstd_rand engine(7);
  run_batches(session, 100, engine);
  const allocation::Counter counter;
  run_batches(session, 10'000, engine);
  EXPECT_LE(counter.bytes(), 256) << "blocks are a little larger than asked for, now and then";
}

}  // namespace
}  // namespace ranvier

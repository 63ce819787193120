#include "operators/by_rows.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>

namespace ranvier::operators {
namespace {

const graph::Node& node() {
  static const graph::Node sum = [] {
    graph::Node made;
    made.op_type = "Add";
    made.inputs = {0, 1};
    made.outputs = {2};
    return made;
  }();
  return sum;
}

Spec spec_of(const Shape& x, const Shape& row, const Settings& settings = {}, DataType type = DataType::float32) {
  Spec spec(node(), {{type, x}, {type, row}}, settings);
  spec.set_output(0, type, x);
  return spec;
}

/// y = x + row.
auto add_row(std::size_t size) {
  return [=](const Buffers& buffers, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count * size; ++i)
      buffers.output<float>(0)[i] = buffers.input<float>(0)[i] + buffers.input<float>(1)[i % size];
  };
}

constexpr double much = 1e9;  // nanoseconds

TEST(ByRows, SharesOutPiecesAndGivesEachTheWholeOfWhatHasNoRows) {
  constexpr std::int64_t rows = 1000, size = 3;
  std::vector<float> x(rows * size), row = {1, 2, 3}, y(rows * size), expected;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(i);
    expected.push_back(x[i] + row[i % size]);
  }
  ThreadPool pool(3);
  const Spec spec = spec_of({rows, size}, {size}, {.threads = 3, .pool = &pool});
  std::mutex mutex;
  std::set<std::size_t> counts, scratches;
  alignas(64) std::byte scratch[64 * 64];
  const Kernel kernel = by_rows(spec, {.count = rows, .together = 7, .nanoseconds = much, .scratch_bytes = 64},
                                [&, add = add_row(size)](const Buffers& buffers, std::size_t count) noexcept {
                                  add(buffers, count);
                                  const std::lock_guard lock(mutex);
                                  counts.insert(count % 7);
                                  scratches.insert(static_cast<std::size_t>(buffers.scratch - scratch));
                                });
  const void* inputs[] = {x.data(), row.data()};
  void* outputs[] = {y.data()};
  kernel.run({inputs, outputs, scratch});
  EXPECT_EQ(y, expected);
  EXPECT_EQ(counts, (std::set<std::size_t>{0, rows % 7})) << "the last piece has what is left";
  EXPECT_EQ(scratches.size() * 64, kernel.scratch_bytes) << "of its own for each";
  EXPECT_LE(kernel.scratch_bytes, sizeof(scratch));
}

TEST(ByRows, ComputesSomeRows) {
  const Kernel kernel = by_rows(spec_of({5, 2}, {2}), {.count = 5}, add_row(2));
  const float x[] = {1, 2, 3, 4}, row[] = {10, 20};
  float y[] = {0, 0, 0, 0};
  const void* inputs[] = {x + 2, row};
  void* outputs[] = {y + 2};
  kernel.rows.run({inputs, outputs, nullptr}, 1);
  EXPECT_EQ(std::vector<float>(y, y + 4), (std::vector<float>{0, 0, 13, 24}));
}

TEST(ByRows, OperandsThatCannotBeCutHaveNoRows) {
  EXPECT_EQ(by_rows(spec_of({5, 2}, {2}), {.count = 0}, add_row(2)).rows.run, nullptr);
  EXPECT_EQ(by_rows(spec_of({5, 2}, {2}), {.count = 3}, add_row(2)).rows.run, nullptr) << "10 elements in 3 rows";
  EXPECT_EQ(by_rows(spec_of({4, 2}, {3}), {.count = 4, .inputs = 3}, add_row(2)).rows.run, nullptr)
      << "3 elements in 4 rows";
  EXPECT_EQ(by_rows(spec_of({4, 2}, {2}, {}, DataType::string), {.count = 4}, add_row(2)).rows.run, nullptr);
  EXPECT_NE(by_rows(spec_of({4, 2}, {3}), {.count = 4}, add_row(2)).rows.run, nullptr);
}

}  // namespace
}  // namespace ranvier::operators

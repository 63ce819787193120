#include "runtime/planner/blocks.h"

#include <gtest/gtest.h>

#include <deque>

#include "runtime/core/thread_pool.h"

namespace ranvier::planner {
namespace {

/// Steps with rows of float, one after the other.
class Steps {
 public:
  Steps& add(std::size_t rows, std::size_t size, RowStep step = {}) {
    rows_.push_back({.count = rows, .together = 14, .nanoseconds = 1e3 * static_cast<double>(rows), .run = nothing});
    step.rows = &rows_.back();
    if (step.elements == 0) step.elements = rows * size;
    if (step.bytes_with_rows == 0) step.bytes_with_rows = 2 * 4 * rows * size;
    steps_.push_back(step);
    return *this;
  }
  Steps& add_without_rows() {
    rows_.push_back({});
    steps_.push_back({.rows = &rows_.back()});
    return *this;
  }

  /// "0-2: 112 of 1024" for each Blocks, with the parts where there are several.
  std::string chosen(const operators::Settings& settings = {}) const {
    std::string text;
    for (const Blocks& blocks : choose_blocks(steps_, settings)) {
      text += fmt::format("{}{}-{}: {} of {}", text.empty() ? "" : ", ", blocks.first_step, blocks.end_step,
                          blocks.block, blocks.rows);
      if (blocks.parts.count > 1) text += fmt::format(" in {}", blocks.parts.count);
    }
    return text;
  }

 private:
  static void nothing(const operators::Buffers&, std::size_t) {}

  std::deque<operators::Rows> rows_;
  std::vector<RowStep> steps_;
};

TEST(Blocks, AreOfRowsThatFitTheSecondCache) {
  EXPECT_EQ(Steps().add(1024, 300).add(1024, 300).chosen(), "0-2: 98 of 1024");
  EXPECT_EQ(Steps().add(98, 300).add(98, 300).chosen(), "") << "all of them fit";
  EXPECT_EQ(Steps().add(1024, 300).chosen(), "") << "one step hands nothing on";
}

TEST(Blocks, HaveMoreRowsWhereWeightsComeFromFartherAway) {
  const RowStep heavy{.bytes_without = 1 << 20};
  EXPECT_EQ(Steps().add(1024, 300, heavy).add(1024, 300, heavy).chosen(), "0-2: 112 of 1024");
  EXPECT_EQ(Steps().add(1024, 2000, heavy).add(1024, 2000, heavy).chosen(), "") << "112 rows fit no more";
}

TEST(Blocks, EndBeforeAStepThatHasNoRowsOrOthers) {
  EXPECT_EQ(Steps().add(1024, 300).add(1024, 300).add_without_rows().add(1024, 300).add(1024, 300).chosen(),
            "0-2: 98 of 1024, 3-5: 98 of 1024");
  EXPECT_EQ(Steps().add(1024, 300).add(1024, 300).add(1000, 300).add(1000, 300).chosen(),
            "0-2: 98 of 1024, 2-4: 98 of 1000");
}

TEST(Blocks, TakeInStepsOfSmallerRowsAndOfElements) {
  EXPECT_EQ(Steps().add(1024, 300).add(1024 * 300, 1).add(2048, 150).chosen(), "0-3: 98 of 1024");
  EXPECT_EQ(Steps().add(1024 * 300, 1).add(1024, 300).chosen(), "0-2: 98 of 1024");
  EXPECT_EQ(Steps().add(2048, 150).add(1024, 300).chosen(), "") << "whose rows cannot become larger";
}

TEST(Blocks, EndBeforeAStepThatReadsAllRowsOfOneOfTheirs) {
  EXPECT_EQ(Steps().add(1024, 300).add(1024, 300).add(1024, 300, {.earliest = 1}).add(1024, 300).chosen(),
            "0-2: 98 of 1024, 2-4: 98 of 1024");
}

TEST(Blocks, AreSharedOutAmongThreads) {
  ThreadPool pool(2);
  const operators::Settings settings{.threads = 2, .pool = &pool};
  EXPECT_EQ(Steps().add(1024, 300).add(1024, 300).chosen(settings), "0-2: 64 of 1024 in 8");
  EXPECT_EQ(Steps().add(84, 300).add(84, 300).chosen(settings), "0-2: 14 of 84 in 6") << "though all of them fit";
  EXPECT_EQ(Steps().add(98, 300).add(98, 300).chosen(settings), "0-2: 49 of 98 in 2") << "not 56 and 42";
  EXPECT_EQ(Steps().add(42, 300).add(42, 300).chosen(settings), "0-2: 21 of 42 in 2") << "not 28 and 14";
  EXPECT_EQ(Steps().add(1, 300).add(1, 300).chosen(settings), "") << "no work for two";
}

TEST(Blocks, OfLittleWorkAreSharedOutAsOneThreadWouldComputeThem) {
  ThreadPool pool(2);
  const operators::Settings settings{.threads = 2, .pool = &pool};
  EXPECT_EQ(Steps().add(15, 300).add(15, 300).chosen(settings), "0-2: 8 of 15 in 2") << "in two tiles either way";
  EXPECT_EQ(Steps().add(28, 300).add(28, 300).chosen(settings), "0-2: 14 of 28 in 2");
  EXPECT_EQ(Steps().add(29, 300).add(29, 300).chosen(settings), "0-2: 28 of 29 in 2") << "not in four tiles";
  EXPECT_EQ(Steps().add(14, 300).add(14, 300).chosen(settings), "") << "weights would be read twice";
}

TEST(Blocks, PartsHaveAllRowsInTurn) {
  const Blocks blocks{.rows = 1000, .parts = 7, .together = 14};
  EXPECT_EQ(blocks.first_row(0), 0u);
  for (std::size_t part = 1; part < 7; ++part) {
    EXPECT_EQ(blocks.first_row(part) % 14, 0u);
    EXPECT_GT(blocks.first_row(part), blocks.first_row(part - 1));
  }
  EXPECT_EQ(blocks.first_row(7), 1000u);
}

}  // namespace
}  // namespace ranvier::planner

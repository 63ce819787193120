// Steps that run by blocks of rows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "operators/operator.h"
#include "runtime/core/thread_pool.h"

namespace ranvier::planner {

/// Consecutive steps, of which each makes a row of its outputs of the same row of its inputs. They run one after the
/// other for a block of rows, then for the next block: what they hand on stays in the caches. Threads share out the
/// blocks, and none waits for another between the steps.
struct Blocks {
  std::size_t first_step = 0;
  std::size_t end_step = 0;  ///< The one after the last.
  std::size_t rows = 0;      ///< In all. Rows::count of each step is a multiple.
  std::size_t block = 0;     ///< At most so many rows at a time.
  Parts parts = 1;           ///< That threads share out: consecutive rows, about as many in each.
  std::size_t together = 1;  ///< Parts and blocks begin at multiples of so many rows.
  std::size_t memory_offset =
      0;                         ///< In the arena: what the steps hand on, a block of it, for one part after the other.
  std::size_t memory_bytes = 0;  ///< Of one part.
  ThreadPool* pool = nullptr;    ///< Null: the caller does it all.

  /// Where part `part` begins.
  std::size_t first_row(std::size_t part) const;
};

/// What choosing wants to know of a step.
struct RowStep {
  const operators::Rows* rows = nullptr;  ///< Of its kernel.
  std::size_t elements = 0;               ///< Of its first output.
  std::size_t bytes_with_rows = 0;        ///< Of its operands that have rows.
  std::size_t bytes_without = 0;          ///< Of its other inputs.
  std::size_t earliest = 0;               ///< The step after the last that makes an input without rows.
};

/// The steps that are worth it: two or more, on more rows than fit the second cache, or with work for several threads;
/// but not where so few rows fit that the weights would be read more often for it.
std::vector<Blocks> choose_blocks(std::span<const RowStep> steps, const operators::Settings& settings);

/// Those that hold the step; null where it runs by itself.
const Blocks* blocks_with(std::span<const Blocks> all, std::size_t step);

}  // namespace ranvier::planner

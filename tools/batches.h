// Running a model over more rows than fit at once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ranvier/session.h"
#include "tools/inputs.h"

namespace ranvier::tools {

/// How the rows of the inputs are shared out among runs.
struct Batching {
  enum class Kind {
    whole,  ///< One run for everything: the inputs have no dimension that could be split.
    free,   ///< Runs of `rows` rows; the last may have fewer.
    fixed,  ///< The model takes exactly `rows` rows: the last run is filled up with its last row.
  };
  Kind kind = Kind::whole;
  std::int64_t rows = 0;
};

/// Decides by the first dimensions of the inputs that are given. `wanted`: --batch-size; -1 chooses (about 4 MB of
/// inputs, at most 1024 rows), 0 puts all rows into one run. @throws Failure usage where the model does not allow what
/// is wanted.
Batching batching(const Model& model, const Readers& readers, std::int64_t wanted);

/// What happens with a batch.
struct BatchSteps {
  std::function<std::vector<Tensor>(std::span<const Tensor>)> run;  ///< Of the model.
  std::function<void(std::vector<Tensor>)> take;                    ///< The outputs, without rows that filled it up.
  std::function<void(std::int64_t)> progress;                       ///< How many rows are done so far.
};

/// Runs all rows. Whatever the readers hold, no more than two batches are in memory.
/// @throws Failure bad_input where inputs have different numbers of rows, or outputs do not go row by row; Error.
void run_batches(const Model& model, Readers& readers, const Batching& batching, const BatchSteps& steps);

}  // namespace ranvier::tools

// Operators whose form depends on the opset: what is an attribute in one is an input in another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {

/// Between numbers, of which either may be missing.
ValueId clip(Growth& growth, ValueId x, std::optional<double> low, std::optional<double> high);
/// ReduceMean, ReduceSum, ReduceMax, ...
ValueId reduce(Growth& growth, const std::string& op_type, ValueId x, const std::vector<std::int64_t>& axes,
               bool keep_dimensions = true);
ValueId cast(Growth& growth, ValueId x, DataType type);
ValueId dropout(Growth& growth, ValueId x);
/// One of Softmax, LogSoftmax and Hardmax.
ValueId softmax(Growth& growth, const std::string& op_type, ValueId x, std::int64_t axis);
ValueId squeeze(Growth& growth, ValueId x, const std::vector<std::int64_t>& axes);
ValueId unsqueeze(Growth& growth, ValueId x, const std::vector<std::int64_t>& axes);
ValueId reshape(Growth& growth, ValueId x, const std::vector<std::int64_t>& sizes);
ValueId transpose(Growth& growth, ValueId x, const std::vector<std::int64_t>& order);
ValueId concat(Growth& growth, const std::vector<ValueId>& parts, std::int64_t axis);
/// Into parts of these sizes.
std::vector<ValueId> split(Growth& growth, ValueId x, std::int64_t axis, const std::vector<std::int64_t>& sizes);
ValueId slice(Growth& growth, ValueId x, std::int64_t axis, std::int64_t from, std::int64_t to);
/// The sizes of some dimensions of x, by one of the ways that exporters have.
ValueId sizes_of(Growth& growth, ValueId x, std::vector<std::int64_t> axes);

}  // namespace ranvier::random_graphs

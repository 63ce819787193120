// The table of operators.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "operators/operator.h"

namespace ranvier::operators {

/// One row: what an operator means since one version of its domain.
struct Row {
  std::string_view domain;  ///< "" is ONNX' own.
  std::string_view name;
  std::int64_t since = 1;
  const Operator* definition = nullptr;
};

/// All rows, in the order of table.def.
std::span<const Row> table();

/// The definition that holds at `version` of the domain: the row of that name with the greatest `since` not above it.
/// Null where there is none. "ai.onnx" is another name for "".
const Operator* find_operator(std::string_view domain, std::string_view name, std::int64_t version);

/// The definition of what a node applies: of its custom operator, where it has one. Null where there is none.
const Operator* find_operator(const graph::Node& node);

/// Whether any version of the operator is in the table.
bool known(std::string_view domain, std::string_view name);

}  // namespace ranvier::operators

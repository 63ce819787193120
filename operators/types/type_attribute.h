// Attributes that name an element type by its number.
#pragma once

#include "runtime/graph/graph.h"

namespace ranvier::operators {

/// The type whose number `attribute` holds. @throws Error invalid_model where it is missing or no type's number.
inline DataType type_attribute(const graph::Node& node, std::string_view attribute) {
  const auto number = node.required<std::int64_t>(attribute);
  if (number <= 0 || number >= data_type_count)
    fail(ErrorCode::invalid_model, "attribute '{}' is {}, which is the number of no type", attribute, number);
  return static_cast<DataType>(number);
}

}  // namespace ranvier::operators

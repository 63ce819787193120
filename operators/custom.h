// Operators of the user's own, as the planner and the executor see them.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "operators/operator.h"
#include "ranvier/custom_operator.h"

namespace ranvier::operators {

/// The definition of every node that has a custom operator: it calls what the node brings along.
extern const Operator custom_operator;

/// Custom operators by what they are called.
class CustomOperators {
 public:
  /// @throws Error invalid_argument where one is incomplete, given twice, or one that Ranvier has itself.
  explicit CustomOperators(std::span<const CustomOperator> given);
  CustomOperators() = default;

  /// The one of that name with the greatest `since` not above `version`; null where there is none.
  std::shared_ptr<const CustomOperator> find(std::string_view domain, std::string_view name,
                                             std::int64_t version) const;
  /// Whether there is one of that name, whatever its version.
  bool known(std::string_view domain, std::string_view name) const;

 private:
  std::vector<std::shared_ptr<const CustomOperator>> all_;
};

}  // namespace ranvier::operators

// Tables of how exporters spell operators, and finding what is spelled so.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/optimizer/optimizer.h"
#include "runtime/optimizer/pattern.h"
#include "runtime/optimizer/region.h"

namespace ranvier::optimizer {

/// Whether a file that spells a function out gives what the function does also at NaN and at infinities, and where
/// steps in between overflow.
enum class AtExtremes : bool { same, differs };

/// A row: an operator, and one of its spellings.
struct Spelling {
  /// "Elu@6(alpha = a)", "ranvier::Relu@1": the operator, the version of its domain at which it means this, and its
  /// attributes. What has no name is an input behind the first: "a * w", or "row(w)" for one element a column of x.
  std::string_view node;
  std::string_view pattern;  ///< See parse_pattern.
  AtExtremes at_extremes = AtExtremes::same;
};

/// An input behind the first: a multiple of a constant tensor that the region reads, or a number.
struct Operand {
  std::optional<std::size_t> tensor;  ///< Of Region::tensors.
  Number factor;
  bool is_row = false;  ///< One element a column of x.

  friend bool operator==(const Operand&, const Operand&) = default;
};

/// The node of a row, without inputs and outputs, and what its attributes are in terms of captures.
struct NodeTemplate {
  graph::Node node;
  std::vector<std::pair<std::string, Number>> numbers;  ///< Attributes.
  std::vector<Operand> operands;                        ///< The inputs behind the first.
};

/// @throws Error internal for text that is none.
NodeTemplate parse_node(std::string_view text);

/// A table, made ready for searching graphs.
class Spellings {
 public:
  /// The table has to outlive this. @throws Error internal for a wrong row.
  explicit Spellings(std::span<const Spelling> table);

  struct Found {
    std::vector<graph::Patch> patches;
    std::vector<std::string> refusals;  ///< What has the form of a pattern and is left alone; why, in words.
  };
  /// Of overlapping finds the one that ends last, then the largest, then that of the earliest row. `strict_onnx` leaves
  /// out the rows that differ at extremes.
  Found find(const graph::Graph& graph, bool strict_onnx) const;

 private:
  struct Rule {
    const Spelling* spelling;
    Formula pattern;
    NodeTemplate node;
  };

  /// The region as the rule's node; nothing, and why, where it is something else or has to stay.
  static std::optional<graph::Patch> patch(const Rule& rule, const Regions& regions, const Region& region,
                                           bool strict_onnx, std::string& refusal);

  std::unordered_map<std::string, std::vector<Rule>> rules_;  ///< By the skeleton of the pattern.
};

}  // namespace ranvier::optimizer

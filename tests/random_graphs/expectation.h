// What a graph computes by the references of its operators, and how far from it another order of the same operations
// may end up.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::random_graphs {

/// A rewrite may round elsewhere than the file does, and take a constant for another one that differs from it by a few
/// roundings. So every result on the way, and every number that goes into a sum, is moved by about as much (mover.h),
/// at random and both ways. The leeway of an element is twice as far as it moves then: little where the graph is well
/// conditioned, whatever its depth, and everything beside a threshold.
class Expectation {
 public:
  /// Both have to outlive this. @throws Error where the graph does not run on these inputs.
  Expectation(const graph::Graph& graph, const std::vector<Tensor>& inputs);

  const std::vector<Tensor>& outputs() const { return outputs_; }
  /// Whether all numbers on the way are finite.
  bool finite() const { return finite_; }
  /// Whether the graph does what whoever wrote it meant. To Reshape, a computed size 0 says "as the input has it".
  bool meant() const { return meant_; }

  /// Nothing where outputs are as expected, else which is not, and where it differs most. What differs is looked at
  /// more closely before it counts.
  std::optional<std::string> difference(const std::vector<Tensor>& outputs);

 private:
  std::optional<std::string> difference(std::size_t output, const Tensor& got) const;
  /// Lets the leeway see that many moves, both ways.
  void look(int moves);
  void see(std::size_t output, const Tensor& moved, bool terms);

  const graph::Graph& graph_;
  const std::vector<Tensor>& inputs_;
  bool finite_ = true;
  bool meant_ = true;
  int moves_ = 0;  ///< So many the leeway has seen.
  std::vector<Tensor> outputs_;
  std::vector<std::vector<double>> leeway_;  ///< By output and element.
};

}  // namespace ranvier::random_graphs

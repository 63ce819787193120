// Shapes and the whole numbers that compute them, in terms of sizes that only a run tells.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/optimizer/facts.h"

namespace ranvier::optimizer {

/// A whole number: a factor times sizes that are not known, each by its number.
struct Size {
  std::int64_t factor = 0;
  std::vector<std::uint32_t> unknowns = {};  ///< Sorted; one that counts twice stands there twice.

  bool known() const { return unknowns.empty(); }
  friend bool operator==(const Size&, const Size&) = default;
};

/// The product; nothing where it overflows.
std::optional<Size> product(const Size& a, const Size& b);
/// a / b, where that is a Size whatever the unknowns are; nothing else, nor for b = 0.
std::optional<Size> quotient(const Size& a, const Size& b);

/// What can be told of every value of a graph.
class Sizes {
 public:
  /// The facts are those of the graph.
  Sizes(const graph::Graph& graph, const std::vector<Fact>& facts);

  /// The shape; null where the rank is not known.
  const std::vector<Size>* shape(graph::ValueId id) const { return pointer(shapes_, id); }
  /// The elements of whole numbers of at most one dimension; null where they are not known.
  const std::vector<Size>* elements(graph::ValueId id) const { return pointer(elements_, id); }

 private:
  using Table = std::vector<std::optional<std::vector<Size>>>;

  static const std::vector<Size>* pointer(const Table& table, graph::ValueId id) {
    return id != graph::none && table[id] ? &*table[id] : nullptr;
  }

  std::optional<std::size_t> rank_of(const graph::Node& node, graph::ValueId output) const;
  void set_shape(graph::ValueId id, const std::vector<std::optional<Size>>& told);
  std::optional<std::vector<Size>> computed(const graph::Node& node) const;
  std::optional<std::vector<Size>> picked(const graph::Node& node) const;
  std::optional<std::vector<Size>> multiplied(const graph::Node& node) const;
  std::vector<bool> named_axes(const graph::Node& node, std::size_t rank) const;
  std::vector<std::optional<Size>> moved(const graph::Node& node, std::size_t rank) const;
  std::vector<std::optional<Size>> reshaped(const graph::Node& node, std::size_t rank) const;
  std::optional<Size> broadcast(const graph::Node& node, std::size_t back) const;

  const graph::Graph& graph_;
  const std::vector<Fact>& facts_;
  Table shapes_;
  Table elements_;
  std::uint32_t next_ = 0;
};

}  // namespace ranvier::optimizer

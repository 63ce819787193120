// How the elements lie of a tensor that is not dense.
#pragma once

#include <string>
#include <variant>

#include "runtime/core/forgotten.h"
#include "runtime/core/panels.h"

namespace ranvier::detail {

/// Strides as Tensor::strided_view() has them, the panels of a matrix, or no elements at all.
struct Layout {
  using How = std::variant<Shape, Panels, Forgotten>;
  explicit Layout(const How& lies) : how(lies) {}

  /// "with strides [1, 4]", "in panels of 32", "nowhere".
  std::string text() const;
  /// Copies the elements of a tensor that lies like this into row-major order. @throws Error internal where there are
  /// none.
  void gather(const Tensor& from, void* to) const;

  /// The same tensor with its elements said to lie so.
  static Tensor laid_out(Tensor tensor, const How& how);
  /// How the elements of a tensor lie; null where they are dense.
  static const Layout* of(const Tensor& tensor) { return tensor.layout_.get(); }

  How how;
};

}  // namespace ranvier::detail

// How the elements lie of a tensor that is not dense.
#pragma once

#include <string>
#include <variant>

#include "runtime/core/panels.h"

namespace ranvier::detail {

/// Strides as Tensor::strided_view() has them, or the panels of a matrix.
struct Layout {
  explicit Layout(std::variant<Shape, Panels> lies) : how(lies) {}

  /// "with strides [1, 4]", "in panels of 32".
  std::string text() const;
  /// Copies the elements of a tensor that lies like this into row-major order.
  void gather(const Tensor& from, void* to) const;

  /// The same tensor with its elements said to lie so.
  static Tensor laid_out(Tensor tensor, const Panels& panels);
  /// How the elements of a tensor lie; null where they are dense.
  static const Layout* of(const Tensor& tensor) { return tensor.layout_.get(); }

  std::variant<Shape, Panels> how;
};

}  // namespace ranvier::detail

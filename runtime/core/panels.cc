#include "runtime/core/panels.h"

#include <algorithm>
#include <memory>

#include "runtime/core/arena.h"
#include "runtime/core/layout.h"
#include "runtime/core/shape.h"

namespace ranvier {
namespace {

/// Calls visit(offset of the panels' row, offset of its first element in the matrix, its columns) for each row of each
/// panel, in their order.
template <class Visit>
void each_row(const Panels& panels, const Shape& shape, const Visit& visit) {
  const std::int64_t columns = shape[panels.axis], rows = shape[1 - panels.axis];
  const Shape strides = row_major_strides(shape);
  std::int64_t offset = 0;
  for (std::int64_t column = 0; column < columns; column += panels.width)
    for (std::int64_t row = 0; row < rows; ++row, offset += panels.width)
      visit(offset, row * strides[1 - panels.axis] + column * strides[panels.axis],
            std::min(panels.width, columns - column));
}

}  // namespace

std::size_t Panels::elements(const Shape& shape) const {
  const auto columns = static_cast<std::size_t>(shape[axis]), wide = static_cast<std::size_t>(width);
  return (columns + wide - 1) / wide * wide * static_cast<std::size_t>(shape[1 - axis]);
}

void Panels::cut(const float* matrix, const Shape& shape, float* panels) const {
  const std::int64_t stride = row_major_strides(shape)[axis];
  each_row(*this, shape, [&](std::int64_t to, std::int64_t from, std::int64_t count) {
    if (stride == 1) {
      std::copy_n(matrix + from, count, panels + to);
    } else {
      for (std::int64_t i = 0; i < count; ++i) panels[to + i] = matrix[from + i * stride];
    }
    std::fill(panels + to + count, panels + to + width, 0.0f);
  });
}

void Panels::join(const float* panels, const Shape& shape, float* matrix) const {
  const std::int64_t stride = row_major_strides(shape)[axis];
  each_row(*this, shape, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) matrix[to + i * stride] = panels[from + i];
  });
}

Tensor in_panels(const Tensor& matrix, const Panels& panels) {
  const auto buffer = std::make_shared<AlignedBuffer>(panels.elements(matrix.shape()) * sizeof(float));
  panels.cut(matrix.values<float>().data(), matrix.shape(), reinterpret_cast<float*>(buffer->data()));
  const void* data = buffer->data();
  return detail::Layout::laid_out(Tensor::view(matrix.type(), data, matrix.shape(), buffer), panels);
}

const Panels* panels_of(const Tensor& tensor) {
  const detail::Layout* layout = detail::Layout::of(tensor);
  return layout == nullptr ? nullptr : std::get_if<Panels>(&layout->how);
}

}  // namespace ranvier

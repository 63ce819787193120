#include "operators/strided_copy.h"

namespace ranvier::operators {

StridedCopy::StridedCopy(std::span<const CopyAxis> axes) {
  empty_ = std::any_of(axes.begin(), axes.end(), [](const CopyAxis& axis) { return axis.extent == 0; });
  if (empty_) return;
  for (const CopyAxis& axis : axes) {
    if (axis.extent == 1) continue;
    if (!axes_.empty() && axes_.back().from == axis.from * axis.extent && axes_.back().to == axis.to * axis.extent) {
      axes_.back() = {axes_.back().extent * axis.extent, axis.from, axis.to};
    } else {
      axes_.push_back(axis);
    }
  }
  if (axes_.empty()) axes_.push_back({1, 1, 1});
  choose_tiles();
}

StridedCopy::StridedCopy(const Shape& extents, const Shape& from, const Shape& to)
    : StridedCopy([&] {
        std::vector<CopyAxis> axes;
        for (std::size_t i = 0; i < extents.rank(); ++i) axes.push_back({extents[i], from[i], to[i]});
        return axes;
      }()) {}

void StridedCopy::choose_tiles() {
  if (axes_.back().to != 1 || axes_.back().from == 1 || axes_.back().from == 0) return;
  const auto contiguous = std::find_if(axes_.begin(), axes_.end(), [](const CopyAxis& axis) { return axis.from == 1; });
  if (contiguous == axes_.end()) return;
  std::rotate(contiguous, contiguous + 1, axes_.end() - 1);
  tiled_ = true;
}

}  // namespace ranvier::operators

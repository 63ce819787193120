#include "runtime/core/layout.h"

#include "runtime/core/error.h"
#include "runtime/core/strided.h"

namespace ranvier::detail {

std::string Layout::text() const {
  if (std::holds_alternative<Forgotten>(how)) return "nowhere";
  if (const auto* panels = std::get_if<Panels>(&how)) return fmt::format("in panels of {}", panels->width);
  return fmt::format("with strides {}", to_string(std::get<Shape>(how)));
}

void Layout::gather(const Tensor& from, void* to) const {
  if (std::holds_alternative<Forgotten>(how)) fail(ErrorCode::internal, "the tensor's elements are not kept in memory");
  if (const auto* panels = std::get_if<Panels>(&how))
    return panels->join(static_cast<const float*>(from.data()), from.shape(), static_cast<float*>(to));
  ranvier::gather(from.type(), from.shape(), from.data(), std::get<Shape>(how), to);
}

Tensor Layout::laid_out(Tensor tensor, const How& how) {
  tensor.layout_ = std::make_shared<const Layout>(how);
  return tensor;
}

}  // namespace ranvier::detail

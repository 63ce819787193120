#include "runtime/core/forgotten.h"

#include <functional>
#include <memory>
#include <string_view>

#include "runtime/core/layout.h"

namespace ranvier {
namespace {

std::size_t hash_of(const Tensor& tensor) {
  return std::hash<std::string_view>()({static_cast<const char*>(tensor.data()), tensor.bytes()});
}

/// Null for a tensor that is kept.
const Forgotten* known_of(const Tensor& tensor) {
  const detail::Layout* layout = detail::Layout::of(tensor);
  return layout == nullptr ? nullptr : std::get_if<Forgotten>(&layout->how);
}

}  // namespace

Tensor forgotten(const Tensor& tensor) {
  const auto address = std::make_shared<const char>();  // of its own, by which tensors are told apart
  const void* data = address.get();
  return detail::Layout::laid_out(Tensor::view(tensor.type(), data, tensor.shape(), address),
                                  Forgotten{hash_of(tensor)});
}

bool is_forgotten(const Tensor& tensor) { return known_of(tensor) != nullptr; }

bool is_what_was_forgotten(const Tensor& tensor, const Tensor& forgotten) {
  return tensor.type() == forgotten.type() && tensor.shape() == forgotten.shape() && tensor.dense() &&
         hash_of(tensor) == known_of(forgotten)->hash;
}

}  // namespace ranvier

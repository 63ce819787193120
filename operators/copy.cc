#include "operators/copy.h"

#include <algorithm>
#include <cstring>

namespace ranvier::operators {

void copy_elements(DataType type, const void* from, void* to, std::size_t bytes) {
  if (bytes == 0 || from == to) return;
  if (type == DataType::string) {
    const auto* strings = static_cast<const std::string*>(from);
    std::copy(strings, strings + bytes / sizeof(std::string), static_cast<std::string*>(to));
  } else {
    std::memcpy(to, from, bytes);
  }
}

Kernel copy_first_input(const Spec& spec) {
  const DataType type = spec.input(0).type;
  const std::size_t bytes = byte_size(type, spec.input(0).shape);
  return {[=](const Buffers& buffers) { copy_elements(type, buffers.inputs[0], buffers.outputs[0], bytes); }};
}

}  // namespace ranvier::operators

// Inputs that hold indices.
#pragma once

#include <cstdint>

#include "operators/operator.h"

namespace ranvier::operators {

/// Checks that an input is of a type that holds indices. @throws Error invalid_model.
inline void check_index_type(const Spec& spec, std::size_t input) {
  if (!IndexTypes::set.contains(spec.input(input).type))
    fail(ErrorCode::invalid_model, "input {} has type {}, expected int32 or int64", input,
         name(spec.input(input).type));
}

/// `index` counted from the front of an axis of that size. @throws Error invalid_argument where it is out of range.
inline std::int64_t checked_index(std::int64_t index, std::int64_t size) {
  if (index < -size || index >= size)
    fail(ErrorCode::invalid_argument, "index {} is out of range for an axis of size {}: expected {} to {}", index, size,
         -size, size - 1);
  return index < 0 ? index + size : index;
}

/// The elements of an int32 or int64 input as int64.
class Indices {
 public:
  Indices(const void* data, DataType type) : data_(data), wide_(type == DataType::int64) {}

  std::int64_t operator[](std::int64_t i) const {
    return wide_ ? static_cast<const std::int64_t*>(data_)[i] : static_cast<const std::int32_t*>(data_)[i];
  }

 private:
  const void* data_;
  bool wide_;
};

}  // namespace ranvier::operators

#include "operators/whole_numbers.h"

#include <bitset>

namespace ranvier::operators {

std::vector<std::int64_t> whole_numbers(const Spec& spec, std::size_t input) {
  const Tensor* value = spec.input(input).value;
  if (value == nullptr) fail(ErrorCode::internal, "the contents of input {} are needed, but not known", input);
  if (!NumericTypes::set.contains(value->type()))
    fail(ErrorCode::invalid_model, "input {} has type {}, expected numbers", input, name(value->type()));
  return dispatch<NumericTypes>(value->type(), [&]<class T>() {
    std::vector<std::int64_t> numbers;
    for (const T& element : value->values<T>()) {
      const std::optional<std::int64_t> number = whole_number(element);
      if (!number) fail(ErrorCode::invalid_argument, "input {} holds a number that int64 does not hold", input);
      numbers.push_back(*number);
    }
    return numbers;
  });
}

std::int64_t one_whole_number(const Spec& spec, std::size_t input) {
  const std::vector<std::int64_t> numbers = whole_numbers(spec, input);
  if (numbers.size() != 1)
    fail(ErrorCode::invalid_argument, "input {} has {} elements, expected one", input, numbers.size());
  return numbers.front();
}

std::vector<std::size_t> distinct_axes(std::span<const std::int64_t> axes, std::size_t rank) {
  std::bitset<Shape::max_rank> seen;
  std::vector<std::size_t> result;
  for (const std::int64_t each : axes) {
    const std::size_t axis = normalized_axis(each, rank);
    if (seen[axis]) fail(ErrorCode::invalid_model, "axis {} is given twice", axis);
    seen[axis] = true;
    result.push_back(axis);
  }
  return result;
}

}  // namespace ranvier::operators

// Running one operator in a test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "operators/operator.h"

namespace ranvier::operators::testing {

using Attributes = std::map<std::string, graph::Attribute, std::less<>>;

/// An operator as it stands at a version, with what a node would say about it.
struct Call {
  std::string op_type;
  std::int64_t version = 25;
  Attributes attributes = {};
  std::size_t outputs = 1;
  std::string domain = "";
};

/// Runs it with its reference on the inputs (an undefined Tensor: absent), and with every other implementation that
/// does not refuse (on one thread with all inputs known when it is prepared, and on two with only those known that it
/// needs), whose outputs have to agree to within `tolerance` (relative and absolute). Returns the reference's
/// outputs. @throws Error as planning and running do.
std::vector<Tensor> run(const Call& call, const std::vector<Tensor>& inputs, double tolerance = 1e-5);

/// A tensor of one dimension.
template <class T>
Tensor row(std::initializer_list<T> values) {
  return Tensor::of<T>({static_cast<std::int64_t>(values.size())}, values);
}

/// `first`, first + 1, first + 2, ...
Tensor counting(const Shape& shape, std::int64_t first = 0);

/// The types whose elements share bytes.
inline constexpr TypeSet packed_types =
    TypeSet::of(DataType::uint4, DataType::int4, DataType::float4e2m1, DataType::uint2, DataType::int2);

/// Checks that an operator moves the elements of the inputs `data`, given as int64, in the same way whatever their type
/// is, and refuses the types outside `types` as unsupported.
void expect_moves(const Call& call, const std::vector<Tensor>& inputs, const std::vector<std::size_t>& data = {0},
                  TypeSet types = all_types);

/// The elements of a tensor, for comparisons.
template <class T>
std::vector<T> elements(const Tensor& tensor) {
  const auto span = tensor.values<T>();
  return {span.begin(), span.end()};
}

/// The message of the ranvier::Error that `function` throws; "" where it throws none.
template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return std::string(name(error.code())) + ": " + error.what();
  }
  return "";
}

/// The message of the ranvier::Error that running the operator throws; "" where it throws none.
std::string error_of(const Call& call, const std::vector<Tensor>& inputs);

}  // namespace ranvier::operators::testing

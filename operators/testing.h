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

}  // namespace ranvier::operators::testing

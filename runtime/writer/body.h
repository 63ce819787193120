// Bodies of functions: from a line of text to nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/loader/messages.h"
#include "runtime/writer/definitions.h"

namespace ranvier::writer {

/// A definition for tensors of one type.
struct Function {
  std::string name;
  const Definition* definition = nullptr;
  DataType type = DataType::float32;
  std::vector<std::int64_t> axes = {};  ///< What `axes` stands for in the body.
};

/// The function as the format has it, in the domain "ranvier"; its nodes are of that opset. A body is a list of
/// statements, of which the last, without a name, is the result:
///
///   c = Max(x, -1000);  a, b = Split(x, axis = @axis, num_outputs = 2)
///   x  c              inputs of the function, and what statements have named
///   0.5  -1000        numbers, of the tensors' type
///   @alpha            an attribute of the function: a float as a number of that type, an int as a whole number
///   [1]  axes         a list of whole numbers
///   + - * /   -x      arithmetic
///   < <= > >= ==      comparisons
///   Clip(u, v)        any operator; after its operands attributes: numbers, lists, attributes of the function
///
/// @throws Error internal for text that is none.
onnx::FunctionProto function_proto(const Function& function, std::int64_t opset);

}  // namespace ranvier::writer

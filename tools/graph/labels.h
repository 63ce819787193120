// What all writers call the things in a view.
#pragma once

#include <string>
#include <vector>

#include "tools/graph/view.h"

namespace ranvier::view {

/// "alpha=0.5, axis=1"; empty where there are none but what tools::operator_text has.
std::string attributes_text(const graph::Node& node);

/// "float [batch, 32]", "? [3]", "float, unknown rank".
std::string type_text(const Value& value);

/// An operand: the name of a value; of a constant its element where it is one, else its type and shape.
std::string operand_text(const View& view, graph::ValueId id);

/// The element of a tensor of one: "0.5"; its type where it has no text.
std::string element_text(const Tensor& tensor);

/// "at 1,024 of the arena, 512 bytes", "in the output", "kept for a block"; empty where the value has no place of its
/// own.
std::string place_text(const Value& value);

/// What computed constants for the node: "3 nodes folded into constants"; empty for none.
std::string folded_text(const Node& node);

/// Whether a pass made the node.
bool is_made(const Node& node);

/// "1 node", "2 nodes".
std::string counted(std::size_t count, const std::string& what);

/// "a pass, another", for at most `most` and "and 3 more".
std::string joined(const std::vector<std::string>& words, const std::string& separator, std::size_t most = SIZE_MAX);

}  // namespace ranvier::view

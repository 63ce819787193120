// A view as text, as a picture, as data.
#pragma once

#include <string>

#include "tools/graph/view.h"

namespace ranvier::view {

/// A line for each node, in the order in which they run; `explain` adds below what it is made of and how it runs, and
/// at the end what the optimizer left alone.
std::string to_text(const View& view, bool explain);

/// A drawing for Graphviz: a box for each node, a frame around what a pass made, which with `explain` names the nodes
/// of the file in it.
std::string to_dot(const View& view, bool explain);

/// All of it. `ranvier graph --help` promises the form.
std::string to_json(const View& view);

}  // namespace ranvier::view

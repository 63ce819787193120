// Drawings laid out by Graphviz.
#pragma once

#include <string>

namespace ranvier::view {

/// What Graphviz' program `dot`, looked for in PATH, makes of a drawing; `format` is one that it knows: "svg", "png".
/// @throws Failure bad_input where the program is missing or cannot lay the drawing out.
std::string laid_out(const std::string& drawing, const std::string& format);

}  // namespace ranvier::view

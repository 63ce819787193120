// The generated part of docs/.
#pragma once

#include <map>
#include <string>

namespace ranvier::docs {

/// The contents of files by their names, from docs/ on.
using Pages = std::map<std::string, std::string>;

/// operators.md.
std::string operators_page();

/// activations.md and a plot for each activation. `measured` is the text of activations/measured.json.
/// @throws std::runtime_error where the notes, or what was measured, are not of the activations that there are.
Pages activation_pages(const std::string& measured);

}  // namespace ranvier::docs

// The list of all cases, and what a run of them has to be by it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ranvier::conformance {

/// What the manifest says of a case: nothing where it has to pass, else why it is skipped.
using Expectation = std::optional<std::string>;
using Manifest = std::map<std::string, Expectation>;

/// Reads `NAME pass` and `NAME skip: REASON`, one a line; `#` begins a comment line.
/// @throws std::runtime_error with the number of a line that is neither, or names a case again.
Manifest parse(std::string_view text);
std::string to_text(const Manifest& manifest);

/// How a case ended.
struct Outcome {
  enum Kind { right, unsupported, wrong };
  Kind kind = right;
  std::string why = "";  ///< Empty for `right`.
};
using Outcomes = std::map<std::string, Outcome>;

/// One line for each way in which the outcomes are not what the manifest says: a case that is not listed, is listed
/// and does not exist, should pass and does not, is skipped and passes, or is skipped for what is not why any more.
std::vector<std::string> violations(const Manifest& manifest, const Outcomes& outcomes);

/// The manifest for these outcomes. A wrong case has to pass unless the old manifest skips it for a written reason.
Manifest updated(const Manifest& manifest, const Outcomes& outcomes);

}  // namespace ranvier::conformance

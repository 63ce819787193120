#include "tests/conformance/manifest.h"

#include <fmt/format.h>

#include <stdexcept>

namespace ranvier::conformance {
namespace {

constexpr std::string_view pass = "pass";
constexpr std::string_view skip = "skip: ";

/// How the line begins of a case that was found by running it.
bool was_found(const std::string& reason) {
  return reason.starts_with("operator") || reason.starts_with("unsupported");
}

}  // namespace

Manifest parse(std::string_view text) {
  Manifest manifest;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = line.find(' ');
    const std::string_view rest = space == line.npos ? "" : line.substr(space + 1);
    Expectation expectation;
    if (rest.starts_with(skip) && rest.size() > skip.size())
      expectation = rest.substr(skip.size());
    else if (rest != pass)
      throw std::runtime_error(fmt::format("line {}: expected 'NAME pass' or 'NAME skip: REASON': {}", number, line));
    if (!manifest.emplace(line.substr(0, space), expectation).second)
      throw std::runtime_error(fmt::format("line {}: {} is listed twice", number, line.substr(0, space)));
  }
  return manifest;
}

std::string to_text(const Manifest& manifest) {
  std::string text = "# The node tests of onnx 1.22.0. Written by `onnx_node_test --update`; see README.md.\n";
  for (const auto& [name, reason] : manifest)
    text += reason ? fmt::format("{} {}{}\n", name, skip, *reason) : fmt::format("{} {}\n", name, pass);
  return text;
}

std::vector<std::string> violations(const Manifest& manifest, const Outcomes& outcomes) {
  std::vector<std::string> found;
  for (const auto& [name, reason] : manifest)
    if (!outcomes.contains(name)) found.push_back(fmt::format("{}: is listed, but there is no such case", name));
  for (const auto& [name, outcome] : outcomes) {
    const auto listed = manifest.find(name);
    if (listed == manifest.end()) {
      found.push_back(fmt::format("{}: is not listed", name));
    } else if (!listed->second) {
      if (outcome.kind != Outcome::right) found.push_back(fmt::format("{}: {}", name, outcome.why));
    } else if (outcome.kind == Outcome::right) {
      found.push_back(fmt::format("{}: passes, but is skipped ({})", name, *listed->second));
    } else if (was_found(*listed->second) && outcome.why != *listed->second) {
      found.push_back(fmt::format("{}: is skipped for '{}', but: {}", name, *listed->second, outcome.why));
    }
  }
  return found;
}

Manifest updated(const Manifest& manifest, const Outcomes& outcomes) {
  Manifest result;
  for (const auto& [name, outcome] : outcomes) {
    const auto listed = manifest.find(name);
    const bool written = listed != manifest.end() && listed->second && !was_found(*listed->second);
    Expectation& expectation = result[name];
    if (outcome.kind == Outcome::right) continue;
    if (written)
      expectation = listed->second;
    else if (outcome.kind == Outcome::unsupported)
      expectation = outcome.why;
  }
  return result;
}

}  // namespace ranvier::conformance

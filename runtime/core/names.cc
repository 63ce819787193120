#include "runtime/core/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace ranvier {
namespace {

constexpr std::size_t few = 6;
constexpr std::size_t nearest = 3;
/// Of each name: what is longer is told apart by its end, where the layers and operators of exporters are.
constexpr std::size_t compared = 80;

std::string_view end_of(std::string_view name) { return name.substr(name.size() - std::min(name.size(), compared)); }

/// How many letters have to be added, removed or replaced to make one of the other.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

/// A name that has all of the other in it comes before every one that does not.
std::size_t distance(std::string_view wanted, std::string_view name) {
  const bool contains = name.find(wanted) != name.npos || (!name.empty() && wanted.find(name) != wanted.npos);
  return edits(end_of(wanted), end_of(name)) + (contains ? 0 : compared);
}

std::string listed(std::span<const std::string> names) { return fmt::format("'{}'", fmt::join(names, "', '")); }

}  // namespace

std::string names_instead(std::string_view wanted, std::span<const std::string> names) {
  if (names.empty()) return "it has none";
  if (names.size() <= few) return "it has " + listed(names);
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // distance, position
  for (std::size_t i = 0; i < names.size(); ++i) ranked.emplace_back(distance(wanted, names[i]), i);
  std::partial_sort(ranked.begin(), ranked.begin() + nearest, ranked.end());
  std::vector<std::string> first;
  for (std::size_t i = 0; i < nearest; ++i) first.push_back(names[ranked[i].second]);
  return "the nearest are " + listed(first);
}

}  // namespace ranvier

// Writes docs/operators.md from the table of operators. usage: generate_docs [--check] FILE
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "operators/table.h"

namespace ranvier {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

std::string implementations(const operators::Operator& op) {
  std::string names;
  for (const operators::Implementation& each : op.implementations)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
  return names;
}

std::string operators_page() {
  std::map<Key, std::vector<const operators::Row*>> rows;
  for (const operators::Row& row : operators::table()) rows[{row.domain, row.name}].push_back(&row);
  std::string page = fmt::format(
      "# Operators\n\nGenerated from operators/table.def by `generate_docs docs/operators.md`; a test compares the "
      "two.\n\n"
      "{} operators. `since`: the versions of the operator's domain in which its meaning changed; a model of any "
      "version "
      "between\nthem is served by the one before. `types`: what the first input may be. `implementations`: in the "
      "order "
      "in which they are\ntried.\n\n| operator | since | types | implementations |\n|---|---|---|---|\n",
      rows.size());
  for (const auto& [key, versions] : rows) {
    std::string since;
    for (const operators::Row* row : versions) since += fmt::format("{}{}", since.empty() ? "" : ", ", row->since);
    const operators::Operator& newest = *versions.back()->definition;
    page += fmt::format("| {}{}{} | {} | {} | {} |\n", key.first, key.first.empty() ? "" : ".", key.second, since,
                        newest.types == all_types ? "all" : to_string(newest.types), implementations(newest));
  }
  return page;
}

int main(const std::vector<std::string>& arguments) {
  const bool check = arguments.size() == 2 && arguments[0] == "--check";
  if (arguments.size() != (check ? 2 : 1)) {
    fmt::print(stderr, "usage: generate_docs [--check] FILE\n");
    return 2;
  }
  const std::string& file = arguments.back();
  if (!check) return std::ofstream(file) << operators_page() ? 0 : 1;
  std::ifstream stream(file);
  if (std::string(std::istreambuf_iterator<char>(stream), {}) == operators_page()) return 0;
  fmt::print(stderr, "{} is not what the table of operators says; write it anew with: generate_docs {}\n", file, file);
  return 1;
}

}  // namespace
}  // namespace ranvier

int main(int count, char** arguments) { return ranvier::main({arguments + 1, arguments + count}); }

// docs/operators.md, from the table of operators.
#include <fmt/format.h>

#include "operators/table.h"
#include "tools/docs/pages.h"

namespace ranvier::docs {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

std::string implementations(const operators::Operator& op) {
  std::string names;
  for (const operators::Implementation& each : op.implementations)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
  return names;
}

}  // namespace

std::string operators_page() {
  std::map<Key, std::vector<const operators::Row*>> rows;
  for (const operators::Row& row : operators::table()) rows[{row.domain, row.name}].push_back(&row);
  std::string page = fmt::format(
      "# Operators\n\nGenerated from operators/table.def by `generate_docs docs`; a test compares the two.\n\n"
      "{} operators. `since`: the versions of the operator's domain in which its meaning changed; a model of any "
      "version between\nthem is served by the one before. `types`: what the first input may be. `implementations`: "
      "in the order in which they are\ntried.\n\n"
      "| operator | since | types | implementations |\n|---|---|---|---|\n",
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

}  // namespace ranvier::docs

// ranvier ops: the table of operators.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "operators/table.h"
#include "tools/command.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "The versions are those of the operator's domain at which its meaning changed; the types are those that its first\n"
    "input may have.\n"
    "Examples:\n"
    "  ranvier ops\n"
    "  ranvier ops --json";

struct Entry {
  std::string domain;
  std::string name;
  std::vector<std::int64_t> versions;
  TypeSet types;
};

std::vector<Entry> entries() {
  std::vector<Entry> result;
  for (const operators::Row& row : operators::table()) {
    const auto same = [&](const Entry& entry) { return entry.domain == row.domain && entry.name == row.name; };
    auto found = std::find_if(result.begin(), result.end(), same);
    if (found == result.end())
      found = result.insert(found, {std::string(row.domain), std::string(row.name), {}, TypeSet()});
    found->versions.push_back(row.since);
    found->types = found->types | row.definition->types;
  }
  for (Entry& entry : result) std::sort(entry.versions.begin(), entry.versions.end());
  std::sort(result.begin(), result.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.domain, a.name) < std::tie(b.domain, b.name); });
  return result;
}

void print(const std::vector<Entry>& all) {
  std::size_t name_width = 0;
  for (const Entry& entry : all) name_width = std::max(name_width, entry.name.size() + entry.domain.size() + 1);
  std::string text = fmt::format("{:<{}}  {:<20}  {}\n", "Operator", name_width, "Since", "Types");
  for (const Entry& entry : all) {
    const std::string full = entry.domain.empty() ? entry.name : entry.domain + "." + entry.name;
    text += fmt::format("{:<{}}  {:<20}  {}\n", full, name_width, fmt::format("{}", fmt::join(entry.versions, ", ")),
                        entry.types == all_types ? "all" : to_string(entry.types));
  }
  write_output(fmt::format("{}{} operators\n", text, all.size()));
}

void print_json(const std::vector<Entry>& all) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Entry& entry : all) {
    std::vector<std::string> types;
    for (int i = 1; i < data_type_count; ++i)
      if (entry.types.contains(static_cast<DataType>(i))) types.emplace_back(name(static_cast<DataType>(i)));
    json.push_back({{"domain", entry.domain}, {"name", entry.name}, {"since", entry.versions}, {"types", types}});
  }
  write_output(json.dump(2) + "\n");
}

}  // namespace

Command ops_command() {
  const auto json = std::make_shared<bool>(false);
  return {.name = "ops",
          .about = "List the operators",
          .help = help,
          .options = {{"--json", json.get(), "Write JSON"}},
          .job = [json] {
            *json ? print_json(entries()) : print(entries());
            return good;
          }};
}

}  // namespace ranvier::tools

#include "operators/table.h"

#include <string>
#include <unordered_map>

#include "operators/custom.h"

namespace ranvier::operators {

#define OPERATOR(domain, name, since, definition) extern const Operator definition;
#include "operators/table.def"
#undef OPERATOR

namespace {

constexpr Row rows[] = {
#define OPERATOR(domain, name, since, definition) {domain, name, since, &definition},
#include "operators/table.def"
#undef OPERATOR
};

using Index = std::unordered_map<std::string, std::vector<const Row*>>;

std::string key(std::string_view domain, std::string_view name) {
  return std::string(domain == "ai.onnx" ? "" : domain) + "::" + std::string(name);
}

const Index& index() {
  static const Index result = [] {
    Index built;
    for (const Row& row : rows) built[key(row.domain, row.name)].push_back(&row);
    return built;
  }();
  return result;
}

}  // namespace

std::span<const Row> table() { return rows; }

const Operator* find_operator(std::string_view domain, std::string_view name, std::int64_t version) {
  const auto found = index().find(key(domain, name));
  if (found == index().end()) return nullptr;
  const Row* best = nullptr;
  for (const Row* row : found->second)
    if (row->since <= version && (best == nullptr || row->since > best->since)) best = row;
  return best == nullptr ? nullptr : best->definition;
}

const Operator* find_operator(const graph::Node& node) {
  return node.custom != nullptr ? &custom_operator : find_operator(node.domain, node.op_type, node.version);
}

bool known(std::string_view domain, std::string_view name) { return index().contains(key(domain, name)); }

}  // namespace ranvier::operators

#include "runtime/executor/model_parts.h"

#include <algorithm>

#include "runtime/core/error.h"
#include "runtime/core/names.h"

namespace ranvier {
namespace {

std::size_t index_of(std::string_view role, std::string_view name, const std::vector<PortInfo>& ports) {
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const PortInfo& port) { return port.name == name; });
  if (found != ports.end()) return static_cast<std::size_t>(found - ports.begin());
  std::vector<std::string> names;
  for (const PortInfo& each : ports) names.push_back(each.name);
  fail(ErrorCode::invalid_argument, "the model has no {} '{}'; {}", role, name, names_instead(name, names));
}

}  // namespace

PortInfo port_of(const graph::Value& value) {
  PortInfo info{.name = value.name,
                .type = value.type,
                .ranked = value.shape.has_value(),
                .dimensions = {},
                .optional = value.overridable};
  if (value.shape)
    for (const graph::Dimension& dim : *value.shape) info.dimensions.push_back({dim.size, dim.symbol});
  return info;
}

const std::vector<PortInfo>& Model::inputs() const { return parts_->inputs; }
const std::vector<PortInfo>& Model::outputs() const { return parts_->outputs; }

std::size_t Model::input_index(std::string_view name) const { return index_of("input", name, parts_->inputs); }
std::size_t Model::output_index(std::string_view name) const { return index_of("output", name, parts_->outputs); }

}  // namespace ranvier

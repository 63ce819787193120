#include "runtime/executor/model_parts.h"

namespace ranvier {

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

}  // namespace ranvier

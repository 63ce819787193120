// Types and shapes as a file declares them.
#pragma once

#include "runtime/graph/graph.h"
#include "runtime/loader/messages.h"

namespace ranvier::loader {

/// Sets kind, type and shape of `value` from what the file declares. A dimension of -1 counts as unknown, as older
/// exporters mean it. @throws Error invalid_model for other negative dimensions, unsupported for an unknown type.
void declare(graph::Value& value, const onnx::TypeProto& type);

}  // namespace ranvier::loader

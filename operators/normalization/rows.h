// What LayerNormalization and RMSNormalization share: rows, their kernels, and the activation that may follow. In
// Ranvier's own domain both have the attributes of an epilogue (operators/activation/epilogue.h).
#pragma once

#include "operators/activation/epilogue.h"
#include "operators/normalization/row_kernels.h"
#include "operators/operator.h"

namespace ranvier::operators {

/// The activation of a node of Ranvier's domain; linear in ONNX'. @throws Error invalid_model where it names none.
Epilogue normalization_epilogue(const Spec& spec);

/// Why the kernels cannot serve the node; nothing where they can.
std::optional<std::string> rows_refusal(const Spec& spec);

/// The kernel that takes row by row, shared out among threads.
Kernel normalize_rows(const Spec& spec, RowNormalization RowNormalizations::*kernel);

/// A reference's kernel, and the activation of what it makes.
Kernel followed_by_activation(Kernel kernel, const Spec& spec);

}  // namespace ranvier::operators

// Einsums of two inputs that are matrix products.
#pragma once

#include "operators/matmul/einsum_equation.h"
#include "operators/operator.h"

namespace ranvier::operators {

std::vector<Shape> input_shapes(const Spec& spec);

/// The equation of an Einsum node, on the shapes of its inputs. @throws Error as parse_einsum.
Einsum einsum_of(const Spec& spec);

/// Why the node is not one product of matrices, or of batches of them; nothing where it is.
std::optional<std::string> einsum_product_refusal(const Spec& spec);

/// One product by oneDNN; operands whose dimensions do not already lie as it needs them are copied before and after.
Kernel einsum_product(const Spec& spec);

}  // namespace ranvier::operators

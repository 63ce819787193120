// The references of Softmax and LogSoftmax, for what else is computed of whole rows.
#pragma once

#include <span>

namespace ranvier::operators {

/// exp(x - max) / sum of exp(x - max), in place; of 1 element or more.
void reference_softmax(std::span<double> row);
/// x - max - log(sum of exp(x - max)), in place; of 1 element or more.
void reference_log_softmax(std::span<double> row);

}  // namespace ranvier::operators

// What constants do to each channel of a value: the columns of what a Dense makes or reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {

/// x * scale + shift, channel by channel.
struct Affine {
  std::vector<double> scale;
  std::vector<double> shift;
};

bool is_finite(const Affine& affine);

/// A dimension of a value.
struct Channels {
  graph::ValueId value = graph::none;
  std::int64_t count = 0;
};

/// What the node does to the channels of its operand: BatchNormalization, products, quotients, sums and differences
/// with constants. Nothing where it does anything else, and `refusal` says why where it almost does that.
std::optional<Affine> affine_of(const View& view, const graph::Node& node, const Channels& channels,
                                std::string& refusal);

}  // namespace ranvier::optimizer

// What constants do to each channel of a value: the columns of what a Dense makes or reads, the channels of what a Conv
// makes.
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
  std::size_t behind = 0;  ///< How many dimensions come after it.
};

/// The channels of what a layer makes of constant weights, a ranvier.Dense or a Conv; nothing where the node is none.
std::optional<Channels> channels_made(const View& view, const graph::Node& node);

/// What the node does to the channels of its operand: BatchNormalization, products, quotients, sums and differences
/// with constants. Nothing where it does anything else, and `refusal` says why where it almost does that.
std::optional<Affine> affine_of(const View& view, const graph::Node& node, const Channels& channels,
                                std::string& refusal);

}  // namespace ranvier::optimizer

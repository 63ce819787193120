// Running an example in every way, and making what fails smaller.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/optimizer/optimizer.h"
#include "tests/random_graphs/example.h"

namespace ranvier::random_graphs {

struct Failure {
  std::string what;       ///< Which way of running it is wrong, what differs, and the rewrite it came with.
  std::size_t input = 0;  ///< On which of the example's inputs.
};

/// Runs the model of the example with its references, and then planned: as it is, after each rewrite of the optimizer,
/// and with strict_onnx. Nothing where all give the same; on extreme inputs, only what strict_onnx gives counts.
std::optional<Failure> failure_of(const Example& example);

/// What the optimizer does to the example.
std::vector<optimizer::Rewrite> rewrites_of(const Example& example);

using Fails = std::function<std::optional<Failure>(const Example&)>;

/// A part of the example that `fails` as well, in which hardly anything can be left out. `failure`, that of the
/// example, becomes its own.
Example reduced(Example example, Failure& failure, const Fails& fails = failure_of);

}  // namespace ranvier::random_graphs

#include "tests/random_graphs/check.h"

#include <algorithm>

#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "tests/random_graphs/expectation.h"

namespace ranvier::random_graphs {
namespace {

Model parsed(const std::string& bytes, const ModelOptions& options) {
  return Model::parse(std::as_bytes(std::span(bytes)), options);
}

/// What comes out of each of the inputs; nothing where the example does not run, or not as it was meant.
using Expectations = std::vector<std::optional<Expectation>>;

Expectations expectations_of(const Example& example, const graph::Graph& graph) {
  Expectations all;
  for (const Inputs& inputs : example.inputs) {
    all.emplace_back();
    try {
      all.back().emplace(graph, inputs.tensors);
      if (!all.back()->meant()) all.back().reset();
    } catch (const Error&) {  // these sizes do not fit the graph
    }
  }
  return all;
}

/// Runs an example in one way after the other.
class Check {
 public:
  Check(const Example& example, const graph::Graph& graph)
      : example_(example), expectations_(expectations_of(example, graph)) {}

  /// What is wrong, if anything, with the outputs of the model.
  std::optional<Failure> failure(const std::string& way, const Model& model, bool at_extremes, bool reference = false) {
    std::optional<Session> session;
    for (std::size_t i = 0; i < example_.inputs.size(); ++i) {
      std::optional<Expectation>& expectation = expectations_[i];
      if (!expectation || (!at_extremes && (example_.inputs[i].extreme || !expectation->finite()))) continue;
      try {
        if (!session) session.emplace(model, SessionOptions{.threads = 1, .reference = reference});
        if (const auto how = expectation->difference(session->run(example_.inputs[i].tensors)))
          return Failure{way + ": " + *how, i};
      } catch (const Error& error) {
        return Failure{fmt::format("{}: {}: {}", way, name(error.code()), error.what()), i};
      }
    }
    return std::nullopt;
  }

 private:
  const Example& example_;
  Expectations expectations_;
};

/// What costs most.
std::ptrdiff_t products_in(const graph::Graph& graph) {
  return std::ranges::count_if(graph.nodes, [](const graph::Node& node) {
    return node.op_type == "MatMul" || node.op_type == "Gemm" || node.op_type == "Dense";
  });
}

/// After each rewrite.
std::optional<Failure> failure_optimized(Check& check, const std::string& bytes, bool strict) {
  const std::size_t count = parsed(bytes, {.strict_onnx = strict}).parts().rewrites.size();
  for (std::size_t n = 1; n <= count; ++n) {
    const Model model = parsed(bytes, {.strict_onnx = strict, .stop_after = n});
    const optimizer::Rewrite& last = model.parts().rewrites.back();
    const std::string way =
        fmt::format("{}after rewrite {} of {}, {}: {}", strict ? "strictly " : "", n, count, last.pass, last.reason);
    if (auto failure = check.failure(way, model, strict)) return failure;
    const std::ptrdiff_t before = products_in(model.parts().loaded.graph), after = products_in(model.parts().graph);
    if (after > before) return Failure{fmt::format("{}: {} products, where the file has {}", way, after, before)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> failure_of(const Example& example) {
  const std::string bytes = model_bytes(example);
  try {
    const Model file = parsed(bytes, {.optimize = false});
    Check check(example, file.parts().loaded.graph);
    if (auto failure = check.failure("by the references", file, true, true)) return failure;
    if (auto failure = check.failure("unoptimized", file, true)) return failure;
    if (auto failure = failure_optimized(check, bytes, false)) return failure;
    return failure_optimized(check, bytes, true);
  } catch (const Error& error) {
    return Failure{fmt::format("while it is loaded: {}: {}", name(error.code()), error.what())};
  }
}

std::vector<optimizer::Rewrite> rewrites_of(const Example& example) {
  return parsed(model_bytes(example), {}).parts().rewrites;
}

}  // namespace ranvier::random_graphs

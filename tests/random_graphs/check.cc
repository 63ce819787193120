#include "tests/random_graphs/check.h"

#include <algorithm>
#include <functional>

#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "runtime/graph/patch.h"
#include "tests/random_graphs/growth.h"
#include "tests/random_graphs/leeway.h"

namespace ranvier::random_graphs {
namespace {

Model parsed(const std::string& bytes, const ModelOptions& options) {
  return Model::parse(std::as_bytes(std::span(bytes)), options);
}

/// The inputs that the example runs on, with what comes out; nothing for the others.
std::vector<std::optional<Expectation>> expectations_of(const Example& example, const graph::Graph& graph) {
  std::vector<std::optional<Expectation>> all;
  for (const Inputs& inputs : example.inputs) {
    all.emplace_back();
    try {
      const Expectation expectation = expectation_of(graph, inputs.tensors);
      if (expectation.meant) all.back() = expectation;
    } catch (const Error&) {  // these sizes do not fit the graph
    }
  }
  return all;
}

/// One way to run a model, on the inputs on which it has to be right.
class Way {
 public:
  Way(std::string name, const Example& example, const std::vector<std::optional<Expectation>>& expectations)
      : name_(std::move(name)), example_(example), expectations_(expectations) {}

  std::optional<Failure> failure(const std::function<Model()>& load, const SessionOptions& options,
                                 bool at_extremes) const {
    std::optional<Session> session;
    for (std::size_t i = 0; i < example_.inputs.size(); ++i) {
      const std::optional<Expectation>& expectation = expectations_[i];
      if (!expectation || (!at_extremes && (example_.inputs[i].extreme || !expectation->finite))) continue;
      try {
        if (!session) session.emplace(load(), options);
        if (auto how = difference_from(*expectation, session->run(example_.inputs[i].tensors)))
          return Failure{name_ + ": " + *how, i};
      } catch (const Error& error) {
        return Failure{fmt::format("{}: {}: {}", name_, ranvier::name(error.code()), error.what()), i};
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<std::string> difference_from(const Expectation& expectation, const std::vector<Tensor>& outputs) const {
    for (std::size_t o = 0; o < outputs.size(); ++o)
      if (const auto how = difference(outputs[o], expectation.outputs[o])) {
        const graph::Graph& graph = example_.graph;
        return fmt::format("output '{}': {}", graph.values[graph.outputs[o]].name, *how);
      }
    return std::nullopt;
  }

  std::string name_;
  const Example& example_;
  const std::vector<std::optional<Expectation>>& expectations_;
};

}  // namespace

std::optional<Failure> failure_of(const Example& example) {
  const std::string bytes = model_bytes(example);
  std::optional<Model> file;
  try {
    file = parsed(bytes, {.optimize = false});
  } catch (const Error& error) {
    return Failure{fmt::format("loading: {}", error.what())};
  }
  const auto expectations = expectations_of(example, file->parts().loaded.graph);
  const SessionOptions one_thread = {.threads = 1};
  const auto as_file = [&] { return *file; };
  const auto way = [&](std::string name) { return Way(std::move(name), example, expectations); };
  if (auto how = way("reference").failure(as_file, {.threads = 1, .reference = true}, true)) return how;
  if (auto how = way("unoptimized").failure(as_file, one_thread, true)) return how;
  for (const bool strict : {false, true}) {
    const auto stopped = [&](std::size_t n) { return parsed(bytes, {.strict_onnx = strict, .stop_after = n}); };
    std::vector<optimizer::Rewrite> rewrites;
    try {
      rewrites = stopped(std::numeric_limits<std::size_t>::max()).parts().rewrites;
    } catch (const Error& error) {
      return Failure{fmt::format("optimizing{}: {}", strict ? " strictly" : "", error.what())};
    }
    for (std::size_t n = 1; n <= rewrites.size(); ++n) {
      const optimizer::Rewrite& last = rewrites[n - 1];
      const std::string name = fmt::format("{}after rewrite {} of {}, {}: {}", strict ? "strictly " : "", n,
                                           rewrites.size(), last.pass, last.reason);
      if (auto how = way(name).failure([&] { return stopped(n); }, one_thread, strict)) return how;
    }
  }
  return std::nullopt;
}

std::vector<optimizer::Rewrite> rewrites_of(const Example& example) {
  return parsed(model_bytes(example), {}).parts().rewrites;
}

}  // namespace ranvier::random_graphs

// ranvier summary: a model's layers, shapes and sizes.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ranvier/session.h"
#include "runtime/executor/model_parts.h"
#include "tools/command.h"
#include "tools/layers.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Lists the nodes that run, after optimization, with the shape of each one's output in terms of the unknown sizes "
    "of\n"
    "the inputs, its parameters, and the floating-point operations for one run (unknown sizes counted as 1).\n"
    "A model that is not supported is listed as its file declares it.\n"
    "Examples:\n"
    "  ranvier summary model.onnx\n"
    "  ranvier summary model.onnx --json";

/// What is shown of a model.
struct Summary {
  std::string file;
  loader::LoadedModel loaded;
  std::vector<Layer> layers;
  std::vector<graph::Value> inputs;
  std::vector<graph::Value> outputs;
  Layer total;
};

std::vector<graph::Value> ports(const graph::Graph& graph, const std::vector<graph::ValueId>& ids,
                                const std::vector<graph::DeclaredShape>& shapes) {
  std::vector<graph::Value> result;
  for (const graph::ValueId id : ids) {
    graph::Value value = graph.values[id];
    if (id < shapes.size() && shapes[id]) value.shape = shapes[id];
    value.constant.reset();
    result.push_back(std::move(value));
  }
  return result;
}

std::vector<graph::DeclaredShape> shapes_of(const graph::Graph& graph) {
  std::vector<graph::DeclaredShape> shapes;
  for (planner::SymbolicValue& value : symbolic_values(graph)) shapes.push_back(std::move(value.shape));
  return shapes;
}

void fill(Summary& summary, const graph::Graph& graph, const std::vector<graph::DeclaredShape>& shapes) {
  summary.layers = layers(graph, shapes);
  summary.inputs = ports(graph, graph.inputs, shapes);
  summary.outputs = ports(graph, graph.outputs, shapes);
  for (const Layer& layer : summary.layers) {
    summary.total.parameters += layer.parameters;
    summary.total.bytes += layer.bytes;
    if (__builtin_add_overflow(summary.total.flops, layer.flops, &summary.total.flops)) summary.total.flops = INT64_MAX;
  }
}

Summary summarize(const std::string& file) {
  Summary summary;
  summary.file = file;
  try {
    const Model model = Model::load(file);
    summary.loaded = model.parts().loaded;
    fill(summary, model.parts().graph, shapes_of(model.parts().graph));
    return summary;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported)
      throw Failure(error.code() == ErrorCode::internal ? bug : bad_model, error.what());
    try {
      summary.loaded = loader::load_file(file);
    } catch (const Error&) {
      throw Failure(bad_model, error.what());
    }
    note("not supported, `ranvier check` says why; this is what the file declares");
  }
  fill(summary, summary.loaded.graph, {});
  return summary;
}

std::string shape_text(const graph::DeclaredShape& shape) { return shape ? to_string(shape) : "?"; }

std::string port_text(const graph::Value& value) {
  return fmt::format("{}: {} {}", value.name, name(value.type), shape_text(value.shape));
}

void print(const Summary& summary) {
  std::vector<std::array<std::string, 6>> rows = {
      {"Layer", "Operator", "Output shape", "Parameters", "Bytes", "FLOPs"}};
  const auto add = [&](const Layer& layer, const std::string& shape) {
    rows.push_back(
        {layer.name, layer.op, shape, grouped(layer.parameters), grouped(layer.bytes), grouped(layer.flops)});
  };
  for (const Layer& layer : summary.layers) add(layer, shape_text(layer.shape));
  add(summary.total, "");
  rows.back()[0] = "Total";
  std::array<std::size_t, 6> widths = {};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  std::size_t width = 2 * (widths.size() - 1);
  for (const std::size_t each : widths) width += each;
  const std::string rule(width, '-');
  for (const auto& row : rows) {
    if (&row == &rows.back()) text += rule + '\n';
    for (std::size_t i = 0; i < row.size(); ++i)
      text += i < 3 ? fmt::format("{:<{}}  ", row[i], widths[i]) : fmt::format("{:>{}}  ", row[i], widths[i]);
    text.replace(text.size() - 2, 2, "\n");
    if (&row == &rows.front()) text += rule + '\n';
  }
  for (const graph::Value& value : summary.inputs) text += "input   " + port_text(value) + '\n';
  for (const graph::Value& value : summary.outputs) text += "output  " + port_text(value) + '\n';
  for (const auto& [domain, version] : summary.loaded.opsets)
    text += fmt::format("opset   {}{}{}\n", domain, domain.empty() ? "" : " ", version);
  if (!summary.loaded.producer.empty())
    text += fmt::format("made by {} {}\n", summary.loaded.producer, summary.loaded.producer_version);
  write_output(text);
}

using Json = nlohmann::ordered_json;

Json ports_json(const std::vector<graph::Value>& values) {
  Json json = Json::array();
  for (const graph::Value& value : values)
    json.push_back({{"name", value.name}, {"type", name(value.type)}, {"shape", shape_json(value.shape)}});
  return json;
}

void print_json(const Summary& summary) {
  Json rows = Json::array();
  for (const Layer& layer : summary.layers)
    rows.push_back({{"name", layer.name},
                    {"operator", layer.op},
                    {"output_shape", shape_json(layer.shape)},
                    {"parameters", layer.parameters},
                    {"bytes", layer.bytes},
                    {"flops", layer.flops}});
  const Json json = {{"model", summary.file},
                     {"layers", rows},
                     {"parameters", summary.total.parameters},
                     {"bytes", summary.total.bytes},
                     {"flops", summary.total.flops},
                     {"inputs", ports_json(summary.inputs)},
                     {"outputs", ports_json(summary.outputs)},
                     {"opsets", summary.loaded.opsets},
                     {"ir_version", summary.loaded.ir_version},
                     {"producer", summary.loaded.producer},
                     {"producer_version", summary.loaded.producer_version}};
  write_output(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_summary(CLI::App& app, Job& job) {
  const auto file = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("summary", "Show a model's layers, shapes and sizes");
  command->footer(help);
  command->add_option("MODEL", *file, "An ONNX file")->required();
  command->add_flag("--json", *json, "Write JSON");
  command->callback([file, json, &job] {
    job = [file, json] {
      const Summary summary = summarize(*file);
      *json ? print_json(summary) : print(summary);
      return good;
    };
  });
}

}  // namespace ranvier::tools

// ranvier summary: a model's layers, shapes and sizes.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ranvier/session.h"
#include "runtime/executor/model_parts.h"
#include "tools/command.h"
#include "tools/keras_layers.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Lists the layers of Keras where the exporter left their names (TensorFlow's does), else the nodes that run:\n"
    "what each became after optimization, the shape of its output (None: an unknown size without a name), its\n"
    "parameters as the file has them, their bytes as they are used, and the floating-point operations for one run\n"
    "(unknown sizes counted as 1).\n"
    "A model that is not supported is listed as its file declares it.\n"
    "Examples:\n"
    "  ranvier summary model.onnx\n"
    "  ranvier summary model.onnx --json";

/// What is shown of a model.
struct Summary {
  std::string file;
  loader::LoadedModel loaded;
  std::vector<LayerRow> rows;
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

void fill(Summary& summary, const graph::Graph& graph, const std::vector<graph::DeclaredShape>& shapes,
          const std::optional<Sources>& sources) {
  summary.rows = by_layer(layers(graph, shapes, sources), layer_names(graph));
  summary.inputs = ports(graph, graph.inputs, shapes);
  summary.outputs = ports(graph, graph.outputs, shapes);
  for (const LayerRow& row : summary.rows) {
    summary.total.parameters += row.layer.parameters;
    summary.total.bytes += row.layer.bytes;
    if (__builtin_add_overflow(summary.total.flops, row.layer.flops, &summary.total.flops))
      summary.total.flops = INT64_MAX;
  }
}

Summary summarize(const std::string& file) {
  Summary summary;
  summary.file = file;
  try {
    const Model model = Model::load(file);
    summary.loaded = model.parts().loaded;
    const Model::Parts& parts = model.parts();
    fill(summary, parts.graph, shapes_of(parts.graph), Sources{parts.loaded.graph, parts.origins});
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
  fill(summary, summary.loaded.graph, {}, {});
  return summary;
}

/// As Keras prints it: "(None, 128)", for tf2onnx' made-up "unk__5" too.
std::string keras_shape(const graph::DeclaredShape& shape) {
  if (!shape) return "?";
  std::vector<std::string> dims;
  for (const graph::Dimension& dim : *shape) {
    const bool nameless = dim.symbol.empty() || dim.symbol.find("unk__") != std::string::npos;
    dims.push_back(dim.known() ? std::to_string(dim.size) : nameless ? "None" : dim.symbol);
  }
  return fmt::format("({}{})", fmt::join(dims, ", "), dims.size() == 1 ? "," : "");
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
  for (const LayerRow& row : summary.rows) add(row.layer, keras_shape(row.layer.shape));
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
  for (const auto& [layer, operators] : summary.rows)
    rows.push_back({{"name", layer.name},
                    {"operators", operators},
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

Command summary_command() {
  const auto file = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  return {.name = "summary",
          .about = "Show a model's layers, shapes and sizes",
          .help = help,
          .options = {{"MODEL", file.get(), "An ONNX file"}, {"--json", json.get(), "Write JSON"}},
          .job = [file, json] {
            const Summary summary = summarize(*file);
            *json ? print_json(summary) : print(summary);
            return good;
          }};
}

}  // namespace ranvier::tools

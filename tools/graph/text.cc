#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/graph/labels.h"
#include "tools/graph/writers.h"
#include "tools/layers.h"

namespace ranvier::view {
namespace {

using tools::grouped;

/// What is longer does not widen its column.
constexpr std::size_t widest_column = 72;

/// Number, operator, what it makes, types, parameters, what it reads.
using Row = std::array<std::string, 6>;

std::string list(const View& view, const std::vector<graph::ValueId>& ids,
                 std::string (*text)(const View&, graph::ValueId)) {
  std::vector<std::string> words;
  for (const graph::ValueId id : ids) words.push_back(text(view, id));
  return joined(words, ", ");
}

Row row(const View& view, std::size_t n) {
  const graph::Node& node = view.graph.nodes[n];
  Row row;
  row[0] = std::to_string(n + 1);
  row[1] = tools::operator_text(node);
  row[2] = list(view, node.outputs, operand_text);
  row[3] = list(view, node.outputs,
                [](const View& of, graph::ValueId id) { return id == graph::none ? "-" : type_text(of.values[id]); });
  row[4] = view.nodes[n].parameters == 0 ? "" : grouped(view.nodes[n].parameters);
  row[5] = "<- " + list(view, graph::values_read(node), operand_text);
  if (const std::string attributes = attributes_text(node); !attributes.empty()) row[5] += "  {" + attributes + "}";
  return row;
}

/// Lines below a node, without indentation.
std::vector<std::string> explanation(const View& view, std::size_t n) {
  const Node& node = view.nodes[n];
  std::vector<std::string> lines;
  if (is_made(node))
    lines.push_back(fmt::format("made of {} by {}", joined(node.made_of, ", "), fmt::join(node.passes, ", ")));
  if (!node.folded.empty()) lines.push_back(fmt::format("{}: {}", folded_text(node), joined(node.folded, ", ")));
  if (!node.idle.empty()) lines.push_back(std::string(node.idle));
  if (!node.step) return lines;
  std::string how = "runs by " + node.step->implementation;
  if (const auto& blocks = node.step->blocks)
    how += fmt::format(", one of {} by blocks of {} of the {}", counted(blocks->end_step - blocks->first_step, "step"),
                       blocks->block, counted(blocks->rows, "row"));
  for (const graph::ValueId id : view.graph.nodes[n].outputs)
    if (id != graph::none && view.values[id].place) how += ", " + place_text(view.values[id]);
  if (node.step->scratch_bytes > 0)
    how += fmt::format(", scratch at {}, {}", grouped(static_cast<std::int64_t>(node.step->scratch_offset)),
                       counted(node.step->scratch_bytes, "byte"));
  lines.push_back(std::move(how));
  for (const planner::Refusal& refusal : node.step->refusals)
    lines.push_back(fmt::format("not by {}: {}", refusal.implementation, refusal.reason));
  return lines;
}

std::string head(const View& view) {
  std::string text = fmt::format("{}, {}: {}", view.file, name(view.stage), counted(view.nodes.size(), "node"));
  if (view.stage != Stage::loaded) text += ", " + counted(view.rewrites.size(), "rewrite");
  if (view.stage == Stage::planned)
    text += fmt::format(", {} of arena, {}", counted(view.arena_bytes, "byte"),
                        counted(static_cast<std::size_t>(view.threads), "thread"));
  text += "\n";
  for (const graph::ValueId id : view.graph.inputs)
    text += fmt::format("input   {}: {}\n", view.graph.values[id].name, type_text(view.values[id]));
  for (const graph::ValueId id : view.graph.outputs)
    text += fmt::format("output  {}: {}\n", view.graph.values[id].name, type_text(view.values[id]));
  return text;
}

std::string tail(const View& view, bool explain) {
  std::string text;
  for (const auto& [output, source] : view.copies)
    text += fmt::format("output '{}' is copied from the {} that it is\n", output, source);
  if (!view.planned_away.empty())
    text += fmt::format("computed while planning: {}\n",
                        explain ? joined(view.planned_away, ", ") : counted(view.planned_away.size(), "node"));
  if (!explain || view.stage == Stage::loaded) return text;
  text += view.refusals.empty() ? "The optimizer left nothing alone that almost fits a pattern.\n"
                                : "Left alone by the optimizer:\n";
  for (const std::string& refusal : view.refusals) text += "  " + refusal + "\n";
  return text;
}

}  // namespace

std::string to_text(const View& view, bool explain) {
  std::vector<Row> rows;
  for (std::size_t n = 0; n < view.nodes.size(); ++n) rows.push_back(row(view, n));
  std::array<std::size_t, 6> widths = {};
  for (const Row& each : rows)
    for (std::size_t i = 0; i < each.size(); ++i)
      if (each[i].size() <= widest_column) widths[i] = std::max(widths[i], each[i].size());
  std::string text = head(view);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const Row& cells = rows[n];
    text += fmt::format("{:>{}}  {:<{}}  {:<{}}  {:<{}}  {:>{}}  {}\n", cells[0], widths[0], cells[1], widths[1],
                        cells[2], widths[2], cells[3], widths[3], cells[4], widths[4], cells[5]);
    if (!explain) continue;
    for (const std::string& line : explanation(view, n)) text += std::string(widths[0] + 4, ' ') + line + "\n";
  }
  return text + tail(view, explain);
}

}  // namespace ranvier::view

#include "tools/graph/labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/formats/number_text.h"
#include "tools/layers.h"

namespace ranvier::view {
std::string attributes_text(const graph::Node& node) {
  std::string text;
  for (const auto& [name, attribute] : node.attributes)
    if (name != tools::fused_attribute || !std::holds_alternative<std::string>(attribute))
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, graph::to_text(attribute));
  return text;
}

std::string type_text(const Value& value) {
  const std::string type = value.type == DataType::undefined ? "?" : std::string(ranvier::name(value.type));
  return type + (value.shape ? " " : ", ") + to_string(value.shape);
}

std::string operand_text(const View& view, graph::ValueId id) {
  if (id == graph::none) return "-";
  const Tensor* constant = view.graph.constant(id);
  if (constant == nullptr) return view.graph.values[id].name;
  return constant->elements() == 1 ? element_text(*constant) : type_text(view.values[id]);
}

std::string element_text(const Tensor& tensor) {
  if (!formats::has_text(tensor.type())) return std::string(ranvier::name(tensor.type()));
  std::string text;
  formats::append_element(text, tensor, 0);
  return text;
}

std::string place_text(const Value& value) {
  if (!value.place) return "";
  const Place& place = *value.place;
  if (place.kind == "block") return "kept for a block";
  if (place.kind != "arena") return fmt::format("in the {}", place.kind);
  return fmt::format("at {} of the arena, {}", tools::grouped(static_cast<std::int64_t>(place.offset)),
                     counted(place.bytes, "byte"));
}

std::string folded_text(const Node& node) {
  return node.folded.empty() ? "" : counted(node.folded.size(), "node") + " folded into constants";
}

bool is_made(const Node& node) { return !node.passes.empty(); }

std::string counted(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", tools::grouped(static_cast<std::int64_t>(count)), what, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& words, const std::string& separator, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += separator;
    if (i == most) return text + fmt::format("and {} more", words.size() - most);
    text += words[i];
  }
  return text;
}

}  // namespace ranvier::view

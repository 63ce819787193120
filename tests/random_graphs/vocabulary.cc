#include "tests/random_graphs/vocabulary.h"

#include <algorithm>

namespace ranvier::random_graphs {
namespace {

std::int64_t as_integer(DataType type) { return static_cast<std::int64_t>(type); }

/// A node whose axes are an attribute before that version, and its second input from there on.
ValueId with_axes(Growth& growth, const std::string& op_type, ValueId x, const std::vector<std::int64_t>& axes,
                  Attributes attributes, std::int64_t inputs_since) {
  const std::int64_t version = growth.version_of(op_type);
  if (version >= inputs_since) {
    const ValueId list = growth.integers(axes);
    return growth.node(op_type, {x, list}, std::move(attributes), version);
  }
  attributes["axes"] = axes;
  return growth.node(op_type, {x}, std::move(attributes), version);
}

/// Each size by itself, as torch writes it.
ValueId sizes_one_by_one(Growth& growth, ValueId x, const std::vector<std::int64_t>& axes) {
  std::vector<ValueId> sizes;
  for (const std::int64_t axis : axes) {
    const bool part = growth.habits.opset >= 15 && growth.random.chance(0.2);
    const ValueId shape =
        growth.node("Shape", {x}, part ? Attributes{{"start", axis}} : Attributes{}, growth.habits.opset);
    const ValueId index = growth.constant(Tensor::of<std::int64_t>({}, {part ? 0 : axis}));
    sizes.push_back(unsqueeze(growth, growth.node("Gather", {shape, index}), {0}));
  }
  return concat(growth, sizes, 0);
}

}  // namespace

ValueId clip(Growth& growth, ValueId x, std::optional<double> low, std::optional<double> high) {
  const std::int64_t version = growth.version_of("Clip");
  if (version < 11) {
    Attributes bounds;
    if (low) bounds["min"] = static_cast<float>(*low);
    if (high) bounds["max"] = static_cast<float>(*high);
    return growth.node("Clip", {x}, bounds, version);
  }
  const auto bound = [&](double value) { return growth.constant(real_tensor(growth.type(x), {}, {value})); };
  std::vector<ValueId> inputs = {x};
  if (low || high) inputs.push_back(low ? bound(*low) : graph::none);
  if (high) inputs.push_back(bound(*high));
  return growth.node("Clip", inputs, {}, version);
}

ValueId reduce(Growth& growth, const std::string& op_type, ValueId x, const std::vector<std::int64_t>& axes,
               bool keep_dimensions) {
  Attributes attributes;
  if (!keep_dimensions || growth.random.chance(0.5)) attributes["keepdims"] = std::int64_t{keep_dimensions ? 1 : 0};
  return with_axes(growth, op_type, x, axes, std::move(attributes), op_type == "ReduceSum" ? 13 : 18);
}

ValueId cast(Growth& growth, ValueId x, DataType type) { return growth.node("Cast", {x}, {{"to", as_integer(type)}}); }

ValueId dropout(Growth& growth, ValueId x) {
  const std::int64_t version = growth.version_of("Dropout");
  if (version < 7) return growth.node("Dropout", {x}, {{"is_test", std::int64_t{1}}}, version);
  if (version < 12) return growth.node("Dropout", {x}, {{"ratio", 0.25f}}, version);
  std::vector<ValueId> inputs = {x};
  if (growth.random.chance(0.5)) {
    inputs.push_back(growth.constant(Tensor::of<float>({}, {0.25f})));
    if (growth.random.chance(0.5)) inputs.push_back(growth.constant(Tensor::of<bool>({}, {false})));
  }
  const std::size_t outputs = growth.random.chance(0.3) ? 2 : 1;
  return growth.nodes("Dropout", inputs, outputs, {}, version)[0];
}

ValueId softmax(Growth& growth, const std::string& op_type, ValueId x, std::int64_t axis) {
  const bool implied = axis == -1 && growth.habits.opset >= 13 && growth.random.chance(0.5);
  return growth.node(op_type, {x}, implied ? Attributes{} : Attributes{{"axis", axis}});
}

ValueId squeeze(Growth& growth, ValueId x, const std::vector<std::int64_t>& axes) {
  return with_axes(growth, "Squeeze", x, axes, {}, 13);
}

ValueId unsqueeze(Growth& growth, ValueId x, const std::vector<std::int64_t>& axes) {
  return with_axes(growth, "Unsqueeze", x, axes, {}, 13);
}

ValueId reshape(Growth& growth, ValueId x, const std::vector<std::int64_t>& sizes) {
  const ValueId list = growth.integers(sizes);
  return growth.node("Reshape", {x, list});
}

ValueId transpose(Growth& growth, ValueId x, const std::vector<std::int64_t>& order) {
  return growth.node("Transpose", {x}, {{"perm", order}});
}

ValueId concat(Growth& growth, const std::vector<ValueId>& parts, std::int64_t axis) {
  return growth.node("Concat", parts, {{"axis", axis}});
}

std::vector<ValueId> split(Growth& growth, ValueId x, std::int64_t axis, const std::vector<std::int64_t>& sizes) {
  const std::int64_t version = growth.version_of("Split");
  Attributes attributes = {{"axis", axis}};
  std::vector<ValueId> inputs = {x};
  // From opset 18 on, the last part may be smaller.
  const bool regular = std::equal(sizes.begin() + 1, sizes.end() - (version >= 18 ? 1 : 0), sizes.begin()) &&
                       sizes.back() <= sizes.front();
  const bool implied = regular && growth.random.chance(0.5);
  if (implied && version >= 18) attributes["num_outputs"] = static_cast<std::int64_t>(sizes.size());
  if (!implied && version >= 13) inputs.push_back(growth.integers(sizes));
  if (!implied && version < 13) attributes["split"] = sizes;
  return growth.nodes("Split", inputs, sizes.size(), std::move(attributes), version);
}

ValueId slice(Growth& growth, ValueId x, std::int64_t axis, std::int64_t from, std::int64_t to) {
  const std::int64_t version = growth.version_of("Slice");
  const std::vector<std::int64_t> starts = {from}, ends = {to}, axes = {axis};
  if (version < 10) return growth.node("Slice", {x}, {{"starts", starts}, {"ends", ends}, {"axes", axes}}, version);
  std::vector<ValueId> inputs = {x};
  for (const auto& list : {starts, ends, axes}) inputs.push_back(growth.integers(list));
  return growth.node("Slice", inputs, {}, version);
}

ValueId sizes_of(Growth& growth, ValueId x, std::vector<std::int64_t> axes) {
  Random& random = growth.random;
  const auto count = static_cast<std::int64_t>(axes.size());
  const bool leading = axes.back() == count - 1;
  if (random.chance(0.1))
    for (std::int64_t& axis : axes) axis -= growth.rank(x);
  if (random.chance(0.2)) return sizes_one_by_one(growth, x, axes);
  const bool part = leading && growth.habits.opset >= 15 && random.chance(0.1);
  ValueId shape = growth.node(
      "Shape", {x}, part ? Attributes{{"start", std::int64_t{0}}, {"end", count}} : Attributes{}, growth.habits.opset);
  if (random.chance(0.5)) shape = cast(growth, shape, DataType::int32);  // tf2onnx
  if (part) return shape;
  if (leading && random.chance(0.3)) return slice(growth, shape, 0, 0, count);
  const ValueId picked = growth.integers(axes);
  return growth.node("Gather", {shape, picked},
                     random.chance(0.5) ? Attributes{{"axis", std::int64_t{0}}} : Attributes{});
}

}  // namespace ranvier::random_graphs

"""What exporters of Keras models break, and how it is mended in the file. All repairs are told as sentences."""

from __future__ import annotations

import onnx
from onnx import TensorProto, helper, numpy_helper

from ._errors import UnsupportedError
from ._native import optimized


def constants(proto, captured):
    """Inputs that the exporter made of constants, as those of Normalization, become what they were: arrays by name."""
    restored = [port for port in proto.graph.input if port.name in captured]
    for port in restored:
        proto.graph.initializer.append(numpy_helper.from_array(captured[port.name], port.name))
        proto.graph.input.remove(port)
    names = ", ".join(port.name for port in restored)
    return [f"the exporter made inputs of constants: {names}"] if restored else []


def order(proto, names):
    """Inputs come in the order of their names; those that are not among them at the end."""
    ports = {port.name.removesuffix(":0"): port for port in proto.graph.input}
    ordered = [ports.pop(name) for name in names if name in ports]
    del proto.graph.input[:]
    proto.graph.input.extend([*ordered, *ports.values()])


def rename(proto, input_names, output_names):
    """Names inputs, outputs and their open dimensions."""
    graph = proto.graph
    inputs = {port.name for port in graph.input}
    for port in graph.output:
        if port.name in inputs:  # which cannot have two names
            graph.node.append(helper.make_node("Identity", [port.name], [f"{port.name}/output"]))
            port.name = f"{port.name}/output"
    ports = [*graph.input, *graph.output]
    wanted = dict(zip([port.name for port in ports], [*input_names, *output_names]))
    renamed = {old: new for old, new in wanted.items() if old != new}
    # Whatever has such a name already gets another.
    everything = {name for node in graph.node for name in (*node.input, *node.output)}
    everything |= {constant.name for constant in graph.initializer}
    for name in set(renamed.values()) & (everything - set(renamed)):
        renamed[name] = f"{name}_"
    for node in graph.node:
        _replace(node, renamed)
    for value in [*ports, *graph.initializer, *graph.value_info]:
        value.name = renamed.get(value.name, value.name)
    for port in ports:
        _rename_dimensions(port, is_input=port in graph.input)
    changed = [f"'{old}' is called '{new}'" for old, new in renamed.items() if old in wanted]
    return [f"inputs and outputs have the layers' names: {', '.join(changed)}"] if changed else []


def _rename_dimensions(port, is_input):
    for axis, dimension in enumerate(port.type.tensor_type.shape.dim):
        if dimension.HasField("dim_value") and dimension.dim_value >= 0:
            continue
        dimension.Clear()
        if axis == 0:
            dimension.dim_param = "batch"
        elif is_input:
            dimension.dim_param = f"{port.name}_{axis}"


def _replace(node, renamed):
    for names in (node.input, node.output):
        for i, name in enumerate(names):
            names[i] = renamed.get(name, name)
    for attribute in node.attribute:  # bodies see the names around them
        for body in (attribute.g, *attribute.graphs):
            for inner in body.node:
                _replace(inner, renamed)
            for output in body.output:
                output.name = renamed.get(output.name, output.name)


def standard(proto):
    """The bytes of the file, without operators that ONNX does not have. Raises UnsupportedError for one that stays."""
    foreign = _foreign(proto)
    if not foreign:
        return proto.SerializeToString(), []
    for node in [node for node in proto.graph.node if node.op_type == "Bucketize"]:
        _spell_out_bucketize(proto.graph, node)
    content = optimized(proto, rewrite=False)
    left = _foreign(onnx.load_from_string(content))
    if left:
        raise UnsupportedError(f"the exporter left operators that ONNX does not have: {', '.join(left)}")
    return content, [f"ONNX does not have the operators {', '.join(foreign)}"]


def _foreign(proto):
    return sorted({node.op_type for node in proto.graph.node if node.domain == "" and not onnx.defs.has(node.op_type)})


def _spell_out_bucketize(graph, node):
    """How many of the boundaries each element reaches."""
    boundaries = helper.get_attribute_value(node.attribute[0])
    (x,), (y,) = node.input, node.output
    name = y.removesuffix(":0")
    graph.initializer.extend(
        [
            helper.make_tensor(f"{name}/boundaries", TensorProto.FLOAT, [len(boundaries)], boundaries),
            helper.make_tensor(f"{name}/last", TensorProto.INT64, [1], [-1]),
        ]
    )
    steps = [
        helper.make_node("Cast", [x], [f"{name}/floats"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", [f"{name}/floats", f"{name}/last"], [f"{name}/column"]),
        helper.make_node("GreaterOrEqual", [f"{name}/column", f"{name}/boundaries"], [f"{name}/reached"]),
        helper.make_node("Cast", [f"{name}/reached"], [f"{name}/ones"], to=TensorProto.INT32),
        helper.make_node("ReduceSum", [f"{name}/ones", f"{name}/last"], [y], keepdims=0),
    ]
    at = list(graph.node).index(node)
    nodes = [*graph.node[:at], *steps, *graph.node[at + 1 :]]
    del graph.node[:]
    graph.node.extend(nodes)

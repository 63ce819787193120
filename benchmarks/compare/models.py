"""The models that are compared: multi-layer perceptrons of sizes that people deploy, and activations by themselves."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Model:
    """Dense layers from one width to the next, each with its activation; with a single width the activation alone."""

    name: str
    widths: tuple
    activations: tuple
    batches: tuple

    def layers(self):
        """Weights (inner x columns; None where there are none), bias and activation of each layer. The numbers are the
        same in every run, and keep signals in the range of what trained models have."""
        random = np.random.default_rng(1)
        if len(self.widths) == 1:
            return [(None, None, self.activations[0])]
        result = []
        for inner, columns, activation in zip(self.widths, self.widths[1:], self.activations):
            weights = random.standard_normal((inner, columns), np.float32) / np.float32(inner**0.5)
            bias = random.standard_normal(columns, np.float32) / np.float32(10)
            result.append((weights, bias, activation))
        return result


# One element: what a call costs.
CALL = Model("one_relu", (1,), ("relu",), (1,))

MLPS = [
    Model("seed_16_32_10", (16, 32, 10), ("relu", "softmax"), (1,)),
    Model("control_64x3_tanh", (64, 64, 64, 8), ("tanh", "tanh", None), (1,)),
    Model("higgs_28_300x4", (28, 300, 300, 300, 300, 1), ("relu",) * 4 + ("sigmoid",), (1, 32, 1024)),
    Model("mnist_784_512_512_10", (784, 512, 512, 10), ("relu", "relu", "softmax"), (1, 64, 1024)),
    Model("deep_64x20_swish", (64,) * 21, ("swish",) * 20, (1, 256)),
    Model("ffn_1024_4096_1024_gelu", (1024, 4096, 4096, 1024), ("gelu", "gelu", None), (1, 64)),
]

# What exporters write for each activation of x: lines of (result, operator, operands..., attributes). The last is y.
SPELLINGS = {
    "relu": [("y", "Relu", "x")],
    "leaky_relu": [("y", "LeakyRelu", "x", {"alpha": 0.2})],
    "elu": [("y", "Elu", "x")],
    "selu": [("y", "Selu", "x")],
    "sigmoid": [("y", "Sigmoid", "x")],
    "tanh": [("y", "Tanh", "x")],
    "softplus": [("y", "Softplus", "x")],
    "softmax": [("y", "Softmax", "x", {"axis": -1})],
    "swish": [("gate", "Sigmoid", "x"), ("y", "Mul", "x", "gate")],
    "gelu": [
        ("half", "Mul", "x", 0.5),
        ("scaled", "Div", "x", 2**0.5),
        ("erf", "Erf", "scaled"),
        ("gate", "Add", "erf", 1.0),
        ("y", "Mul", "half", "gate"),
    ],
    "mish": [("soft", "Softplus", "x"), ("gate", "Tanh", "soft"), ("y", "Mul", "x", "gate")],
    "hardswish": [("y", "HardSwish", "x")],
    "exp": [("y", "Exp", "x")],
    "erf": [("y", "Erf", "x")],
}

ACTIVATIONS = [Model(f"act_{name}", (1000,), (name,), (1000,)) for name in SPELLINGS]

MODELS = [CALL, *MLPS, *ACTIVATIONS]


class OnnxWriter:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, array):
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def node(self, operator, inputs, output=None, **attributes):
        from onnx import helper

        output = output or f"value_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def activation(self, name, x, output):
        values = {"x": x}
        for line in SPELLINGS[name]:
            result, operator, *operands = line
            attributes = operands.pop() if isinstance(operands[-1], dict) else {}
            inputs = [values[each] if isinstance(each, str) else self.constant(each) for each in operands]
            values[result] = self.node(operator, inputs, output if result == "y" else None, **attributes)
        return values["y"]


def write_onnx(model, file):
    """With MatMul and Add, as Keras exports a Dense layer; any number of rows."""
    import onnx
    from onnx import helper

    writer = OnnxWriter()
    value = "x"
    layers = model.layers()
    for i, (weights, bias, activation) in enumerate(layers):
        output = "y" if i == len(layers) - 1 else None
        if weights is not None:
            product = writer.node("MatMul", [value, writer.constant(weights)])
            value = writer.node("Add", [product, writer.constant(bias)], None if activation else output)
        if activation is not None:
            value = writer.activation(activation, value, output)
    ports = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["rows", width])
        for name, width in (("x", model.widths[0]), ("y", model.widths[-1]))
    ]
    graph = helper.make_graph(writer.nodes, model.name, ports[:1], ports[1:], writer.constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    onnx.save(made, file)

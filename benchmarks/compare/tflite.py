"""Writes the models for LiteRT, whose format holds a fixed number of rows."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

Op = schema.BuiltinOperator

# The activations that LiteRT has as an operator, with its options' name and values.
OPERATORS = {
    "relu": (Op.RELU, None, {}),
    "leaky_relu": (Op.LEAKY_RELU, "LeakyReluOptions", {"alpha": 0.2}),
    "elu": (Op.ELU, None, {}),
    "sigmoid": (Op.LOGISTIC, None, {}),
    "tanh": (Op.TANH, None, {}),
    "softmax": (Op.SOFTMAX, "SoftmaxOptions", {"beta": 1.0}),
    "gelu": (Op.GELU, "GeluOptions", {"approximate": False}),
    "hardswish": (Op.HARD_SWISH, None, {}),
    "exp": (Op.EXP, None, {}),
}


class Writer:
    def __init__(self, rows):
        self.rows = rows
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.description = "made by benchmarks/compare"
        self.model.operatorCodes = []
        self.model.buffers = [schema.BufferT()]  # the first is that of values without contents
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]
        self.codes = {}

    def tensor(self, shape, contents=None):
        tensor = schema.TensorT()
        tensor.name = f"tensor_{len(self.graph.tensors)}"
        tensor.shape = list(shape)
        tensor.type = schema.TensorType.FLOAT32
        tensor.buffer = 0
        if contents is not None:
            tensor.buffer = len(self.model.buffers)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(contents, np.float32).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def value(self, width):
        return self.tensor((self.rows, width))

    def operator(self, code, inputs, output, options_name=None, **values):
        if code not in self.codes:
            self.codes[code] = len(self.model.operatorCodes)
            entry = schema.OperatorCodeT()
            entry.builtinCode = code
            entry.deprecatedBuiltinCode = min(code, 127)
            entry.version = 1
            self.model.operatorCodes.append(entry)
        operator = schema.OperatorT()
        operator.opcodeIndex = self.codes[code]
        operator.inputs, operator.outputs = list(inputs), [output]
        if options_name:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, options_name)
            operator.builtinOptions = getattr(schema, options_name + "T")()
            for name, value in values.items():
                setattr(operator.builtinOptions, name, value)
        self.graph.operators.append(operator)
        return output

    def activation(self, name, x, width):
        if name == "swish":
            gate = self.activation("sigmoid", x, width)
            return self.operator(Op.MUL, [x, gate], self.value(width), "MulOptions")
        code, options, values = OPERATORS[name]
        return self.operator(code, [x], self.value(width), options, **values)

    def dense(self, x, weights, bias, relu):
        fused = schema.ActivationFunctionType.RELU if relu else schema.ActivationFunctionType.NONE
        operands = [x, self.tensor(weights.shape[::-1], weights.T), self.tensor(bias.shape, bias)]
        output = self.value(weights.shape[1])
        return self.operator(
            Op.FULLY_CONNECTED, operands, output, "FullyConnectedOptions", fusedActivationFunction=fused
        )

    def bytes(self, inputs, outputs):
        self.graph.inputs, self.graph.outputs = inputs, outputs
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def has_all(model):
    """Whether LiteRT has the model's activations without spelling them out."""
    return all(each is None or each == "swish" or each in OPERATORS for each in model.activations)


def write_tflite(model, rows, file):
    writer = Writer(rows)
    first = value = writer.value(model.widths[0])
    width = model.widths[0]
    for weights, bias, activation in model.layers():
        if weights is not None:
            value = writer.dense(value, weights, bias, activation == "relu")
            width = weights.shape[1]
            activation = None if activation == "relu" else activation
        if activation is not None:
            value = writer.activation(activation, value, width)
    file.write_bytes(writer.bytes([first], [value]))

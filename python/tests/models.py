"""Models of one or two nodes, and the paths of those in the repository."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "models/digits_mlp/model.onnx"


def digits():
    """The digits test set: pixels and labels."""
    folder = DIGITS.parent
    return np.load(folder / "x.npy"), np.load(folder / "y.npy")


def model(nodes, inputs, outputs, initializers=(), opset=21, **graph):
    """inputs and outputs: {name: (type, shape)}. Returns an onnx.ModelProto."""
    values = [[helper.make_tensor_value_info(name, *of) for name, of in each.items()] for each in (inputs, outputs)]
    made = helper.make_graph(nodes, "graph", *values, initializer=list(initializers), **graph)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def identity(element, shape=("n",)):
    """y = x, of elements of an onnx type."""
    return model([helper.make_node("Identity", ["x"], ["y"])], {"x": (element, shape)}, {"y": (element, shape)})


def sum_and_difference():
    """Two inputs, two outputs."""
    two = ("rows", 2)
    return model(
        [helper.make_node("Add", ["a", "b"], ["sum"]), helper.make_node("Sub", ["a", "b"], ["difference"])],
        {"a": (TensorProto.FLOAT, two), "b": (TensorProto.FLOAT, two)},
        {"sum": (TensorProto.FLOAT, two), "difference": (TensorProto.FLOAT, two)},
    )


def non_zero():
    """An output whose shape depends on the elements of the input."""
    return model(
        [helper.make_node("NonZero", ["x"], ["where"])],
        {"x": (TensorProto.FLOAT, ("n",))},
        {"where": (TensorProto.INT64, (1, "found"))},
    )


def gather():
    """Elements of `data` by index: an index may be out of range."""
    return model(
        [helper.make_node("Gather", ["data", "indices"], ["y"])],
        {"data": (TensorProto.FLOAT, (3,)), "indices": (TensorProto.INT64, ("n",))},
        {"y": (TensorProto.FLOAT, ("n",))},
    )

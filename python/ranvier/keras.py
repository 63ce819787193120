"""From a Keras model to an ONNX file that is repaired, checked, and has its test data beside it.

    import ranvier.keras
    ranvier.keras.export(model, "model.onnx")

needs Keras 3 with its backend, and the exporter: tf2onnx for TensorFlow, torch's own for PyTorch.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
from onnx import numpy_helper

from ._errors import InternalError, InvalidArgumentError, UnsupportedError
from ._native import Session, optimized

__all__ = ["Export", "export"]

OPSET = 18  # the newest that tf2onnx writes
ROWS = 3
STEPS = 5  # of every other dimension that the model leaves open


@dataclasses.dataclass(frozen=True)
class Export:
    """What export() did."""

    file: Path
    exporter: str  #: "tf2onnx", or "keras" for model.export
    inputs: dict[str, np.ndarray]  #: What the model was run on: arrays by name.
    outputs: dict[str, np.ndarray]  #: What Keras computed.
    difference: float | None  #: The largest between Ranvier's outputs and Keras'; None where Ranvier cannot run it.
    repairs: tuple[str, ...]  #: What of the exporter's file was repaired, a sentence each.


def export(
    model: keras.Model,
    file: str | os.PathLike[str],
    *,
    inputs: Any = None,
    opset: int = OPSET,
    rtol: float = 1e-4,
    atol: float = 1e-5,
) -> Export:
    """Writes a Keras model as ONNX, with inputs and Keras' outputs in test_data_set_0 beside it, and checks both.

    inputs: what to run the model on, an array or a list of one for each input; made up where it is not given.
    opset: that of the file, where the exporter can choose.
    rtol, atol: how far Ranvier may be from Keras; atol is that of outputs about 1 and smaller, and grows with them.

    What exporters break is repaired: inputs and outputs have the names of the layers and open dimensions are called
    'batch' or after their input; constants that became inputs, as those of Normalization do, are constants again;
    operators that ONNX does not have (Erfc and Expm1, of gelu and celu) are functions that the file brings along.

    Raises ranvier.InternalError where Ranvier's outputs differ, and warns where it cannot run the model yet: then the
    file was not checked. Returns an Export.
    """
    file = Path(file)
    arrays = _example(model) if inputs is None else _arrays(model, inputs)
    outputs = [np.asarray(keras.ops.convert_to_numpy(each)) for each in keras.tree.flatten(_call(model, arrays))]
    names = _names(model, len(arrays), len(outputs))
    exporter, proto, repairs = _export(model, names[0], arrays, opset)
    repairs += _rename(proto, model, *names)
    content, standard = _standard(proto)
    repairs += standard

    named_inputs, named_outputs = dict(zip(names[0], arrays)), dict(zip(names[1], outputs))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    scale = max([1.0, *(float(np.abs(each).max(initial=0)) for each in outputs if each.dtype.kind == "f")])
    _write_test_data(file.parent, named_inputs, named_outputs, {"rtol": rtol, "atol": atol * scale})
    difference = _verify(file, named_inputs, named_outputs, rtol, atol * scale)
    return Export(file, exporter, named_inputs, named_outputs, difference, tuple(repairs))


def _example(model):
    """Inputs of the model's shapes: normal floats, and integers that any vocabulary has."""
    if not getattr(model, "inputs", None):
        raise InvalidArgumentError("the model does not say what its inputs are: pass some as `inputs`")
    random = np.random.default_rng(0)
    arrays = []
    for tensor in model.inputs:
        shape = [size or (ROWS if axis == 0 else STEPS) for axis, size in enumerate(tensor.shape)]
        dtype = keras.backend.standardize_dtype(tensor.dtype)
        if dtype == "string":
            raise InvalidArgumentError(f"input '{tensor.name}' is text: pass some as `inputs`")
        whole = not dtype.startswith(("float", "bfloat"))
        values = random.integers(0, 2, shape) if whole else random.normal(size=shape)
        arrays.append(np.asarray(values).astype(dtype))
    return arrays


def _arrays(model, inputs):
    if isinstance(inputs, dict):
        inputs = [inputs[name] for name in _layer_names(model.inputs)]
    arrays = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    wanted = [keras.backend.standardize_dtype(each.dtype) for each in getattr(model, "inputs", None) or []]
    if wanted and len(wanted) != len(arrays):
        raise InvalidArgumentError(f"{len(arrays)} inputs were given, the model has {len(wanted)}")
    return [np.asarray(each, dtype=type_) for each, type_ in zip(arrays, wanted or [None] * len(arrays))]


def _call(model, arrays):
    tensors = [keras.ops.convert_to_tensor(each) for each in arrays]
    return model(tensors if len(tensors) > 1 else tensors[0], training=False)


# Names.


def _layer_names(tensors):
    """The names of the layers that tensors come from; those of one layer are numbered."""
    names = []
    for tensor in tensors:
        name = tensor._keras_history.operation.name
        count = 1
        while name in names:
            name = f"{tensor._keras_history.operation.name}_{count}"
            count += 1
        names.append(name)
    return names


def _names(model, inputs, outputs):
    """Names of the file's inputs and outputs."""
    if getattr(model, "inputs", None):
        names = _layer_names(model.inputs), _layer_names(model.outputs)
    else:
        names = [f"input_{i}" for i in range(inputs)], [f"output_{i}" for i in range(outputs)]
    taken = set(names[0])
    return names[0], [f"{name}_output" if name in taken else name for name in names[1]]


def _rename(proto, model, input_names, output_names):
    """Names inputs, outputs and their open dimensions. Returns what it renamed, as sentences."""
    graph = proto.graph
    ports = [*graph.input, *graph.output]
    wanted = dict(zip([port.name for port in ports], [*input_names, *output_names]))
    if len(graph.input) == len(graph.output) == 1 and graph.input[0].name == graph.output[0].name:
        return []
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
    for port, is_input in zip(ports, [True] * len(graph.input) + [False] * len(graph.output)):
        for axis, dimension in enumerate(port.type.tensor_type.shape.dim):
            if dimension.HasField("dim_value") and dimension.dim_value >= 0:
                continue
            dimension.Clear()
            if axis == 0:
                dimension.dim_param = "batch"
            elif is_input:
                dimension.dim_param = f"{port.name}_{axis}"
    changed = [f"'{old}' is called '{new}'" for old, new in renamed.items() if old in wanted]
    return [f"inputs and outputs have the layers' names: {', '.join(changed)}"] if changed else []


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


# Exporters.


@contextlib.contextmanager
def _quiet():
    """What exporters say about operators they do not know is repaired, and need not be said."""
    logger = logging.getLogger("tf2onnx")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _export(model, names, arrays, opset):
    """The first exporter whose file has the model's inputs: its name, the model, and repairs as sentences."""
    exporters = {"keras": _by_keras}
    if keras.backend.backend() == "tensorflow":
        exporters = {"tf2onnx": _by_tf2onnx, **exporters}
    problems = []
    for name, exporter in exporters.items():
        try:
            with _quiet():
                proto, repairs = exporter(model, names, arrays, opset)
        except Exception as error:  # whatever an exporter raises, the next one may do
            problems.append(f"{name}: {type(error).__name__}: {error}")
            continue
        extra = [port.name for port in proto.graph.input[len(arrays) :]]
        if not extra:
            return name, proto, repairs
        problems.append(f"{name}: the file has inputs that the model does not have: {', '.join(extra)}")
    raise UnsupportedError("no exporter could write the model\n" + "\n".join(problems))


def _by_tf2onnx(model, names, arrays, opset):
    import tensorflow
    import tf2onnx

    shapes = [each.shape for each in getattr(model, "inputs", None) or []] or [(None, *x.shape[1:]) for x in arrays]
    signature = [
        tensorflow.TensorSpec(shape, array.dtype, name=name) for name, shape, array in zip(names, shapes, arrays)
    ]

    @tensorflow.function(input_signature=signature)
    def function(*tensors):
        return model(list(tensors) if len(tensors) > 1 else tensors[0], training=False)

    proto, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=opset)
    captured = {inner.name: outer for outer, inner in function.get_concrete_function().graph.captures}
    restored = []
    for port in list(proto.graph.input):
        if port.name in captured and captured[port.name].dtype != tensorflow.resource:
            restored.append(port.name)
            constant = numpy_helper.from_array(captured[port.name].numpy(), port.name)
            proto.graph.initializer.append(constant)
            proto.graph.input.remove(port)
    ports = {port.name.removesuffix(":0"): port for port in proto.graph.input}
    ordered = [ports.pop(name) for name in names if name in ports]
    del proto.graph.input[:]
    proto.graph.input.extend([*ordered, *ports.values()])
    return proto, [f"the exporter made inputs of constants: {', '.join(restored)}"] if restored else []


def _by_keras(model, names, arrays, opset):
    with tempfile.TemporaryDirectory() as folder:
        model.export(f"{folder}/model.onnx", format="onnx", verbose=False)
        return onnx.load(f"{folder}/model.onnx"), []


def _standard(proto):
    """The bytes of the file, with functions for operators that ONNX does not have, and the repairs as sentences."""
    foreign = sorted({node.op_type for node in proto.graph.node if node.domain == "" and not _is_known(node.op_type)})
    if not foreign:
        return proto.SerializeToString(), []
    content = optimized(proto, rewrite=False)
    return content, [f"ONNX does not have the operators {', '.join(foreign)}"]


def _is_known(op_type):
    return onnx.defs.has(op_type)


# The data beside the file.


def _write_test_data(folder, inputs, outputs, tolerance):
    data = folder / "test_data_set_0"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    for kind, arrays in {"input": inputs, "output": outputs}.items():
        for i, (name, array) in enumerate(arrays.items()):
            (data / f"{kind}_{i}.pb").write_bytes(numpy_helper.from_array(array, name).SerializeToString())
    (folder / "expect.json").write_text(json.dumps({**tolerance, "source": "keras"}, indent=1) + "\n")


def _verify(file, inputs, outputs, rtol, atol):
    """The largest difference of Ranvier's outputs from Keras'; None, and a warning, where it cannot run the model."""
    try:
        found = Session(file).run(inputs)
    except UnsupportedError as error:
        warnings.warn(f"{file} is written and not checked, for Ranvier does not run it: {error}", stacklevel=3)
        return None
    largest = 0.0
    for name, wanted in outputs.items():
        if found[name].shape != wanted.shape or found[name].dtype != wanted.dtype:
            raise InternalError(
                f"{file}: output '{name}' is {found[name].dtype} {list(found[name].shape)}, "
                f"Keras has {wanted.dtype} {list(wanted.shape)}"
            )
        if not np.allclose(found[name], wanted, rtol=rtol, atol=atol, equal_nan=True):
            raise InternalError(f"{file}: output '{name}' differs from Keras' by {_difference(found[name], wanted):g}")
        largest = max(largest, _difference(found[name], wanted))
    return largest


def _difference(a, b):
    return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max(initial=0))

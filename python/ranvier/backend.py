"""ONNX' own interface of a backend (onnx.backend.base), which needs the package onnx.

    import ranvier.backend
    outputs = ranvier.backend.prepare(onnx.load("model.onnx")).run([x])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper
from onnx.backend.base import Backend, BackendRep, namedtupledict

from ._errors import InvalidArgumentError, UnsupportedError
from ._native import Model, Session

__all__ = [
    "RanvierBackend",
    "RanvierBackendRep",
    "is_compatible",
    "prepare",
    "run_model",
    "run_node",
    "supports_device",
]


class RanvierBackendRep(BackendRep):
    """A model that is ready to run."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._required = [port.name for port in session.inputs if not port.optional]
        names = [port.name for port in session.outputs]
        self._outputs = namedtupledict("Outputs", names)

    def run(self, inputs: Any, **ignored: Any) -> tuple[Any, ...]:
        """Takes inputs by name, or those without a default in the model's order; a single one need not be in a list.

        Returns the outputs as a tuple, whose elements have the outputs' names, too.
        """
        if isinstance(inputs, np.ndarray):
            inputs = [inputs]
        if not isinstance(inputs, dict):
            names = [port.name for port in self._session.inputs] if len(inputs) > len(self._required) else self._required
            if len(inputs) > len(names):
                raise InvalidArgumentError(f"{len(inputs)} inputs were given, the model has {len(names)}")
            inputs = dict(zip(names, inputs))
        return self._outputs(*self._session.run(inputs).values())


class RanvierBackend(Backend):
    """The interface; the module has its methods as functions."""

    @classmethod
    def supports_device(cls, device: str) -> bool:
        """Whether the device, 'CPU' or 'CUDA:1' say, is one that Ranvier runs on: the CPU."""
        return device.split(":")[0].upper() == "CPU"

    @classmethod
    def is_compatible(cls, model: onnx.ModelProto, device: str = "CPU", **options: Any) -> bool:
        """Whether everything in the model is supported. Raises ranvier.InvalidModelError for what is no model."""
        try:
            Model(model)
        except UnsupportedError:
            return False
        return cls.supports_device(device)

    @classmethod
    def prepare(cls, model: onnx.ModelProto, device: str = "CPU", **options: Any) -> RanvierBackendRep:
        """Loads a model, an onnx.ModelProto or what else ranvier.Model takes; options are those of ranvier.Session."""
        if not cls.supports_device(device):
            raise InvalidArgumentError(f"device is '{device}', expected 'CPU'")
        return RanvierBackendRep(Session(model, **options))

    @classmethod
    def run_model(cls, model: onnx.ModelProto, inputs: Any, device: str = "CPU", **options: Any) -> tuple[Any, ...]:
        """prepare(), then run()."""
        return cls.prepare(model, device, **options).run(inputs)

    @classmethod
    def run_node(
        cls,
        node: onnx.NodeProto,
        inputs: Sequence[Any],
        device: str = "CPU",
        outputs_info: Any = None,
        opset_version: int | None = None,
        **options: Any,
    ) -> tuple[Any, ...]:
        """Computes one node on inputs in its order, of the newest opset unless another is given."""
        arrays = [np.asarray(each) for each in inputs]
        names = [name for name in node.input if name]
        if len(arrays) != len(names):
            raise InvalidArgumentError(f"{len(arrays)} inputs were given, the node {node.op_type} has {len(names)}")
        ports = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
            for name, array in zip(names, arrays)
        ]
        outputs = [onnx.ValueInfoProto(name=name) for name in node.output if name]
        opset = helper.make_opsetid(node.domain, opset_version or onnx.defs.onnx_opset_version())
        model = helper.make_model(helper.make_graph([node], "node", ports, outputs), opset_imports=[opset])
        return cls.run_model(model, dict(zip(names, arrays)), device, **options)


is_compatible = RanvierBackend.is_compatible
prepare = RanvierBackend.prepare
run_model = RanvierBackend.run_model
run_node = RanvierBackend.run_node
supports_device = RanvierBackend.supports_device

"""The calls of ONNX Runtime's Python interface that scripts make: only the line that imports it changes.

    import ranvier as onnxruntime

What has no meaning here is taken and ignored where ignoring it changes no result (memory patterns, profiling,
logging), and refused where it would (custom operator libraries, providers for other devices alone).
"""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ._errors import InvalidArgumentError, UnsupportedError
from ._native import Model, Port, Session, optimized

Array = np.ndarray[Any, Any]
PROVIDER = "CPUExecutionProvider"


class GraphOptimizationLevel(enum.IntEnum):
    """ORT_DISABLE_ALL runs the graph as the file has it; all others are the same here."""

    ORT_DISABLE_ALL = 0
    ORT_ENABLE_BASIC = 1
    ORT_ENABLE_EXTENDED = 2
    ORT_ENABLE_LAYOUT = 3
    ORT_ENABLE_ALL = 99


class ExecutionMode(enum.IntEnum):
    """Of no effect: the steps of a run follow one another, each on as many threads as it has work for."""

    ORT_SEQUENTIAL = 0
    ORT_PARALLEL = 1


class SessionOptions:
    """intra_op_num_threads (0: as many as the process may use) and graph_optimization_level have an effect.

    Options of logging, profiling, memory patterns and the like are taken, and ignored.
    """

    def __init__(self) -> None:
        self.intra_op_num_threads = 0
        self.inter_op_num_threads = 0
        self.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
        self.execution_mode = ExecutionMode.ORT_SEQUENTIAL
        self.enable_cpu_mem_arena = True
        self.enable_mem_pattern = True
        self.enable_mem_reuse = True
        self.enable_profiling = False
        self.profile_file_prefix = "onnxruntime_profile_"
        self.log_severity_level = 2
        self.log_verbosity_level = 0
        self.logid = ""
        self.use_deterministic_compute = False  # results always are
        self.optimized_model_filepath = ""
        self._entries: dict[str, str] = {}

    def add_session_config_entry(self, key: str, value: str) -> None:
        """Kept for get_session_config_entry(), and ignored."""
        self._entries[key] = value

    def get_session_config_entry(self, key: str) -> str:
        """What add_session_config_entry() was given."""
        if key not in self._entries:
            raise InvalidArgumentError(f"there is no session configuration entry '{key}'")
        return self._entries[key]

    def register_custom_ops_library(self, path: str) -> None:
        """Refused: there are none."""
        raise UnsupportedError(f"{path}: Ranvier runs no custom operators from libraries")


class RunOptions:
    """Taken and ignored: a run logs nothing."""

    def __init__(self) -> None:
        self.log_severity_level = 2
        self.log_verbosity_level = 0
        self.logid = ""
        self.terminate = False
        self.only_execute_path_to_fetches = False

    def add_run_config_entry(self, key: str, value: str) -> None:
        """Ignored."""


class NodeArg:
    """An input or output: its name, its type as 'tensor(float)', and its shape."""

    def __init__(self, port: Port) -> None:
        self.name = port.name
        self.type = f"tensor({port.type})"
        self.shape: list[int | str | None] = list(port.shape or [])

    def __repr__(self) -> str:
        return f"NodeArg(name='{self.name}', type='{self.type}', shape={self.shape})"


class ModelMetadata:
    """What the model's file says of itself."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self.producer_name = metadata["producer_name"]
        self.graph_name = metadata["graph_name"]
        self.domain = metadata["domain"]
        self.description = metadata["description"]
        self.graph_description = ""
        self.version = metadata["version"]
        self.custom_metadata_map = metadata["custom"]


class OrtValue:
    """An array that a session takes and gives. It is on the CPU, as all are."""

    def __init__(self, array: Array) -> None:
        self._array = array

    @staticmethod
    def ortvalue_from_numpy(array: Array, device_type: str = "cpu", device_id: int = 0) -> OrtValue:
        """A value that shares the array's memory."""
        _require_cpu(device_type)
        return OrtValue(np.ascontiguousarray(array))

    @staticmethod
    def ortvalue_from_shape_and_type(
        shape: Sequence[int], element_type: Any = np.float32, device_type: str = "cpu", device_id: int = 0
    ) -> OrtValue:
        """A value of zeros."""
        _require_cpu(device_type)
        return OrtValue(np.zeros(shape, element_type))

    def numpy(self) -> Array:
        """The array itself: no copy."""
        return self._array

    def shape(self) -> list[int]:
        """The sizes of the dimensions."""
        return list(self._array.shape)

    def element_type(self) -> np.dtype[Any]:
        """numpy's type."""
        return self._array.dtype

    def device_name(self) -> str:
        """'cpu'"""
        return "cpu"

    def is_tensor(self) -> bool:
        """Always: there are no sequences or maps."""
        return True

    def has_value(self) -> bool:
        """Always."""
        return True

    def update_inplace(self, array: Array) -> None:
        """Copies the elements of an array of the same shape and type."""
        np.copyto(self._array, array, casting="no")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._array, dtype=dtype, copy=copy)


class IOBinding:
    """Inputs and outputs by name, for run_with_iobinding()."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self._inputs: dict[str, Array] = {}
        self._outputs: dict[str, Array | None] = {}  # the array to write, or None for a new one
        self._results: list[Array] = []

    def bind_cpu_input(self, name: str, array: Array) -> None:
        """Gives an input."""
        self._inputs[name] = array

    def bind_ortvalue_input(self, name: str, value: OrtValue) -> None:
        """Gives an input."""
        self._inputs[name] = value.numpy()

    def bind_output(
        self,
        name: str,
        device_type: str = "cpu",
        device_id: int = 0,
        element_type: Any = None,
        shape: Sequence[int] | None = None,
        buffer_ptr: int | None = None,
    ) -> None:
        """Asks for an output, in a new array. Raises UnsupportedError for memory by address."""
        _require_cpu(device_type)
        if buffer_ptr is not None:
            raise UnsupportedError(f"output '{name}': bind an OrtValue, not an address")
        self._outputs[name] = None

    def bind_ortvalue_output(self, name: str, value: OrtValue) -> None:
        """The output is written into the value's array."""
        self._outputs[name] = value.numpy()

    def run(self) -> None:
        """What InferenceSession.run_with_iobinding() does."""
        self._results = self._session.run(list(self._outputs), self._inputs)
        for i, (name, into) in enumerate(self._outputs.items()):
            output = self._results[i]
            if into is None:
                continue
            if into.shape != output.shape or into.dtype != output.dtype:
                raise InvalidArgumentError(
                    f"output '{name}' is bound to {into.dtype} {list(into.shape)}, "
                    f"expected {output.dtype} {list(output.shape)}"
                )
            np.copyto(into, output)
            self._results[i] = into

    def get_outputs(self) -> list[OrtValue]:
        """The results of the last run, in the order in which they were asked for."""
        return [OrtValue(output) for output in self._results]

    def copy_outputs_to_cpu(self) -> list[Array]:
        """The same as arrays."""
        return list(self._results)

    def clear_binding_inputs(self) -> None:
        """Forgets the inputs."""
        self._inputs.clear()

    def clear_binding_outputs(self) -> None:
        """Forgets the outputs."""
        self._outputs.clear()

    def synchronize_inputs(self) -> None:
        """Nothing is anywhere else."""

    def synchronize_outputs(self) -> None:
        """Nothing is anywhere else."""


class InferenceSession:
    """ONNX Runtime's session, computed by Ranvier.

        session = InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
        probabilities = session.run(None, {session.get_inputs()[0].name: x})[0]

    providers may name others besides: what is there is used, and that is the CPU. Errors are ranvier.Error.
    """

    def __init__(
        self,
        path_or_bytes: str | os.PathLike[str] | bytes,
        sess_options: SessionOptions | None = None,
        providers: Sequence[str | tuple[str, dict[str, Any]]] | None = None,
        provider_options: Sequence[dict[str, Any]] | None = None,
        **ignored: Any,
    ) -> None:
        self._options = sess_options or SessionOptions()
        self._check_providers(providers)
        optimize = self._options.graph_optimization_level != GraphOptimizationLevel.ORT_DISABLE_ALL
        self._model = Model(path_or_bytes, optimize=optimize)
        self._session = Session(self._model, threads=self._options.intra_op_num_threads)
        self._run = self._session._run_list
        if self._options.optimized_model_filepath:
            with open(self._options.optimized_model_filepath, "wb") as file:
                file.write(optimized(path_or_bytes, rewrite=optimize))

    def __reduce__(self) -> Any:
        return InferenceSession._again, (self._model, self._options)

    @staticmethod
    def _again(model: Model, options: SessionOptions) -> InferenceSession:
        session = InferenceSession.__new__(InferenceSession)
        session._options = options
        session._model = model
        session._session = Session(model, threads=options.intra_op_num_threads)
        session._run = session._session._run_list
        return session

    @staticmethod
    def _check_providers(providers: Sequence[str | tuple[str, dict[str, Any]]] | None) -> None:
        names = [each if isinstance(each, str) else each[0] for each in providers or [PROVIDER]]
        if PROVIDER not in names:
            raise InvalidArgumentError(f"providers are {names}, expected {PROVIDER} among them: Ranvier has no other")

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any], run_options: RunOptions | None = None
    ) -> list[Array]:
        """Computes the outputs of these names, all for None, from arrays by name. Returns a list of arrays."""
        return self._run(input_feed, output_names)

    def run_with_ort_values(
        self,
        output_names: Sequence[str] | None,
        input_dict_ort_values: Mapping[str, OrtValue],
        run_options: RunOptions | None = None,
    ) -> list[OrtValue]:
        """run() with OrtValues, in and out."""
        feeds = {name: value.numpy() for name, value in input_dict_ort_values.items()}
        return [OrtValue(output) for output in self._run(feeds, output_names)]

    def run_with_iobinding(self, iobinding: IOBinding, run_options: RunOptions | None = None) -> None:
        """Computes what is bound to io_binding()."""
        iobinding.run()

    def io_binding(self) -> IOBinding:
        """Inputs and outputs by name, to be bound one by one."""
        return IOBinding(self)

    def get_inputs(self) -> list[NodeArg]:
        """Those that have to be given."""
        return [NodeArg(port) for port in self._model.inputs if not port.optional]

    def get_overridable_initializers(self) -> list[NodeArg]:
        """Inputs that have a default."""
        return [NodeArg(port) for port in self._model.inputs if port.optional]

    def get_outputs(self) -> list[NodeArg]:
        """In the file's order."""
        return [NodeArg(port) for port in self._model.outputs]

    def get_modelmeta(self) -> ModelMetadata:
        """What the file says of itself."""
        return ModelMetadata(self._model.metadata)

    def get_session_options(self) -> SessionOptions:
        """Those that the session was made with."""
        return self._options

    def get_providers(self) -> list[str]:
        """One: the CPU."""
        return [PROVIDER]

    def get_provider_options(self) -> dict[str, dict[str, Any]]:
        """None, by provider."""
        return {PROVIDER: {}}

    def set_providers(
        self,
        providers: Sequence[str | tuple[str, dict[str, Any]]] | None = None,
        provider_options: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        """Checks that the CPU is among them."""
        self._check_providers(providers)

    def disable_fallback(self) -> None:
        """There is nothing to fall back to."""

    def enable_fallback(self) -> None:
        """There is nothing to fall back to."""

    def end_profiling(self) -> str:
        """No profile was written: `ranvier profile` makes one."""
        return ""


def get_available_providers() -> list[str]:
    """The names of the execution providers: one."""
    return [PROVIDER]


def get_all_providers() -> list[str]:
    """The same."""
    return [PROVIDER]


def get_device() -> str:
    """'CPU'"""
    return "CPU"


def set_default_logger_severity(severity: int) -> None:
    """Ignored: Ranvier logs nothing."""


def set_default_logger_verbosity(verbosity: int) -> None:
    """Ignored: Ranvier logs nothing."""


def set_seed(seed: int) -> None:
    """Ignored."""


def disable_telemetry_events() -> None:
    """Ranvier sends nothing anywhere."""


def enable_telemetry_events() -> None:
    """Ranvier sends nothing anywhere."""


def _require_cpu(device: str) -> None:
    if device.lower() != "cpu":
        raise InvalidArgumentError(f"device is '{device}', expected 'cpu': Ranvier has no other")

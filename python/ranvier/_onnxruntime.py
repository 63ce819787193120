"""The calls of ONNX Runtime's Python interface that scripts make: only the line that imports it changes.

    import ranvier as onnxruntime

What has no meaning here is taken and ignored where ignoring it changes no result (memory patterns, profiling,
logging), and refused where it would (custom operator libraries, providers for other devices alone).
"""

import enum
import os

import numpy as np

from ._errors import InvalidArgumentError, UnsupportedError
from ._native import Model, Session

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

    def __init__(self):
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
        self._entries = {}

    def add_session_config_entry(self, key, value):
        """Kept for get_session_config_entry(), and ignored."""
        self._entries[key] = value

    def get_session_config_entry(self, key):
        """What add_session_config_entry() was given."""
        if key not in self._entries:
            raise InvalidArgumentError(f"there is no session configuration entry '{key}'")
        return self._entries[key]

    def register_custom_ops_library(self, path):
        """Refused: there are none."""
        raise UnsupportedError(f"{path}: Ranvier runs no custom operators from libraries")


class RunOptions:
    """Taken and ignored: a run logs nothing."""

    def __init__(self):
        self.log_severity_level = 2
        self.log_verbosity_level = 0
        self.logid = ""
        self.terminate = False
        self.only_execute_path_to_fetches = False

    def add_run_config_entry(self, key, value):
        """Ignored."""


class NodeArg:
    """An input or output: its name, its type as 'tensor(float)', and its shape."""

    def __init__(self, port):
        self.name = port.name
        self.type = f"tensor({port.type})"
        self.shape = list(port.shape or [])

    def __repr__(self):
        return f"NodeArg(name='{self.name}', type='{self.type}', shape={self.shape})"


class ModelMetadata:
    """What the model's file says of itself."""

    def __init__(self, metadata):
        self.producer_name = metadata["producer_name"]
        self.graph_name = metadata["graph_name"]
        self.domain = metadata["domain"]
        self.description = metadata["description"]
        self.graph_description = ""
        self.version = metadata["version"]
        self.custom_metadata_map = metadata["custom"]


class OrtValue:
    """An array that a session takes and gives. It is on the CPU, as all are."""

    def __init__(self, array):
        self._array = array

    @staticmethod
    def ortvalue_from_numpy(array, device_type="cpu", device_id=0):
        """A value that shares the array's memory."""
        _require_cpu(device_type)
        return OrtValue(np.ascontiguousarray(array))

    @staticmethod
    def ortvalue_from_shape_and_type(shape, element_type=np.float32, device_type="cpu", device_id=0):
        """A value of zeros."""
        _require_cpu(device_type)
        return OrtValue(np.zeros(shape, element_type))

    def numpy(self):
        """The array itself: no copy."""
        return self._array

    def shape(self):
        """The sizes of the dimensions."""
        return list(self._array.shape)

    def element_type(self):
        """numpy's type."""
        return self._array.dtype

    def device_name(self):
        """'cpu'"""
        return "cpu"

    def is_tensor(self):
        """Always: there are no sequences or maps."""
        return True

    def has_value(self):
        """Always."""
        return True

    def update_inplace(self, array):
        """Copies the elements of an array of the same shape and type."""
        np.copyto(self._array, array, casting="no")

    def __array__(self, dtype=None, copy=None):
        return np.array(self._array, dtype=dtype, copy=bool(copy))


class IOBinding:
    """Inputs and outputs by name, for run_with_iobinding()."""

    def __init__(self, session):
        self._session = session
        self._inputs = {}
        self._outputs = {}  # the array to write, or None for a new one

    def bind_cpu_input(self, name, array):
        """Gives an input."""
        self._inputs[name] = array

    def bind_ortvalue_input(self, name, value):
        """Gives an input."""
        self._inputs[name] = value.numpy()

    def bind_output(self, name, device_type="cpu", device_id=0, element_type=None, shape=None, buffer_ptr=None):
        """Asks for an output, in a new array. @raises UnsupportedError for memory by address."""
        _require_cpu(device_type)
        if buffer_ptr is not None:
            raise UnsupportedError(f"output '{name}': bind an OrtValue, not an address")
        self._outputs[name] = None

    def bind_ortvalue_output(self, name, value):
        """The output is written into the value's array."""
        self._outputs[name] = value.numpy()

    def run(self):
        """What InferenceSession.run_with_iobinding() does."""
        outputs = self._session.run(list(self._outputs), self._inputs)
        for (name, into), output in zip(self._outputs.items(), outputs):
            if into is None:
                self._outputs[name] = output
            elif into.shape != output.shape or into.dtype != output.dtype:
                raise InvalidArgumentError(
                    f"output '{name}' is bound to {into.dtype} {list(into.shape)}, "
                    f"expected {output.dtype} {list(output.shape)}"
                )
            else:
                np.copyto(into, output)
        self._results = dict(self._outputs)

    def get_outputs(self):
        """The results of the last run, in the order in which they were asked for."""
        return [OrtValue(output) for output in self._results.values()]

    def copy_outputs_to_cpu(self):
        """The same as arrays."""
        return list(self._results.values())

    def clear_binding_inputs(self):
        """Forgets the inputs."""
        self._inputs.clear()

    def clear_binding_outputs(self):
        """Forgets the outputs."""
        self._outputs.clear()

    def synchronize_inputs(self):
        """Nothing is anywhere else."""

    def synchronize_outputs(self):
        """Nothing is anywhere else."""


class InferenceSession:
    """ONNX Runtime's session, computed by Ranvier.

        session = InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
        probabilities = session.run(None, {session.get_inputs()[0].name: x})[0]

    providers may name others besides: what is there is used, and that is the CPU. Errors are ranvier.Error.
    """

    def __init__(self, path_or_bytes, sess_options=None, providers=None, provider_options=None, **ignored):
        self._options = sess_options or SessionOptions()
        self._check_providers(providers)
        optimize = self._options.graph_optimization_level != GraphOptimizationLevel.ORT_DISABLE_ALL
        self._model = Model(path_or_bytes, optimize=optimize)
        self._session = Session(self._model, threads=self._options.intra_op_num_threads)
        self._run = self._session._run_list
        if self._options.optimized_model_filepath:
            from ._native import optimized

            with open(self._options.optimized_model_filepath, "wb") as file:
                file.write(optimized(path_or_bytes, rewrite=optimize))

    def __reduce__(self):
        return InferenceSession._again, (self._model, self._options)

    @staticmethod
    def _again(model, options):
        session = InferenceSession.__new__(InferenceSession)
        session._options = options
        session._model = model
        session._session = Session(model, threads=options.intra_op_num_threads)
        session._run = session._session._run_list
        return session

    @staticmethod
    def _check_providers(providers):
        names = [each if isinstance(each, str) else each[0] for each in providers or [PROVIDER]]
        if PROVIDER not in names:
            raise InvalidArgumentError(f"providers are {names}, expected {PROVIDER} among them: Ranvier has no other")

    def run(self, output_names, input_feed, run_options=None):
        """Computes the outputs of these names, all for None, from arrays by name. Returns a list of arrays."""
        return self._run(input_feed, output_names)

    def run_with_ort_values(self, output_names, input_dict_ort_values, run_options=None):
        """run() with OrtValues, in and out."""
        feeds = {name: value.numpy() for name, value in input_dict_ort_values.items()}
        return [OrtValue(output) for output in self._run(feeds, output_names)]

    def run_with_iobinding(self, iobinding, run_options=None):
        """Computes what is bound to io_binding()."""
        iobinding.run()

    def io_binding(self):
        """Inputs and outputs by name, to be bound one by one."""
        return IOBinding(self)

    def get_inputs(self):
        """Those that have to be given."""
        return [NodeArg(port) for port in self._model.inputs if not port.optional]

    def get_overridable_initializers(self):
        """Inputs that have a default."""
        return [NodeArg(port) for port in self._model.inputs if port.optional]

    def get_outputs(self):
        """In the file's order."""
        return [NodeArg(port) for port in self._model.outputs]

    def get_modelmeta(self):
        """What the file says of itself."""
        return ModelMetadata(self._model.metadata)

    def get_session_options(self):
        """Those that the session was made with."""
        return self._options

    def get_providers(self):
        """One: the CPU."""
        return [PROVIDER]

    def get_provider_options(self):
        """None, by provider."""
        return {PROVIDER: {}}

    def set_providers(self, providers=None, provider_options=None):
        """Checks that the CPU is among them."""
        self._check_providers(providers)

    def disable_fallback(self):
        """There is nothing to fall back to."""

    def enable_fallback(self):
        """There is nothing to fall back to."""

    def end_profiling(self):
        """No profile was written: `ranvier profile` makes one."""
        return ""


def get_available_providers():
    """The names of the execution providers: one."""
    return [PROVIDER]


def get_all_providers():
    """The same."""
    return [PROVIDER]


def get_device():
    """'CPU'"""
    return "CPU"


def set_default_logger_severity(severity):
    """Ignored: Ranvier logs nothing."""


def set_default_logger_verbosity(verbosity):
    """Ignored: Ranvier logs nothing."""


def set_seed(seed):
    """Ignored."""


def disable_telemetry_events():
    """Ranvier sends nothing anywhere."""


def enable_telemetry_events():
    """Ranvier sends nothing anywhere."""


def _require_cpu(device):
    if os.fspath(device).lower() != "cpu":
        raise InvalidArgumentError(f"device is '{device}', expected 'cpu': Ranvier has no other")

"""Runs ONNX models on CPUs.

    import ranvier
    session = ranvier.Session("model.onnx")
    y = session(x)

Session runs a Model; Session.bind fixes the arrays of a call, for the least time that one can take. Whatever goes
wrong raises a ranvier.Error.

InferenceSession and the names around it are those of ONNX Runtime: `import ranvier as onnxruntime` runs a script that
was written for it. ranvier.backend is ONNX' own interface of a backend, ranvier.keras.export goes from a Keras model to
a file that is checked, and `python -m ranvier` is the command line.
"""

from . import _load  # isort: skip: before whatever imports the extension module
from ._errors import (
    Error,
    InternalError,
    InvalidArgumentError,
    InvalidModelError,
    IoError,
    OutOfMemoryError,
    UnsupportedError,
)
from ._native import Binding, Model, Port, Session, optimized, version
from ._onnxruntime import (
    ExecutionMode,
    GraphOptimizationLevel,
    IOBinding,
    InferenceSession,
    ModelMetadata,
    NodeArg,
    OrtValue,
    RunOptions,
    SessionOptions,
    disable_telemetry_events,
    enable_telemetry_events,
    get_all_providers,
    get_available_providers,
    get_device,
    set_default_logger_severity,
    set_default_logger_verbosity,
    set_seed,
)

__version__ = version

__all__ = [
    "Binding",
    "Error",
    "ExecutionMode",
    "GraphOptimizationLevel",
    "IOBinding",
    "InferenceSession",
    "InternalError",
    "InvalidArgumentError",
    "InvalidModelError",
    "IoError",
    "Model",
    "ModelMetadata",
    "NodeArg",
    "OrtValue",
    "OutOfMemoryError",
    "Port",
    "RunOptions",
    "Session",
    "SessionOptions",
    "UnsupportedError",
    "disable_telemetry_events",
    "enable_telemetry_events",
    "get_all_providers",
    "get_available_providers",
    "get_device",
    "optimized",
    "set_default_logger_severity",
    "set_default_logger_verbosity",
    "set_seed",
]

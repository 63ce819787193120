"""Runs ONNX models on CPUs.

    import ranvier
    session = ranvier.Session("model.onnx")
    y = session(x)

Session runs a Model; Session.bind fixes the arrays of a call, for the least time that one can take. Whatever goes
wrong raises a ranvier.Error.
"""

from ._errors import (
    Error,
    InternalError,
    InvalidArgumentError,
    InvalidModelError,
    IoError,
    OutOfMemoryError,
    UnsupportedError,
)
from ._native import Binding, Model, Port, Session, __version__, optimized

__all__ = [
    "Binding",
    "Error",
    "InternalError",
    "InvalidArgumentError",
    "InvalidModelError",
    "IoError",
    "Model",
    "OutOfMemoryError",
    "Port",
    "Session",
    "UnsupportedError",
    "optimized",
]

"""The exceptions that Ranvier raises: by whose fault."""


class Error(Exception):
    """What went wrong, from the outside in: file, node, then the attribute or dimension, what was expected and found.

    Each code is a class of its own, which is also the built-in exception that comes nearest.
    """

    code: str = "internal"


class InvalidModelError(Error, ValueError):
    """The file is not a valid ONNX model, or contradicts itself."""

    code = "invalid_model"


class UnsupportedError(Error, NotImplementedError):
    """The model is valid, but asks for something Ranvier does not do."""

    code = "unsupported"


class InvalidArgumentError(Error, ValueError):
    """A wrong name, type, shape or option was passed."""

    code = "invalid_argument"


class IoError(Error, OSError):
    """A file could not be opened, read or written."""

    code = "io"


class OutOfMemoryError(Error, MemoryError):
    """A buffer would exceed the memory there is, or the session's limit."""

    code = "out_of_memory"


class InternalError(Error, RuntimeError):
    """A bug in Ranvier."""

    code = "internal"


classes = {each.code: each for each in Error.__subclasses__()}

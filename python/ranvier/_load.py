"""Loads the extension module such that it uses the libraries that it was linked with.

Other packages, TensorFlow for one, offer symbols of a protobuf and a oneDNN of their own to whatever is loaded later.
"""

import os
import sys


def _load() -> None:
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        from . import _native  # noqa: F401
    finally:
        sys.setdlopenflags(flags)


_load()

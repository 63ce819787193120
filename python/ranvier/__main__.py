"""The command line: `python -m ranvier run model.onnx -i rows.csv`. `python -m ranvier --help` lists the commands."""

import os
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent / "bin" / "ranvier"


def main():
    """Becomes the command line, with the arguments of this process."""
    os.execv(PROGRAM, ["ranvier", *sys.argv[1:]])


if __name__ == "__main__":
    main()

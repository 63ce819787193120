#!/usr/bin/env python3
"""Checks what each folder may include, and the other rules of the house that a text search can see.

usage: layering.py SOURCE_FOLDER
Prints one line per violation; exits 1 where there is one.
"""

import re
import sys
from pathlib import Path

# The arrows of docs/architecture.md: a folder includes itself, the public headers and these.
MAY_INCLUDE = {
    "runtime/include": [],
    "runtime/core": [],
    "runtime/graph": ["runtime/core"],
    "runtime/simd": ["runtime/core", "runtime/graph"],
    "runtime/onednn": ["runtime/core", "runtime/graph"],
    "operators": ["runtime/core", "runtime/graph", "runtime/simd", "runtime/onednn"],
    "runtime/loader": ["runtime/core", "runtime/graph", "operators"],
    "runtime/golden": ["runtime/core", "runtime/graph", "runtime/loader"],
    "runtime/optimizer": ["runtime/core", "runtime/graph", "operators"],
    "runtime/planner": ["runtime/core", "runtime/graph", "operators"],
    "runtime/writer": ["runtime/core", "runtime/graph", "runtime/loader", "runtime/optimizer", "operators"],
    "runtime/executor": [
        "runtime/core",
        "runtime/graph",
        "runtime/optimizer",
        "runtime/planner",
        "operators",
    ],
    "runtime/model": [
        "runtime/core",
        "runtime/golden",
        "runtime/graph",
        "runtime/loader",
        "runtime/optimizer",
        "runtime/executor",
        "operators",
    ],
    "runtime/c_api": ["runtime/core", "runtime/loader"],  # the loader in tests, to make models
}

# Foreign headers that only some folders may use.
FOREIGN = {
    r"(oneapi/|dnnl)": ["runtime/onednn"],
    r"(onnx/|google/protobuf)": ["runtime/loader", "runtime/writer"],
    r"hwy/": ["runtime/simd", "operators"],
    r"(CLI/|nlohmann/|zip\.h)": ["tools", "tests"],
}

SOURCES = (".cc", ".h", ".def")
LIBRARY = ("runtime", "operators")
PRINTS = re.compile(r"<iostream>|<cstdio>|<stdio\.h>|std::(cout|cerr|clog)\b|\b(f|v|vf)?printf *\(|fmt::print\b")
INCLUDE = re.compile(r'^ *# *include *([<"])([^">]+)[">]')
LONGEST = 600


def folder_of(path):
    """The folder of MAY_INCLUDE that a project path lies in; its first part where there is none."""
    for folder in MAY_INCLUDE:
        if path.startswith(folder + "/"):
            return folder
    return path.split("/")[0]


def is_test(path):
    return path.endswith("_test.cc") or path.startswith("tests/") or Path(path).stem == "testing"


def check_include(path, target, quoted):
    here, there = folder_of(path), folder_of(target)
    if quoted and there in MAY_INCLUDE and here in MAY_INCLUDE and there != here:
        if there not in MAY_INCLUDE[here]:
            yield f"{here} may not include {target}"
    for pattern, allowed in FOREIGN.items():
        if re.match(pattern, target) and here not in allowed and not is_test(path):
            yield f"{target} belongs into {' or '.join(allowed)} only"


def check_file(root, path):
    lines = (root / path).read_text().splitlines()
    if len(lines) > LONGEST:
        yield f"{path}: {len(lines)} lines; no file has more than {LONGEST}"
    for number, line in enumerate(lines, 1):
        if include := INCLUDE.match(line):
            for problem in check_include(path, include[2], include[1] == '"'):
                yield f"{path}:{number}: {problem}"
        if path.startswith(LIBRARY) and not is_test(path) and PRINTS.search(re.split("//|^ [*]", line)[0]):
            yield f"{path}:{number}: the library never prints: {line.strip()}"


def main():
    root = Path(sys.argv[1])
    files = [
        str(file.relative_to(root))
        for top in ("runtime", "operators", "tools", "tests", "python", "benchmarks", "examples")
        for file in sorted((root / top).rglob("*"))
        if file.suffix in SOURCES
    ]
    problems = [problem for path in files for problem in check_file(root, path)]
    print(*problems, f"{len(files)} files, {len(problems)} violations", sep="\n")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main())

#!/usr/bin/env python3
"""Checks that the C++ and C in a page is that of the examples, which are built and run, and what the first of it prints.

usage: excerpts.py PAGE EXAMPLES_FOLDER PROGRAM
Each ```cpp and ```c block of the page has to stand in one of the examples, line by line, whatever its indentation. The ```text
block after the first one has to be what PROGRAM, which is built of it, prints.
"""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def excerpts(example, count):
    """All runs of `count` lines, without their common indentation."""
    lines = example.splitlines()
    return {dedent("\n".join(lines[i : i + count])) for i in range(len(lines) - count + 1)}


def main():
    page = Path(sys.argv[1]).read_text()
    examples = [file.read_text() for file in sorted(Path(sys.argv[2]).rglob("*.c*")) if file.is_file()]
    found = blocks(page, "cpp") + blocks(page, "c")
    problems = [
        f"stands in no example:\n{block}"
        for block in found
        if not any(dedent(block).rstrip("\n") in excerpts(each, len(block.splitlines())) for each in examples)
    ]
    printed = subprocess.run([sys.argv[3]], check=True, capture_output=True, text=True).stdout
    shown = blocks(page.partition("```cpp\n")[2].partition("```\n")[2], "text")
    if not shown or shown[0] != printed:
        problems.append(f"the first program prints:\n{printed}")
    print(*problems, f"{len(found)} excerpts, {len(problems)} problems", sep="\n")
    return 1 if problems or not found else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main())

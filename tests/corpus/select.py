#!/usr/bin/env python3
"""Makes the selection of the corpus that lies beside this script. usage: select.py CORPUS

The rule is in README.md. Folders that are here and not selected any more are removed.
"""

import json
import shutil
import sys
from pathlib import Path

LARGEST = 300_000  # bytes of one model with its test sets


def size(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and f.suffix != ".npy")


def features(folder):
    """What each model stands for: its pattern, its name (activation, layer or architecture), its exporter."""
    expect = json.loads((folder / "expect.json").read_text())
    name, exporter = folder.name.rsplit(".", 1)
    return {
        ("pattern", expect["group"], tuple(sorted(expect["ops"].items()))),
        ("name", name),
        ("exporter", exporter),
    }


def select(corpus):
    candidates = sorted((size(f.parent), f.parent) for f in corpus.glob("*/expect.json"))
    covered, chosen = set(), []
    for bytes_, folder in candidates:
        if bytes_ <= LARGEST and not features(folder) <= covered:
            covered |= features(folder)
            chosen.append(folder)
    return sorted(chosen)


def main():
    here = Path(__file__).resolve().parent
    chosen = select(Path(sys.argv[1]))
    for old in here.glob("*/expect.json"):
        shutil.rmtree(old.parent)
    for folder in chosen:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".npy":
                target = here / folder.name / file.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
    print(f"{len(chosen)} models, {sum(map(size, chosen))} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()

#!/usr/bin/env python3
"""Merges measured numbers into docs/activations/measured.json, which docs/activations.md prints.

usage: activations_measured.py MEASURED_JSON [--errors FILE] [--times FILE]

--errors  what `walk_floats --json FILE` wrote, of all floats
--times   a list with an object for each activation: "model" (act_NAME), and for "ranvier", "ort" and "openvino" the
          object that `ranvier bench --json` prints or one like it, with "p50_us"
Numbers that MEASURED_JSON has and the files do not are kept. Afterwards run `generate_docs docs`.
"""

import argparse
import json
import math
from pathlib import Path

ALL_FLOATS = 2**32
PEERS = ("ort", "openvino")
# The models of single activations that are not named as the rows of activations.def.
ROWS = {"exp": "exponential", "hardswish": "hard_swish"}


def errors_by_activation(found):
    """The largest error over all instruction sets, and whether those with fused multiply-add agree."""
    result = {}
    for each in found:
        name = each["activation"]
        if each["points"] != ALL_FLOATS:
            raise SystemExit(f"{name} was measured at {each['points']} of {ALL_FLOATS} floats")
        if each["ulp"] is None:
            raise SystemExit(f"{name} has no finite error on {each['instruction_set']}")
        entry = result.setdefault(name, {"ulp": -1, "instruction_sets": [], "same_bits": True})
        entry["instruction_sets"].append(each["instruction_set"])
        entry["same_bits"] &= not each["fused_multiply_add"] or each["other_bits"] == 0
        if each["ulp"] > entry["ulp"]:
            entry |= {"ulp": round(each["ulp"], 4), "at": each["at"]}
    return result


def speeds_by_activation(found):
    """The better peer's median time divided by Ranvier's."""
    result = {}
    for each in found:
        if not each["model"].startswith("act_"):
            continue
        model = each["model"].removeprefix("act_")
        best = min(each[peer]["p50_us"] for peer in PEERS)
        if not math.isfinite(best) or not math.isfinite(each["ranvier"]["p50_us"]):
            raise SystemExit(f"{model} has no time of Ranvier's, or none of {' or '.join(PEERS)}")
        result[ROWS.get(model, model)] = {"speed": round(best / each["ranvier"]["p50_us"], 2)}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured", type=Path)
    parser.add_argument("--errors", type=Path)
    parser.add_argument("--times", type=Path)
    options = parser.parse_args()

    measured = json.loads(options.measured.read_text()) if options.measured.exists() else {}
    found = [
        read(json.loads(file.read_text()))
        for read, file in ((errors_by_activation, options.errors), (speeds_by_activation, options.times))
        if file
    ]
    for each in found:
        for name, numbers in each.items():
            measured.setdefault(name, {}).update(numbers)
    options.measured.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

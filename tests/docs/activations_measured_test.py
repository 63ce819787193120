#!/usr/bin/env python3
"""Tests benchmarks/activations_measured.py. usage: activations_measured_test.py SCRIPT GENERATE_DOCS"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT, GENERATE_DOCS = sys.argv[1:3]


def error(activation, instruction_set, ulp, at, fused=True, other_bits=0, points=2**32):
    return {
        "activation": activation,
        "instruction_set": instruction_set,
        "fused_multiply_add": fused,
        "ulp": ulp,
        "at": at,
        "other_bits": other_bits,
        "points": points,
    }


def time(model, ranvier, ort, openvino):
    return {
        "model": model,
        "ranvier": {"p50_us": ranvier},
        "ort": {"p50_us": ort},
        "openvino": {"p50_us": openvino},
        "litert": {"p50_us": float("inf")},
    }


class ActivationsMeasured(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.docs = Path(folder.name)
        (self.docs / "activations").mkdir()
        self.measured = self.docs / "activations" / "measured.json"

    def merge(self, **found):
        command = [sys.executable, SCRIPT, str(self.measured)]
        for option, numbers in found.items():
            file = self.docs / f"{option}.json"
            file.write_text(json.dumps(numbers))
            command += [f"--{option}", str(file)]
        return subprocess.run(command, capture_output=True, text=True)

    def page(self):
        subprocess.run([GENERATE_DOCS, str(self.docs)], check=True)
        return (self.docs / "activations.md").read_text()

    def test_errors_are_the_largest_of_all_instruction_sets(self):
        unfused = error("tanh", "SSE4", 0.93, -2.5, fused=False, other_bits=9)
        self.merge(errors=[error("tanh", "AVX3", 0.61, 0.5), unfused])
        self.assertEqual(
            json.loads(self.measured.read_text()),
            {"tanh": {"ulp": 0.93, "at": -2.5, "instruction_sets": ["AVX3", "SSE4"], "same_bits": True}},
        )
        self.assertIn(
            "at most 1 ULP claimed; 0.93 measured, at -2.5, on AVX3, SSE4, with the same bits on those", self.page()
        )

    def test_other_bits_with_fused_multiply_add_are_told(self):
        self.merge(errors=[error("tanh", "AVX3", 0.61, 0.5), error("tanh", "AVX2", 0.6, 0.5, other_bits=1)])
        self.assertIn("on AVX3, AVX2, with different bits", self.page())

    def test_speed_is_the_ratio_to_the_better_peer(self):
        self.merge(times=[time("act_exp", 50, 75, 100), time("act_hardswish", 50, 200, 100), time("seed", 1, 2, 3)])
        self.assertEqual(
            json.loads(self.measured.read_text()), {"exponential": {"speed": 1.5}, "hard_swish": {"speed": 2.0}}
        )
        self.assertIn("- Speed: 1.50 times the better of ONNX Runtime and OpenVINO", self.page())

    def test_what_is_not_measured_anew_is_kept(self):
        self.merge(errors=[error("relu", "AVX3", 0, 0)])
        self.merge(times=[time("act_relu", 10, 20, float("inf"))])
        relu = json.loads(self.measured.read_text())["relu"]
        self.assertEqual((relu["ulp"], relu["speed"]), (0, 2.0))

    def test_a_sample_of_the_floats_is_refused(self):
        refused = self.merge(errors=[error("relu", "AVX3", 0, 0, points=4096)])
        self.assertEqual(refused.stderr, "relu was measured at 4096 of 4294967296 floats\n")
        self.assertNotEqual(refused.returncode, 0)

    def test_a_missing_time_is_refused(self):
        refused = self.merge(times=[time("act_relu", float("inf"), 20, 30)])
        self.assertEqual(refused.stderr, "relu has no time of Ranvier's, or none of ort or openvino\n")

    def test_names_that_are_no_activation_fail_the_generator(self):
        self.measured.write_text('{"no_such": {"speed": 1}}')
        failed = subprocess.run([GENERATE_DOCS, str(self.docs)], capture_output=True, text=True)
        self.assertEqual(
            (failed.returncode, failed.stderr),
            (1, "generate_docs: no_such was measured, which is no activation\n"),
        )


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

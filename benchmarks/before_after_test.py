#!/usr/bin/env python3
"""Tests before_after.py with programs that print what they are told to. usage: before_after_test.py"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parent / "before_after.py"

# Prints the next of the results that the test has left for it, and notes how it was called.
PROGRAM = """#!/usr/bin/env python3
import json, sys
from pathlib import Path
here = Path(__file__).parent
results = json.loads((here / "results.json").read_text())
(here / "results.json").write_text(json.dumps(results[1:]))
with (here.parent.parent / "calls").open("a") as calls:
    calls.write(" ".join([here.parent.name, *sys.argv[1:]]) + "\\n")
print(json.dumps(results[0]))
"""


def kernels(**medians):
    """What kernels_benchmark prints, in nanoseconds."""
    cases = []
    for name, median in medians.items():
        for aggregate, value in (("mean", 9 * median), ("median", median), ("stddev", 1.0)):
            cases.append({"run_name": name, "aggregate_name": aggregate, "real_time": 3 * value, "cpu_time": value, "time_unit": "ns"})
    return {"benchmarks": cases}


class BeforeAfter(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def program(self, build, name, results):
        place = self.folder / build / Path(name).parent
        place.mkdir(parents=True)
        (place / "results.json").write_text(json.dumps(results))
        (self.folder / build / name).write_text(PROGRAM)
        (self.folder / build / name).chmod(0o755)

    def compare(self, *arguments, rounds=2):
        builds = [f"old={self.folder / 'a'}", f"new={self.folder / 'b'}"]
        command = [sys.executable, str(SCRIPT), "--rounds", str(rounds), *builds, "--", *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def rows(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split() for line in done.stdout.splitlines()]

    def calls(self):
        return (self.folder / "calls").read_text().splitlines()

    def test_kernels_are_compared_by_their_best_medians(self):
        kernel = "benchmarks/kernels_benchmark"
        self.program("a", kernel, [kernels(relu=2000, tanh=4000, gone=1), kernels(relu=2200, tanh=5000, gone=1)])
        self.program("b", kernel, [kernels(relu=1000, tanh=5000), kernels(relu=1010, tanh=4000)])
        rows = self.rows(self.compare("relu|tanh"))
        self.assertEqual(" ".join(rows[0][:6]), "A = old, B = new:")
        self.assertEqual(rows[2], "relu 2 +10.0 % 1 +1.0 % 2.000 faster".split())
        self.assertEqual(rows[3], "tanh 4 +25.0 % 4 +25.0 % 1.000 noise".split())
        self.assertEqual(rows[4], "gone is in A only".split())
        self.assertEqual(rows[5], "geometric mean of A / B over 2: 1.414".split())
        self.assertEqual([call.split()[0] for call in self.calls()], ["a", "b", "b", "a"])
        self.assertIn("--benchmark_filter=relu|tanh", self.calls()[0])

    def test_models_are_compared_by_bench(self):
        model = self.folder / "model.onnx"
        model.touch()
        self.program("a", "tools/ranvier", [{"p50_us": 1.0}, {"p50_us": 1.1}])
        self.program("b", "tools/ranvier", [{"p50_us": 1.5}, {"p50_us": 1.2}])
        rows = self.rows(self.compare(str(model), "--batch", "8"))
        self.assertEqual(rows[2], f"{model} --batch 8 1 +10.0 % 1.2 +25.0 % 0.833 slower".split())
        self.assertEqual(self.calls()[0], f"a bench {model} --batch 8 --seconds 0.3 --json")

    def test_what_fails_is_named(self):
        self.program("a", "benchmarks/kernels_benchmark", [])
        self.program("b", "benchmarks/kernels_benchmark", [])
        done = self.compare()
        self.assertEqual(done.returncode, 1)
        self.assertIn("a/benchmarks/kernels_benchmark --benchmark_format=json", done.stderr)
        self.assertIn(": no result", done.stderr)

    def test_nothing_in_common_is_an_error(self):
        self.program("a", "benchmarks/kernels_benchmark", [kernels(old=1)])
        self.program("b", "benchmarks/kernels_benchmark", [kernels(new=1)])
        done = self.compare(rounds=1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no benchmark is in both", done.stderr)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Tests what compare.py prints, without the runtimes that it compares. usage: compare_test.py"""

import subprocess
import sys
import unittest
from pathlib import Path

import compare

SCRIPT = Path(__file__).parent / "compare.py"


class Compare(unittest.TestCase):
    def test_numbers_have_three_digits(self):
        texts = [compare.number(value) for value in (0.01744, 0.118, 1.5, 28.34, 98.46, 735.2, 13864.4, 0, None)]
        self.assertEqual(texts, ["0.0174", "0.118", "1.50", "28.3", "98.5", "735", "13,864", "0", "-"])

    def test_rows_compare_with_the_best(self):
        times = {"ort": 3.0, "openvino": 4.0, "litert": None, "ranvier": 2.0}
        self.assertEqual(compare.ratio(times), 1.5)
        self.assertEqual(
            compare.table_row("act_mish", 1000, times), "| act_mish | 1,000 | 3.00 | 4.00 | - | 2.00 | 1.50 |"
        )
        columns = {line.count("|") for line in [compare.table_row("m", 1, times), *compare.heading().splitlines()]}
        self.assertEqual(columns, {8})

    def test_more_threads_than_cores_are_refused(self):
        command = [sys.executable, str(SCRIPT), "--ranvier", "r", "--models", "m", "--threads", "1", "100000"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"error: --threads: this process may use \d+ cores\n$")


if __name__ == "__main__":
    unittest.main()

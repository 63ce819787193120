"""ranvier.backend, run by ONNX' own runner on all of its node tests: each ends as tests/conformance/onnx_node.txt says."""

import collections
import unittest

import models
import numpy as np
import onnx.backend.test
import ranvier
import ranvier.backend
from onnx import helper

MANIFEST = models.ROOT / "tests/conformance/onnx_node.txt"
FEWEST_PASSES = 1000  # fewer than pass today: that many ran at all


def manifest():
    """{name: whether it has to pass}"""
    lines = [line.split() for line in MANIFEST.read_text().splitlines() if line and not line.startswith("#")]
    return {name: word == "pass" for name, word, *_ in lines}


class Outcomes(unittest.TestResult):
    """How each case ended: 'pass', 'skip', or what went wrong."""

    def __init__(self):
        super().__init__()
        self.of = {}

    def _add(self, test, outcome):
        name = test.id().rsplit(".", 1)[1]
        if name.endswith("_cpu"):
            self.of[name.removesuffix("_cpu")] = outcome

    def addSuccess(self, test):
        self._add(test, "pass")

    def addSkip(self, test, reason):
        self._add(test, "skip")

    def addFailure(self, test, error):
        self._add(test, str(error[1]))

    def addError(self, test, error):
        # What is told by the shapes of a run only is refused there, with the same error.
        self._add(test, "skip" if error[0] is ranvier.UnsupportedError else str(error[1]))


class NodeTests(unittest.TestCase):
    def test_all(self):
        cases = onnx.backend.test.BackendTest(ranvier.backend, __name__).test_cases["OnnxBackendNodeModelTest"]
        outcomes = Outcomes()
        unittest.defaultTestLoader.loadTestsFromTestCase(cases).run(outcomes)
        listed = manifest()
        count = collections.Counter(outcomes.of.values())
        print(f"onnx' runner: {count['pass']} pass / {len(listed)} listed / {count['skip']} skipped")
        wrong = [f"{name} is not listed" for name in outcomes.of if name not in listed]
        for name, passes in listed.items():
            outcome = outcomes.of.get(name, "missing")
            if outcome != ("pass" if passes else "skip"):
                wrong.append(f"{name} should {'pass' if passes else 'be skipped'}: {outcome}")
        self.assertEqual(wrong, [])
        self.assertGreater(count["pass"], FEWEST_PASSES)


class Interface(unittest.TestCase):
    def test_prepared(self):
        a, b = np.float32([[1, 2]]), np.float32([[10, 20]])
        prepared = ranvier.backend.prepare(models.sum_and_difference())
        for outputs in (prepared.run([a, b]), prepared.run({"b": b, "a": a})):
            np.testing.assert_array_equal(outputs[0], [[11, 22]])
            np.testing.assert_array_equal(outputs["difference"], [[-9, -18]])
        x = np.float32([1])
        self.assertEqual(ranvier.backend.run_model(models.identity(onnx.TensorProto.FLOAT), x)[0], x)

    def test_defaults_of_inputs(self):
        of = (onnx.TensorProto.FLOAT, [1])
        default = helper.make_tensor("a", onnx.TensorProto.FLOAT, [1], [5])
        node = helper.make_node("Sub", ["a", "b"], ["y"])
        prepared = ranvier.backend.prepare(models.model([node], {"a": of, "b": of}, {"y": of}, [default]))
        self.assertEqual(prepared.run([np.float32([1])])[0], [4])
        self.assertEqual(prepared.run([np.float32([8]), np.float32([1])])[0], [7])
        with self.assertRaisesRegex(ranvier.InvalidArgumentError, "3 inputs were given, the model has 2"):
            prepared.run([np.float32([1])] * 3)

    def test_node(self):
        node = helper.make_node("Clip", ["x", "", "most"], ["y"])
        (y,) = ranvier.backend.run_node(node, [np.float32([-3, 3]), np.float32(2)])
        np.testing.assert_array_equal(y, [-3, 2])
        softmax = helper.make_node("Softmax", ["x"], ["y"])  # of the axes from 1 on before opset 13
        x = np.zeros((1, 2, 2), np.float32)
        for opset, each in ((11, 0.25), (13, 0.5)):
            self.assertEqual(ranvier.backend.run_node(softmax, [x], opset_version=opset)[0][0, 0, 0], each)
        with self.assertRaisesRegex(ranvier.InvalidArgumentError, "2 inputs were given, the node Softmax has 1"):
            ranvier.backend.run_node(softmax, [x, x])

    def test_devices(self):
        for device, supported in {"CPU": True, "CPU:0": True, "CUDA": False, "CUDA:1": False}.items():
            self.assertEqual(ranvier.backend.supports_device(device), supported)
        with self.assertRaisesRegex(ranvier.InvalidArgumentError, "device is 'CUDA', expected 'CPU'"):
            ranvier.backend.prepare(models.non_zero(), "CUDA")

    def test_unsupported(self):
        unknown = models.model([helper.make_node("Frobnicate", [], ["y"])], {}, {"y": (onnx.TensorProto.FLOAT, [1])})
        self.assertFalse(ranvier.backend.is_compatible(unknown))
        self.assertTrue(ranvier.backend.is_compatible(models.non_zero()))


if __name__ == "__main__":
    unittest.main()

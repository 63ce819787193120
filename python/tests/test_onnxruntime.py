"""Scripts that were written for ONNX Runtime, run with it and, one line changed, with Ranvier; and the rest of the calls."""

import pickle
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import models
import numpy as np
import ranvier

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
IMPORT = re.compile(r"^import onnxruntime( as (\w+))?$", re.MULTILINE)


def output(script):
    data = models.DIGITS.parent / "x.npy"
    run = subprocess.run([sys.executable, script, models.DIGITS, data], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return run.stdout


class Scripts(unittest.TestCase):
    def test_changing_the_import_line_is_enough(self):
        self.assertEqual(len(SCRIPTS), 3)
        for script in SCRIPTS:
            text, changes = IMPORT.subn(lambda line: f"import ranvier as {line[2] or 'onnxruntime'}", script.read_text())
            self.assertEqual(changes, 1)
            with self.subTest(script.name), tempfile.TemporaryDirectory() as folder:
                changed = Path(folder, script.name)
                changed.write_text(text)
                self.assertEqual(output(changed), output(script))


class Calls(unittest.TestCase):
    def setUp(self):
        self.session = ranvier.InferenceSession(models.DIGITS)
        self.pixels, _ = models.digits()

    def test_choosing_outputs(self):
        session = ranvier.InferenceSession(models.sum_and_difference().SerializeToString())
        feeds = {"a": np.float32([[1, 2]]), "b": np.float32([[10, 20]])}
        self.assertEqual([y.tolist() for y in session.run(["difference"], feeds)], [[[-9, -18]]])
        for everything in (None, []):
            self.assertEqual([y.tolist() for y in session.run(everything, feeds)], [[[11, 22]], [[-9, -18]]])

    def test_defaults_of_inputs(self):
        default = models.helper.make_tensor("b", models.TensorProto.FLOAT, [1], [5])
        of = (models.TensorProto.FLOAT, [1])
        add = models.helper.make_node("Add", ["a", "b"], ["y"])
        session = ranvier.InferenceSession(models.model([add], {"a": of, "b": of}, {"y": of}, [default]))
        self.assertEqual([port.name for port in session.get_inputs()], ["a"])
        self.assertEqual([port.name for port in session.get_overridable_initializers()], ["b"])
        self.assertEqual(session.run(None, {"a": np.float32([1])})[0], [6])
        self.assertEqual(session.run(None, {"a": np.float32([1]), "b": np.float32([2])})[0], [3])

    def test_pickle(self):
        again = pickle.loads(pickle.dumps(self.session))
        feeds = {"pixels": self.pixels}
        np.testing.assert_array_equal(again.run(None, feeds)[0], self.session.run(None, feeds)[0])

    def test_optimized_model(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ranvier.SessionOptions()
            options.optimized_model_filepath = f"{folder}/better.onnx"
            ranvier.InferenceSession(models.DIGITS, options)
            self.assertEqual(ranvier.Session(options.optimized_model_filepath)(self.pixels).shape, (360, 10))

    def test_what_is_refused(self):
        binding = self.session.io_binding()
        binding.bind_cpu_input("pixels", self.pixels)
        binding.bind_ortvalue_output("Identity:0", ranvier.OrtValue.ortvalue_from_shape_and_type([1, 10]))
        for message, wrong in {
            "expected CPUExecutionProvider among them": lambda: ranvier.InferenceSession(
                models.DIGITS, providers=["CUDAExecutionProvider"]
            ),
            "no custom operators from libraries": lambda: ranvier.SessionOptions().register_custom_ops_library("x.so"),
            "no session configuration entry 'a'": lambda: ranvier.SessionOptions().get_session_config_entry("a"),
            "device is 'cuda'": lambda: ranvier.OrtValue.ortvalue_from_numpy(self.pixels, "cuda"),
            r"is bound to float32 \[1, 10\], expected float32 \[360, 10\]": binding.run,
            "not an address": lambda: binding.bind_output("Identity:0", buffer_ptr=1),
            "has no input 'x'": lambda: self.session.run(None, {"x": self.pixels}),
            "has no output 'x'": lambda: self.session.run(["x"], {"pixels": self.pixels}),
        }.items():
            with self.subTest(message), self.assertRaisesRegex(ranvier.Error, message):
                wrong()


if __name__ == "__main__":
    unittest.main()

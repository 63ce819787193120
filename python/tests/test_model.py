"""ranvier.Model, what it says of itself, and the documentation that Python shows."""

import inspect
import tempfile
import unittest
from pathlib import Path

import models
import numpy as np
import onnx
import ranvier


class Models(unittest.TestCase):
    def test_sources(self):
        content = models.DIGITS.read_bytes()
        for source in (models.DIGITS, str(models.DIGITS), content, bytearray(content), onnx.load(models.DIGITS)):
            self.assertEqual([port.name for port in ranvier.Model(source).inputs], ["pixels"])

    def test_ports(self):
        model = ranvier.Model(models.DIGITS)
        (pixels,), (probabilities,) = model.inputs, model.outputs
        self.assertEqual((pixels.type, pixels.dtype, pixels.shape), ("float", np.float32, ("unk__5", 64)))
        self.assertFalse(pixels.optional)
        self.assertEqual(repr(probabilities), "<ranvier.Port 'Identity:0': float ('unk__6', 10)>")

    def test_metadata(self):
        metadata = ranvier.Model(models.DIGITS).metadata
        self.assertEqual((metadata["producer_name"], metadata["opsets"][""]), ("tf2onnx", 15))

    def test_external_data(self):
        model = onnx.load(models.DIGITS)
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(model, f"{folder}/m.onnx", save_as_external_data=True, size_threshold=0)
            content = Path(folder, "m.onnx").read_bytes()
            ranvier.Model(content, external_data_folder=Path(folder))
            with self.assertRaisesRegex(ranvier.Error, "external"):
                ranvier.Model(content)

    def test_optimized(self):
        keras_gelu = models.ROOT / "tests/corpus/residual_layernorm_gelu_exact.keras/model.onnx"
        pixels, _ = models.digits()
        for model in (models.DIGITS, keras_gelu):
            for rewrite in (True, False):
                content = ranvier.optimized(model, rewrite=rewrite)
                onnx.checker.check_model(content)
                nodes = onnx.load_from_string(content).graph.node
                self.assertNotIn(("", "Erfc"), [(node.domain, node.op_type) for node in nodes])
        better = ranvier.Session(ranvier.optimized(models.DIGITS))
        np.testing.assert_array_equal(better(pixels), ranvier.Session(models.DIGITS)(pixels))


class Documentation(unittest.TestCase):
    def test_everything_public_is_documented(self):
        for name in ranvier.__all__:
            thing = getattr(ranvier, name)
            self.assertTrue(inspect.getdoc(thing), name)
            members = vars(thing).items() if inspect.isclass(thing) and thing.__module__.startswith("ranvier") else ()
            for member, value in members:
                if not member.startswith("_") and callable(value):
                    self.assertTrue(inspect.getdoc(value), f"{name}.{member}")


if __name__ == "__main__":
    unittest.main()

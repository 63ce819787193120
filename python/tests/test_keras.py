"""ranvier.keras.export on every activation of Keras, written both ways, and on layers of all kinds."""

import os
import tempfile
import unittest
import warnings
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

try:
    import keras
    import tensorflow  # noqa: F401
    import tf2onnx  # noqa: F401
except ImportError as error:
    raise unittest.SkipTest(f"Skipped: {error}. tools/test.sh installs python/tests/requirements-keras.txt") from error

import numpy as np
import onnx
import ranvier
import ranvier.keras
from keras import layers

# Those that need more than an input, or halve it.
SPECIAL = {"deserialize", "get", "serialize", "glu", "threshold"}
ACTIVATIONS = sorted(
    name for name, value in vars(keras.activations).items() if callable(value) and name not in SPECIAL and name[0] != "_"
)


def adapted():
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(1).normal(3, 2, (100, 8)).astype(np.float32))
    return layer


# By the shape of their input: layers that Ranvier runs ...
RUN = {
    (8,): {
        "BatchNormalization": layers.BatchNormalization,
        "LayerNormalization": layers.LayerNormalization,
        "RMSNormalization": layers.RMSNormalization,
        "UnitNormalization": layers.UnitNormalization,
        "GroupNormalization": lambda: layers.GroupNormalization(2),
        "Normalization": adapted,
        "Rescaling": lambda: layers.Rescaling(1 / 255, offset=-0.5),
        "Dropout": lambda: layers.Dropout(0.5),
        "AlphaDropout": lambda: layers.AlphaDropout(0.5),
        "GaussianNoise": lambda: layers.GaussianNoise(0.5),
        "ReLU": lambda: layers.ReLU(max_value=6, negative_slope=0.1, threshold=0.2),
        "LeakyReLU": lambda: layers.LeakyReLU(negative_slope=0.3),
        "ELU": lambda: layers.ELU(alpha=0.7),
        "PReLU": lambda: layers.PReLU(alpha_initializer="uniform"),
        "Softmax": layers.Softmax,
        "glu": lambda: layers.Activation("glu"),
        "threshold": lambda: layers.Lambda(lambda x: keras.ops.threshold(x, 0.3, -0.7)),
        "Reshape": lambda: layers.Reshape((2, 4)),
        "RepeatVector": lambda: layers.RepeatVector(3),
    },
    (4, 8): {
        "Dense": lambda: layers.Dense(5, activation="relu"),
        "LayerNormalization": layers.LayerNormalization,
        "Flatten": layers.Flatten,
        "Permute": lambda: layers.Permute((2, 1)),
        "GlobalAveragePooling1D": layers.GlobalAveragePooling1D,
        "GlobalMaxPooling1D": layers.GlobalMaxPooling1D,
        "TimeDistributed": lambda: layers.TimeDistributed(layers.Dense(3)),
        "Softmax": lambda: layers.Softmax(axis=1),
        "PReLU": lambda: layers.PReLU(shared_axes=[1]),
    },
    (4, 4, 3): {"GlobalAveragePooling2D": layers.GlobalAveragePooling2D, "Cropping2D": lambda: layers.Cropping2D(1)},
}
# ... and those whose files are written, whether or not it does.
WRITTEN = {
    (4, 4, 3): {
        "Conv2D": lambda: layers.Conv2D(4, 3, padding="same", activation="relu"),
        "DepthwiseConv2D": lambda: layers.DepthwiseConv2D(3),
        "SeparableConv2D": lambda: layers.SeparableConv2D(4, 3, activation="silu"),
        "Conv2DTranspose": lambda: layers.Conv2DTranspose(4, 3, strides=2),
        "MaxPooling2D": layers.MaxPooling2D,
        "AveragePooling2D": lambda: layers.AveragePooling2D(2),
        "UpSampling2D": layers.UpSampling2D,
        "ZeroPadding2D": layers.ZeroPadding2D,
    },
    (4, 8): {
        "Conv1D": lambda: layers.Conv1D(4, 3),
        "LSTM": lambda: layers.LSTM(4),
        "GRU": lambda: layers.GRU(4),
        "SimpleRNN": lambda: layers.SimpleRNN(4),
        "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(4)),
        "AveragePooling1D": lambda: layers.AveragePooling1D(2),
    },
}


def sequential(shape, *parts):
    return keras.Sequential([keras.Input(shape, name="x"), *parts])


class Exports(unittest.TestCase):
    def setUp(self):
        keras.utils.set_random_seed(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "model.onnx")

    def export(self, model, checked=True, **options):
        with warnings.catch_warnings():
            if checked:
                warnings.simplefilter("error", UserWarning)
            else:
                warnings.simplefilter("ignore", UserWarning)
            export = ranvier.keras.export(model, self.file, **options)
        onnx.checker.check_model(self.file.read_bytes())
        return export


class Activations(Exports):
    def check_all(self, head):
        x = keras.Input((16,), name="features")
        hidden = layers.Dense(8, kernel_initializer="normal")(x)
        model = keras.Model(x, [head(name, hidden) for name in ACTIVATIONS])
        export = self.export(model)
        self.assertEqual(list(export.inputs), ["features"])
        self.assertEqual(list(export.outputs), [f"my_{name}" for name in ACTIVATIONS])

    def test_there_are_many(self):
        self.assertGreater(len(ACTIVATIONS), 25)

    def test_inside_dense(self):
        self.check_all(lambda name, x: layers.Dense(4, activation=name, name=f"my_{name}")(x))

    def test_as_layers(self):
        self.check_all(lambda name, x: layers.Activation(name, name=f"my_{name}")(layers.Dense(4)(x)))


class Tutorial(Exports):
    def test_both_ways(self):
        for shape in ((16,), (None, 16)):
            inline = sequential(
                shape, layers.Dense(32, activation="relu"), layers.Dense(10), layers.Activation("softmax", name="y")
            )
            separate = sequential(
                shape, layers.Dense(32), layers.Activation("relu"), layers.Dense(10), layers.Softmax(name="y")
            )
            separate.set_weights(inline.get_weights())
            x = np.random.default_rng(2).normal(size=(7, *shape[:-1], 16) if shape[0] else (7, 3, 16)).astype(np.float32)
            found = []
            for model in (inline, separate):
                export = self.export(model)
                self.assertEqual(export.exporter, "tf2onnx")
                session = ranvier.Session(self.file)
                self.assertEqual(session.inputs[0].shape[0], "batch")
                found.append(session.run({"x": x})["y"])
                np.testing.assert_allclose(found[-1], model(x), rtol=1e-4, atol=1e-6)
            np.testing.assert_array_equal(*found)


class Layers(Exports):
    def test_one_after_the_other(self):
        checked = 0
        for table, must_run in ((RUN, True), (WRITTEN, False)):
            for shape, kinds in table.items():
                for name, make in kinds.items():
                    with self.subTest(name, shape=shape):
                        export = self.export(sequential(shape, make()), checked=must_run)
                        checked += export.difference is not None
        print(f"{checked} layers exported and checked")

    def test_several_inputs(self):
        a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
        merged = [layer()([a, b]) for layer in (layers.Add, layers.Subtract, layers.Multiply, layers.Maximum)]
        merged += [layers.Concatenate()([a, b]), layers.Dot(1)([a, b]), layers.Average()([b, a])]
        export = self.export(keras.Model([b, a], layers.Concatenate(name="all")(merged)))
        self.assertEqual((list(export.inputs), list(export.outputs)), (["b", "a"], ["all"]))

    def test_tokens(self):
        model = sequential((6,), layers.Embedding(20, 4), layers.GlobalAveragePooling1D(), layers.Dense(2))
        self.export(model, inputs=np.int32([[1, 5, 19, 0, 0, 2]]))

    def test_attention(self):
        x = keras.Input((4, 8), name="x")
        for layer in (layers.Attention(), layers.AdditiveAttention()):
            self.export(keras.Model(x, layer([x, x])))
        self.export(keras.Model(x, layers.MultiHeadAttention(2, 4)(x, x)))


class Repairs(Exports):
    def test_operators_that_onnx_does_not_have(self):
        for activation, foreign in {"gelu": "Erfc", "celu": "Expm1"}.items():
            export = self.export(sequential((4,), layers.Dense(4, activation=activation)))
            self.assertIn(f"ONNX does not have the operators {foreign}", export.repairs)
            nodes = onnx.load(self.file).graph.node
            self.assertNotIn(("", foreign), [(node.domain, node.op_type) for node in nodes])

    def test_constants_of_normalization(self):
        export = self.export(sequential((8,), adapted(), layers.Dense(2, name="y")))
        self.assertTrue(any("inputs of constants" in repair for repair in export.repairs), export.repairs)
        self.assertEqual([port.name for port in onnx.load(self.file).graph.input], ["x"])

    def test_names(self):
        model = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="scores")])
        export = self.export(model)
        self.assertRegex(next(iter(export.inputs)), r"^input_layer(_\d+)?$")
        self.assertEqual(list(export.outputs), ["scores"])

    def test_an_output_that_is_an_input(self):
        x = keras.Input((4,), name="x")
        export = self.export(keras.Model(x, [x, layers.Dense(2, name="y")(x)]))
        self.assertEqual(list(export.outputs), ["x_output", "y"])


class TestData(Exports):
    def test_it_lies_beside_the_file(self):
        export = self.export(sequential((4,), layers.Dense(3, activation="tanh", name="y")))
        folder = self.file.parent / "test_data_set_0"
        for kind, arrays in {"input": export.inputs, "output": export.outputs}.items():
            tensor = onnx.load_tensor(folder / f"{kind}_0.pb")
            ((name, array),) = arrays.items()
            self.assertEqual(tensor.name, name)
            np.testing.assert_array_equal(onnx.numpy_helper.to_array(tensor), array)

    def test_given_inputs(self):
        a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
        model = keras.Model([a, b], layers.Add(name="sum")([a, b]))
        one, two = np.ones((2, 4), np.float32), np.full((2, 4), 2, np.float32)
        for inputs in ([one, two], {"b": two, "a": one}):
            np.testing.assert_array_equal(self.export(model, inputs=inputs).outputs["sum"], one + two)


class Refusals(Exports):
    def test_what_is_refused(self):
        class Subclassed(keras.Model):
            def call(self, x):
                return x * 2

        self.export(Subclassed(), inputs=np.ones((2, 3), np.float32))
        text = keras.Model(*[keras.Input((1,), dtype="string", name="words")] * 2)
        for message, wrong in {
            "does not say what its inputs are": lambda: self.export(Subclassed()),
            "input 'words' is text": lambda: self.export(text),
            "2 inputs were given, the model has 1": lambda: self.export(
                sequential((1,), layers.Dense(1)), inputs=[np.ones((1, 1))] * 2
            ),
        }.items():
            with self.subTest(message), self.assertRaisesRegex(ranvier.InvalidArgumentError, message):
                wrong()

    def test_a_wrong_file_is_told(self):
        with self.assertRaisesRegex(ranvier.InternalError, "output 'y' differs from Keras' by"):
            self.export(sequential((4,), layers.Dense(3, activation="tanh", name="y")), rtol=-1, atol=-1)


if __name__ == "__main__":
    unittest.main()

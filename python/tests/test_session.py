"""ranvier.Session: inputs, outputs, memory, threads, processes and errors."""

import copy
import multiprocessing
import pickle
import sys
import threading
import tracemalloc
import unittest

import ml_dtypes
import models
import numpy as np
import ranvier
from onnx import TensorProto

ELEMENTS = {
    "float": np.float32,
    "uint8": np.uint8,
    "int8": np.int8,
    "uint16": np.uint16,
    "int16": np.int16,
    "int32": np.int32,
    "int64": np.int64,
    "bool": np.bool_,
    "float16": np.float16,
    "double": np.float64,
    "uint32": np.uint32,
    "uint64": np.uint64,
    "complex64": np.complex64,
    "complex128": np.complex128,
    "bfloat16": ml_dtypes.bfloat16,
    "float8e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8e5m2": ml_dtypes.float8_e5m2,
    "float8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "uint4": ml_dtypes.uint4,
    "int4": ml_dtypes.int4,
    "float4e2m1": ml_dtypes.float4_e2m1fn,
}


def onnx_type(name):
    return getattr(TensorProto, name.upper())


class Calls(unittest.TestCase):
    def setUp(self):
        self.session = ranvier.Session(models.DIGITS)
        self.pixels, self.labels = models.digits()

    def test_digits(self):
        found = self.session(self.pixels).argmax(axis=1)
        self.assertEqual((found == self.labels).sum(), 346)

    def test_a_row_has_the_same_bits_alone_and_in_a_batch(self):
        # A few rows are copied to buffers of the session, many are looked at where they are.
        whole = self.session(self.pixels)
        for row in range(20):
            np.testing.assert_array_equal(self.session(self.pixels[row : row + 1]), whole[row : row + 1])

    def test_ways_to_name_inputs(self):
        session = ranvier.Session(models.sum_and_difference())
        a, b = np.float32([[1, 2]]), np.float32([[10, 20]])
        for total, difference in (session(a, b), session({"b": b, "a": a})):
            np.testing.assert_array_equal(total, [[11, 22]])
            np.testing.assert_array_equal(difference, [[-9, -18]])
        self.assertEqual(list(session.run({"a": a, "b": b})), ["sum", "difference"])
        self.assertEqual(list(session.run({"a": a, "b": b}, ["difference"])), ["difference"])

    def test_outputs_are_the_callers_own(self):
        small, large = self.pixels[:1], self.pixels
        for x in (small, large):
            first = self.session(x)
            kept = first.copy()
            self.session(x[::-1] + 1)
            np.testing.assert_array_equal(first, kept)
            first[:] = 0
            np.testing.assert_array_equal(self.session(x), kept)

    def test_outputs_outlive_the_session(self):
        y = ranvier.Session(models.DIGITS)(self.pixels)
        np.testing.assert_array_equal(y, self.session(self.pixels))

    def test_arrays_that_are_not_plain(self):
        wanted = self.session(self.pixels)
        read_only = self.pixels.copy()
        read_only.flags.writeable = False
        for x in (np.asfortranarray(self.pixels), self.pixels.astype(">f4"), read_only, self.pixels.tolist()):
            np.testing.assert_array_equal(self.session(x), wanted)
        np.testing.assert_array_equal(self.session(self.pixels[::2]), wanted[::2])

    def test_dlpack(self):
        class Foreign:  # what a tensor of another library is to us
            def __init__(self, array):
                self.array = array

            def __dlpack__(self, **options):
                return self.array.__dlpack__(**options)

            def __dlpack_device__(self):
                return self.array.__dlpack_device__()

        y = self.session(Foreign(self.pixels))
        np.testing.assert_array_equal(y, self.session(self.pixels))
        np.testing.assert_array_equal(np.from_dlpack(y), y)

    def test_shapes_that_depend_on_elements(self):
        session = ranvier.Session(models.non_zero())
        np.testing.assert_array_equal(session(np.float32([0, 1, 0, 2])), [[1, 3]])
        np.testing.assert_array_equal(session(np.float32([5, 0, 0, 0])), [[0]])

    def test_few_elements_in_and_many_out(self):
        expand = models.helper.make_node("Expand", ["x", "shape"], ["y"])
        sizes = models.helper.make_tensor("shape", TensorProto.INT64, [1], [100_000])
        of = (TensorProto.FLOAT, ["n"])
        session = ranvier.Session(models.model([expand], {"x": of}, {"y": of}, [sizes]))
        for value in (1, 2):
            np.testing.assert_array_equal(session(np.float32([value])), np.full(100_000, value))

    def test_no_elements(self):
        self.assertEqual(self.session(self.pixels[:0]).shape, (0, 10))

    def test_reference(self):
        reference = ranvier.Session(models.DIGITS, reference=True)
        np.testing.assert_allclose(reference(self.pixels), self.session(self.pixels), rtol=1e-4, atol=1e-6)


class Elements(unittest.TestCase):
    def test_numbers_of_every_type(self):
        for name, dtype in ELEMENTS.items():
            with self.subTest(name):
                session = ranvier.Session(models.identity(onnx_type(name)))
                self.assertEqual((session.inputs[0].type, session.inputs[0].dtype), (name, dtype))
                for count in (0, 1, 7, 20_000):
                    x = np.resize(np.array([0, 1, 2, 3, 1, 6]), count).astype(dtype)
                    if name == "int4":
                        x = (np.resize(np.arange(-8, 8), count)).astype(dtype)
                    y = session(x)
                    self.assertEqual(y.dtype, dtype)
                    np.testing.assert_array_equal(y, x)

    def test_strings(self):
        session = ranvier.Session(models.identity(TensorProto.STRING))
        texts = ["", "straße", "日本", "a\0b"]
        for x in (np.array(texts, dtype=object), np.array(texts), texts, [text.encode() for text in texts]):
            self.assertEqual(session(x).tolist(), texts)
        self.assertEqual(session(np.array([b"\xff"], dtype=object))[0].encode("utf-8", "surrogateescape"), b"\xff")

    def test_outputs_that_numpy_stores_in_another_way(self):
        for name, values in {"int4": [-8, 7, 1], "string": ["-8.0", "7.0", "1.0"]}.items():
            cast = models.helper.make_node("Cast", ["x"], ["y"], to=onnx_type(name))
            of = {"x": (TensorProto.FLOAT, ("n",))}, {"y": (onnx_type(name), ("n",))}
            try:
                session = ranvier.Session(models.model([cast], *of))
            except ranvier.UnsupportedError as error:
                self.skipTest(str(error))
            for _ in range(2):
                self.assertEqual(session(np.float32([-8, 7, 1])).astype(type(values[0])).tolist(), values)

    def test_outputs_without_a_type(self):
        untyped = models.identity(TensorProto.FLOAT)
        untyped.graph.output[0].ClearField("type")
        session = ranvier.Session(untyped)
        self.assertEqual((session.outputs[0].type, session.outputs[0].dtype), ("undefined", None))
        x = np.float32([7])
        call = session.bind(x)
        for value in (7, 8):
            x[:] = value
            call.run()
            self.assertEqual((call.outputs[0], session(x)), ([value], [value]))

    def test_numbers_of_python(self):
        session = ranvier.Session(models.identity(TensorProto.FLOAT, ()))
        self.assertEqual(session(3), np.float32(3))
        with self.assertRaisesRegex(ranvier.InvalidArgumentError, "input 'x' has type double, expected int64"):
            ranvier.Session(models.identity(TensorProto.INT64))([1.5])


class Memory(unittest.TestCase):
    def test_large_arrays_are_not_copied(self):
        session = ranvier.Session(models.identity(TensorProto.FLOAT))
        x = np.ones(1_000_000, np.float32)

        def traced(array):
            """The most memory that numpy took at a time."""
            tracemalloc.start()
            try:
                session(array)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        self.assertLess(traced(x), x.nbytes / 10)
        self.assertGreater(traced(x[::2]), x.nbytes / 3)
        y = session(x)
        self.assertFalse(y.flags.owndata)  # but the tensor that the run returned
        self.assertTrue(y.flags.writeable and y.flags.c_contiguous)

    def test_calls_keep_no_array(self):
        session = ranvier.Session(models.DIGITS)
        for x in (np.zeros((1, 64), np.float32), np.zeros((300, 64), np.float32)):
            before = sys.getrefcount(x)
            for call in (session, lambda x: session({"pixels": x}), lambda x: session.run({"pixels": x})):
                call(x)
            self.assertEqual(sys.getrefcount(x), before)

    def test_binding_reads_and_writes_in_place(self):
        pixels, _ = models.digits()
        session = ranvier.Session(models.DIGITS)
        x = pixels[:4].copy()
        given = np.empty((4, 10), np.float32)
        for call in (session.bind(x), session.bind(x, outputs=[given])):
            for rows in (slice(0, 4), slice(4, 8)):
                x[:] = pixels[rows]
                call.run()
                np.testing.assert_array_equal(call.outputs[0], session(pixels[rows]))
            self.assertIs(call.inputs[0], x)
        self.assertIs(call.outputs[0], given)

    def test_binding_keeps_what_it_needs(self):
        call = ranvier.Session(models.DIGITS).bind(models.digits()[0][:2])
        call.run()
        self.assertAlmostEqual(float(call.outputs[0].sum()), 2, places=5)

    def test_what_cannot_be_bound(self):
        session = ranvier.Session(models.DIGITS)
        pixels, _ = models.digits()
        read_only = np.empty((360, 10), np.float32)
        read_only.flags.writeable = False
        for message, bind in {
            "input 'pixels' has to be a contiguous numpy array": lambda: session.bind(np.asfortranarray(pixels)),
            "input 'pixels' has type double, expected float": lambda: session.bind(pixels.astype(np.float64)),
            "output 'Identity:0' is given as float .360, 64.": lambda: session.bind(pixels, outputs=[pixels.copy()]),
            "0 outputs were given, the model has 1": lambda: session.bind(pixels, outputs=[]),
            "read-only|constant": lambda: session.bind(pixels, outputs=[read_only]),
        }.items():
            with self.assertRaisesRegex(ranvier.InvalidArgumentError, message):
                bind()
        with self.assertRaisesRegex(ranvier.UnsupportedError, "depend on the elements"):
            ranvier.Session(models.non_zero()).bind(np.ones(3, np.float32))
        with self.assertRaisesRegex(ranvier.UnsupportedError, "type string, whose elements cannot be bound"):
            ranvier.Session(models.identity(TensorProto.STRING)).bind(np.array(["a"]))

    def test_a_wrong_element(self):
        session = ranvier.Session(models.gather())
        data, indices = np.float32([1, 2, 3]), np.int64([2])
        call = session.bind(data, indices)
        call.run()
        self.assertEqual(call.outputs[0], [3])
        indices[:] = 3
        for run in (call.run, lambda: session(data, indices)):
            with self.assertRaisesRegex(ranvier.InvalidArgumentError, "Gather.*3"):
                run()


class Sharing(unittest.TestCase):
    def test_threads(self):
        pixels, _ = models.digits()
        session = ranvier.Session(models.DIGITS)
        wanted = session(pixels)
        wrong = []

        def work(first):
            for row in range(first, 360, 8):
                rows = pixels[row : row + 1 + row % 3]
                if not np.array_equal(session(rows), wanted[row : row + len(rows)]):
                    wrong.append(row)

        threads = [threading.Thread(target=work, args=[first]) for first in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(wrong, [])

    def test_python_runs_on_meanwhile(self):
        # A product of large matrices takes long enough for another thread to get a turn.
        big = models.model(
            [models.helper.make_node("MatMul", ["a", "a"], ["y"])],
            {"a": (TensorProto.FLOAT, ("n", "n"))},
            {"y": (TensorProto.FLOAT, ("n", "n"))},
        )
        session = ranvier.Session(big, threads=1)
        running = threading.Thread(target=session, args=[np.ones((1500, 1500), np.float32)])
        turns = 0
        running.start()
        while running.is_alive():
            turns += 1
        self.assertGreater(turns, 1000)

    def test_pickle_and_copy(self):
        pixels, _ = models.digits()
        from_bytes = ranvier.Model(models.DIGITS.read_bytes(), optimize=False)
        for session in (ranvier.Session(models.DIGITS, threads=1), ranvier.Session(from_bytes)):
            for again in (pickle.loads(pickle.dumps(session)), copy.deepcopy(session)):
                np.testing.assert_array_equal(again(pixels), session(pixels))

    def test_processes(self):
        pixels, _ = models.digits()
        session = ranvier.Session(models.DIGITS, threads=2)
        wanted = session(pixels)
        for method in ("fork", "spawn"):
            with multiprocessing.get_context(method).Pool(2) as pool:
                for rows, y in zip((pixels[:1], pixels), pool.map(session, [pixels[:1], pixels])):
                    np.testing.assert_array_equal(y, wanted[: len(rows)])

    def test_forked(self):
        session = ranvier.Session(models.DIGITS, threads=2)
        pixels, _ = models.digits()
        call = session.bind(pixels)
        results = multiprocessing.get_context("fork").SimpleQueue()

        def child():
            try:
                call.run()
            except ranvier.InvalidArgumentError as error:
                results.put((session(pixels), str(error)))

        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        y, message = results.get()
        process.join()
        self.assertEqual(process.exitcode, 0)
        np.testing.assert_array_equal(y, session(pixels))
        self.assertIn("bind again in the child", message)


class Errors(unittest.TestCase):
    def test_by_whose_fault(self):
        pixels, _ = models.digits()
        session = ranvier.Session(models.DIGITS)
        unknown = models.model(
            [models.helper.make_node("Frobnicate", ["x"], ["y"])],
            {"x": (TensorProto.FLOAT, (1,))},
            {"y": (TensorProto.FLOAT, (1,))},
        )
        cases = [
            ("io", OSError, "no_such.onnx: cannot open", lambda: ranvier.Model("no_such.onnx")),
            ("invalid_model", ValueError, "", lambda: ranvier.Model(b"no model")),
            ("unsupported", NotImplementedError, "Frobnicate", lambda: ranvier.Session(unknown)),
            ("invalid_argument", ValueError, "has type double, expected float", lambda: session(pixels.astype("f8"))),
            ("invalid_argument", ValueError, r"has shape \[64\], expected", lambda: session(pixels[0])),
            ("invalid_argument", ValueError, "has no input 'x'; it has 'pixels'", lambda: session({"x": pixels})),
            ("invalid_argument", ValueError, "has no output 'x'", lambda: session.run({"pixels": pixels}, ["x"])),
            ("invalid_argument", ValueError, "input 'pixels' is missing", lambda: session()),
            ("invalid_argument", ValueError, "2 inputs were given", lambda: session(pixels, pixels)),
            ("invalid_argument", ValueError, "is given as object, which is no array of float", lambda: session(object())),
            ("invalid_argument", ValueError, "numpy's type datetime64", lambda: session(np.array(["2020"], "M8[D]"))),
            ("invalid_argument", ValueError, "is given as list, which is no array", lambda: session([[1], [1, 2]])),
            ("invalid_argument", ValueError, "threads is -1", lambda: ranvier.Session(models.DIGITS, threads=-1)),
            ("out_of_memory", MemoryError, "", lambda: ranvier.Session(models.DIGITS, memory_limit=1)(pixels)),
        ]
        for code, built_in, message, wrong in cases:
            with self.subTest(message), self.assertRaisesRegex(ranvier.Error, message) as raised:
                wrong()
            self.assertEqual(raised.exception.code, code)
            self.assertIsInstance(raised.exception, built_in)

    def test_no_model(self):
        with self.assertRaisesRegex(TypeError, "a model is a path, bytes or an onnx.ModelProto, not int"):
            ranvier.Session(3)


if __name__ == "__main__":
    unittest.main()

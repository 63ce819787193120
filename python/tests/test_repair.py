"""What ranvier.keras mends in files, without Keras."""

import unittest

import models
import numpy as np
import onnx
import ranvier
from onnx import TensorProto, helper
from ranvier import _repair

FLOAT = TensorProto.FLOAT


def unary(op_type, shape=("n", 3), **attributes):
    node = helper.make_node(op_type, ["x"], ["y"], **attributes)
    return models.model([node], {"x": (FLOAT, shape)}, {"y": (FLOAT, shape)})


class Names(unittest.TestCase):
    def test_names_are_taken_from_whatever_has_them(self):
        nodes = [helper.make_node("Neg", ["keras_tensor_7"], ["dense"]), helper.make_node("Abs", ["dense"], ["Identity:0"])]
        shape = (FLOAT, ("unk__1", "unk__2"))
        proto = models.model(nodes, {"keras_tensor_7": shape}, {"Identity:0": shape})
        (told,) = _repair.rename(proto, ["pixels"], ["dense"])
        self.assertIn("'keras_tensor_7' is called 'pixels', 'Identity:0' is called 'dense'", told)
        session = ranvier.Session(proto)
        self.assertEqual([(port.name, port.shape) for port in session.inputs], [("pixels", ("batch", "pixels_1"))])
        self.assertEqual(session.run({"pixels": np.float32([[-2]])})["dense"], [[2]])

    def test_names_in_bodies(self):
        body = helper.make_graph([helper.make_node("Neg", ["x"], ["inner"])], "body", [], [onnx.ValueInfoProto(name="inner")])
        node = helper.make_node("If", ["condition"], ["y"], then_branch=body, else_branch=body)
        proto = models.model([node], {"condition": (TensorProto.BOOL, []), "x": (FLOAT, [1])}, {"y": (FLOAT, [1])})
        _repair.rename(proto, ["condition", "pixels"], ["y"])
        for attribute in proto.graph.node[0].attribute:
            self.assertEqual(list(attribute.g.node[0].input), ["pixels"])

    def test_an_output_that_is_an_input(self):
        proto = models.model([], {"x": (FLOAT, [1])}, {"x": (FLOAT, [1])})
        _repair.rename(proto, ["in"], ["out"])
        self.assertEqual(ranvier.Session(proto).run({"in": np.float32([5])})["out"], [5])

    def test_order(self):
        proto = models.sum_and_difference()
        _repair.order(proto, ["b", "a"])
        self.assertEqual([port.name for port in proto.graph.input], ["b", "a"])


class Operators(unittest.TestCase):
    def test_a_good_file_stays_as_it_is(self):
        proto = unary("Relu")
        self.assertEqual(_repair.standard(proto), (proto.SerializeToString(), []))

    def test_bucketize(self):
        proto = unary("Bucketize", boundaries=[-0.5, 0.0, 0.7])
        proto.graph.output[0].type.tensor_type.elem_type = TensorProto.INT32
        content, (told,) = _repair.standard(proto)
        self.assertEqual(told, "ONNX does not have the operators Bucketize")
        onnx.checker.check_model(content)
        y = ranvier.Session(content)(np.float32([[-1, -0.5, 0], [0.5, 0.7, 9]]))
        np.testing.assert_array_equal(y, np.int32([[0, 1, 2], [2, 3, 3]]))

    def test_what_stays_is_refused(self):
        with self.assertRaisesRegex(ranvier.UnsupportedError, "operators that ONNX does not have: StatefulPartitionedCall"):
            _repair.standard(unary("StatefulPartitionedCall"))

    def test_constants(self):
        proto = models.sum_and_difference()
        (told,) = _repair.constants(proto, {"b": np.float32([[1, 2]])})
        self.assertEqual(told, "the exporter made inputs of constants: b")
        self.assertEqual(ranvier.Session(proto)(np.float32([[10, 20]]))[0].tolist(), [[11, 22]])


if __name__ == "__main__":
    unittest.main()

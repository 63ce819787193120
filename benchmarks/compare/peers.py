#!/usr/bin/env python3
"""Times one of the other runtimes on one model, in this process; prints one line of JSON.

usage: peers.py RUNTIME MODEL X_NPY THREADS SECONDS Y_NPY      RUNTIME: ort, openvino or litert

Input and output are bound beforehand, and the functions called are the innermost that Python reaches. What Python adds
to a call stays in the times of ONNX Runtime and LiteRT; OpenVINO's are by its own clock, without Python.
"""

import functools
import json
import sys
import time

import numpy as np


class Ort:
    def __init__(self, model, x, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.shape = session.run(None, {"x": x})[0].shape
        self.binding = session.io_binding()
        self.x = onnxruntime.OrtValue.ortvalue_from_numpy(x)
        self.y = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(self.shape, np.float32))
        self.binding.bind_ortvalue_input("x", self.x)
        self.binding.bind_ortvalue_output("y", self.y)
        self.call = functools.partial(session._sess.run_with_iobinding, self.binding._iobinding, None)

    def output(self):
        return self.y.numpy()


class OpenVino:
    def __init__(self, model, x, threads):
        import openvino

        core = openvino.Core()
        network = core.read_model(model)
        network.reshape(list(x.shape))
        how = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self.request = core.compile_model(network, "CPU", how).create_infer_request()
        self.request.set_input_tensor(openvino.Tensor(x))
        self.call = self.request.infer

    def microseconds(self):
        """Of the last call."""
        return 1000 * self.request.latency

    def output(self):
        return self.request.get_output_tensor().data


class LiteRt:
    def __init__(self, model, x, threads):
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter(model_path=model, num_threads=threads)
        self.interpreter.allocate_tensors()
        self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], x)
        self.call = self.interpreter._interpreter.Invoke

    def output(self):
        return self.interpreter.get_tensor(self.interpreter.get_output_details()[0]["index"])


RUNTIMES = {"ort": Ort, "openvino": OpenVino, "litert": LiteRt}


def samples(runtime, seconds):
    """Microseconds of a call: those of single ones where the runtime tells, else the means of groups that take 50."""
    call, clock = runtime.call, time.perf_counter
    own_clock = getattr(runtime, "microseconds", None)
    best = float("inf")
    end = clock() + seconds / 10
    while True:  # unmeasured
        begin = clock()
        call()
        best = min(best, clock() - begin)
        if clock() > end:
            break
    group = 1 if own_clock else max(1, int(50e-6 / best))
    found = []
    end = clock() + seconds
    while not found or clock() < end:
        begin = clock()
        for _ in range(group):
            call()
        took = clock() - begin
        found.append(own_clock() if own_clock else 1e6 * took / group)
    return sorted(found)


def main():
    name, model, x, threads, seconds, y = sys.argv[1:]
    runtime = RUNTIMES[name](model, np.load(x), int(threads))
    runtime.call()
    np.save(y, runtime.output())
    found = samples(runtime, float(seconds))
    print(json.dumps({"min_us": found[0], "p50_us": found[len(found) // 2], "p99_us": found[len(found) * 99 // 100]}))


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    main()

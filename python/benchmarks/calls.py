#!/usr/bin/env python3
"""Times a call from Python beside ONNX Runtime's: by turns, in one process, one thread each.

usage: calls.py MODEL...
Prints for each model, at one row, the medians of the rounds' times and their ratio.
"""

import statistics
import sys
import time

import numpy as np
import onnxruntime
import ranvier

ROUNDS = 30
SECONDS = 0.02  # that a round takes, about


def seconds_per_call(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def rounds(ways):
    """The times of each way, a list with one of each round: every round times all of them."""
    calls = {name: max(1, int(SECONDS / seconds_per_call(call, 20))) for name, call in ways.items()}
    times = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, call in ways.items():
            times[name].append(seconds_per_call(call, calls[name]))
    return times


def ways(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    peer = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    session = ranvier.Session(file, threads=1)
    dropped_in = ranvier.InferenceSession(file, ranvier.SessionOptions())
    shape = [size if isinstance(size, int) else 1 for size in session.inputs[0].shape]
    x = np.random.default_rng(1).uniform(-3, 3, shape).astype(np.float32)
    feeds = {session.inputs[0].name: x}
    binding = session.bind(x)
    np.testing.assert_allclose(session(x), peer.run(None, feeds)[0], rtol=1e-4, atol=1e-5)
    return {
        "ONNX Runtime, run": lambda: peer.run(None, feeds),
        "Ranvier, InferenceSession.run": lambda: dropped_in.run(None, feeds),
        "Ranvier, Session": lambda: session(x),
        "Ranvier, Binding.run": lambda: binding.run(),
    }


def main():
    for file in sys.argv[1:]:
        times = rounds(ways(file))
        peer = next(iter(times.values()))
        print(file)
        for name, own in times.items():
            ratio = statistics.median(a / b for a, b in zip(peer, own))
            print(f"  {name:30} {statistics.median(own) * 1e6:8.3f} us  {ratio:6.2f} times as fast")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
